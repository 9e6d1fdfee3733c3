"""What a discreet case may say in a channel: initials, and no name, address, log-in or account of who leaves.

The case is veiled before anything is drawn of it, so that a message cannot say what it was never given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.domain.identifiers import reveal
from bot.domain.vendor_words import without_vendor_words
from bot.model import Account, CaseView, Discovery, Finding, Leaver, Outcome, Plan, PlannedAccount, PlannedSystem, Proof

NOT_SHOWN = "The reason is not shown here. It is kept in the evidence."
"""Stands in the channel where people wrote freely: no pattern finds everything by which they may name the leaver."""
_HIDDEN = "…"
_SHORTEST_PART = 3
"""Letters of a part of a name or address from which on it is hidden by itself; whole keys are hidden from two on."""
_SHORTEST = 2
_SHORTEST_ID = 5

_WITH_REASON = frozenset({"held", "glass"})

Veil = Callable[[str], str]


def veiled(view: CaseView) -> CaseView:
    """Return the case as the channel may see it; counts, states, digests and words are as they were."""
    veil = veil_of(view)
    case = view.case
    hold = replace(case.hold, says=veil(case.hold.says)) if case.hold is not None else None
    hidden = replace(
        case, leaver=_leaver(case.leaver), reason="", closing_note=_not_shown(case.closing_note), hold=hold
    )
    return replace(
        view,
        case=hidden,
        plans=tuple(_plan(plan, veil) for plan in view.plans),
        outcomes=tuple(_outcome(one, veil) for one in view.outcomes),
        looks=tuple(_look(look, veil) for look in view.looks),
        working=tuple(replace(one, says=veil(one.says)) for one in view.working),
    )


def veil_of(view: CaseView) -> Veil:
    """Return what hides every word of a text by which the leaver could be known, and all that a vendor said."""
    words = sorted({word.strip() for word in _words(view)} - {""}, key=len, reverse=True)
    if not words:
        return without_vendor_words
    any_word = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    return lambda text: any_word.sub(_HIDDEN, without_vendor_words(text))


def veiled_text(view: CaseView, name: str, text: str) -> str:
    """Return the text of a message as the channel may see it. `held` and `glass` are a Slack id and a free reason."""
    if name not in _WITH_REASON:
        return veil_of(view)(text)
    who, blank, reason = text.partition(" ")
    return f"{veil_of(view)(who)}{blank}{_not_shown(reason)}"


def _not_shown(words: str) -> str:
    return NOT_SHOWN if words.strip() else ""


def _words(view: CaseView) -> Iterator[str]:
    leaver = view.case.leaver
    yield leaver.name
    yield from _long(leaver.name.split(), _SHORTEST_PART)
    for value in (*(key.value for key in leaver.keys), *_handles(view)):
        yield from _long([value, reveal(value)], _SHORTEST)
        local = value.rpartition("\\")[2].partition("@")[0]
        yield from _long([local, *re.split(r"[._+-]", local)], _SHORTEST_PART)
    yield from _long((account.id for account in _accounts(view)), _SHORTEST_ID)
    yield from _long((one.account_id for one in view.outcomes), _SHORTEST_ID)


def _long(words: list[str] | Iterator[str], least: int) -> Iterator[str]:
    return (word for word in words if len(word.strip()) >= least)


def _handles(view: CaseView) -> Iterator[str]:
    """Yield the handles of all accounts, and the addresses that they are known by."""
    yield from (one.handle for one in view.outcomes)
    for account in _accounts(view):
        yield account.handle
        yield from (value for _, value in account.identity if "@" in value)


def _accounts(view: CaseView) -> Iterator[Account]:
    planned = [system.discovery for plan in view.plans for system in plan.systems]
    for look in (*view.looks, *planned):
        yield from look.accounts


def _leaver(leaver: Leaver) -> Leaver:
    """Return somebody of whom only the initials are known; the Slack id stays, since it must never be mentioned."""
    keys = tuple(replace(key, value=leaver.initials) for key in leaver.keys[:1])
    return replace(leaver, name=leaver.initials, keys=keys)


def _account(account: Account) -> Account:
    stops = tuple(Finding("", finding.stops) for finding in account.findings)
    return Account(account.system, account.id, "", (), account.match, findings=stops, would=account.would)


def _look(look: Discovery, veil: Veil) -> Discovery:
    accounts = tuple(map(_account, look.accounts))
    stops = tuple(Finding("", finding.stops) for finding in look.findings if finding.stops is not None)
    return replace(look, accounts=accounts, similar=(), findings=stops, reason=veil(look.reason))


def _plan(plan: Plan, veil: Veil) -> Plan:
    return replace(plan, systems=tuple(_system(system, veil) for system in plan.systems))


def _system(system: PlannedSystem, veil: Veil) -> PlannedSystem:
    accounts = tuple(_planned(planned, veil) for planned in system.accounts)
    return replace(system, discovery=_look(system.discovery, veil), accounts=accounts)


def _planned(planned: PlannedAccount, veil: Veil) -> PlannedAccount:
    picked = replace(planned.picked, reason=_not_shown(planned.picked.reason)) if planned.picked is not None else None
    return replace(planned, account=_account(planned.account), why_not=veil(planned.why_not), picked=picked)


def _outcome(outcome: Outcome, veil: Veil) -> Outcome:
    proof = outcome.proof
    proved = Proof(veil(proof.by_id), veil(proof.by_search), proof.at) if proof is not None else None
    # What a person marked done or skipped carries that person's own words.
    said = veil(outcome.sentence) if outcome.done_by is None else _not_shown(outcome.sentence)
    return replace(outcome, handle="", sentence=said, left=veil(outcome.left), proof=proved)
