"""From what was found to what would be done, and back again at the moment of doing. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.contradictions import find_contradiction
from bot.model import (
    Account,
    Case,
    CaseSystem,
    CaseView,
    Discovery,
    Finding,
    KeyKind,
    Leaver,
    Match,
    Outcome,
    Plan,
    PlannedAccount,
    PlannedSystem,
    PlanState,
    Sight,
    Word,
)
from bot.policy import Policy, account_names, approvals_needed, protected_by

_DIGEST_VERSION = "1"
MOST_ACCOUNTS = 50
"""Accounts that one person may have in one system; a longer list says something about the search or the system."""


def make(case: Case, looks: Iterable[Discovery], policy: Policy, at: datetime, whole: Iterable[Discovery] = ()) -> Plan:
    """Make the case's next plan from what was found.

    Chosen is an account that is the only one of the person in its system, that matched otherwise than by *Other
    logins* alone, whose names are not two people's, and that no finding and no protection stops. `whole` are the
    looks of which `looks` holds only the undecided accounts: what was decided on stands beside the others all the same.
    """
    found = {look.system: look for look in looks}
    together = {look.system: len(look.accounts) for look in (*found.values(), *whole)}
    systems = tuple(
        _planned(system, found[system.name], policy, case.leaver, together[system.name])
        for system in case.systems
        if system.name in found
    )
    touched = [case.system(system.name) for system in systems if system.chosen]
    return Plan(
        case_id=case.id,
        turn=case.turn + 1,
        digest=digest(systems),
        systems=systems,
        needed=approvals_needed(policy, [system for system in touched if system is not None]),
        state=PlanState.WAITING if touched else PlanState.EMPTY,
        made_at=at,
    )


def _planned(system: CaseSystem, look: Discovery, policy: Policy, leaver: Leaver, together: int) -> PlannedSystem:
    accounts = tuple(_choose(account, together, policy, leaver) for account in look.accounts)
    return PlannedSystem(system.name, system.label, system.kind, system.identity, look, accounts)


Shown = tuple[PlannedSystem, Sequence[PlannedAccount]]
"""A system as a plan showed it, and some of its accounts there."""


def put_again(case: Case, approved: Iterable[Shown], looks: Iterable[Discovery], policy: Policy, at: datetime) -> Plan:
    """Make the case's next plan of accounts that were approved before, as the last look found them.

    An account that the last look does not hold is shown as it was approved. A person's choice among several accounts
    goes on counting; what a finding or a rule stops by now is not chosen.
    """
    latest = {look.system: look for look in looks}
    systems = tuple(
        _again(shown, accounts, latest.get(shown.name), policy, case.leaver) for shown, accounts in approved
    )
    touched = [case.system(system.name) for system in systems if system.chosen]
    return Plan(
        case_id=case.id,
        turn=case.turn + 1,
        digest=digest(systems),
        systems=systems,
        needed=approvals_needed(policy, [system for system in touched if system is not None]),
        state=PlanState.WAITING if touched else PlanState.EMPTY,
        made_at=at,
    )


def _again(
    shown: PlannedSystem,
    approved: Sequence[PlannedAccount],
    look: Discovery | None,
    policy: Policy,
    leaver: Leaver,
) -> PlannedSystem:
    found = {account.id: account for account in (look.accounts if look is not None else ())}
    accounts = tuple(_choose_again(one, found.get(one.account.id), policy, leaver) for one in approved)
    seen = look if look is not None and found else shown.discovery
    return replace(shown, discovery=replace(seen, accounts=tuple(one.account for one in accounts)), accounts=accounts)


def _choose_again(one: PlannedAccount, now: Account | None, policy: Policy, leaver: Leaver) -> PlannedAccount:
    planned = _choose(now or one.account, 1, policy, leaver)
    if one.picked is not None and planned.is_open_to_choice:
        return PlannedAccount(planned.account, chosen=True, picked=one.picked)
    return replace(planned, picked=one.picked if planned.chosen else None)


def _choose(account: Account, together: int, policy: Policy, leaver: Leaver) -> PlannedAccount:
    if account.stop is not None:
        return PlannedAccount(account, chosen=False, why_not=account.stop.text, instead=account.stop.stops)
    kept = _protected(account, policy, leaver) or _contradictory(account, leaver)
    if kept is not None:
        return kept
    if together > 1:
        text = f"{together} accounts match this person here, so none is chosen: a person has to decide."
        return PlannedAccount(account, chosen=False, why_not=text, instead=Word.MANUAL)
    if account.match is Match.OTHER:
        text = "Found by the other logins only, so it is not chosen: a person has to decide."
        return PlannedAccount(account, chosen=False, why_not=text, instead=Word.MANUAL)
    return PlannedAccount(account, chosen=True)


def keep(view: CaseView, account: Account, policy: Policy) -> PlannedAccount | None:
    """Return an approved account as one that stays, where a rule of today keeps it; None where it may go.

    An account whose names are two people's goes only where a person chose it.
    """
    kept = _protected(account, policy, view.case.leaver)
    return kept if kept is not None or _is_picked(view, account) else _contradictory(account, view.case.leaver)


def _is_picked(view: CaseView, account: Account) -> bool:
    systems = [found for plan in view.plans if (found := plan.system(account.system)) is not None]
    return any(one.account.id == account.id and one.picked is not None for found in systems for one in found.accounts)


def _protected(account: Account, policy: Policy, leaver: Leaver) -> PlannedAccount | None:
    pattern = protected_by(policy.protected, (*account_names(account), *(key.value for key in leaver.keys)))
    if pattern is None:
        return None
    return PlannedAccount(account, chosen=False, why_not=_protection(pattern), instead=Word.REFUSED)


def _contradictory(account: Account, leaver: Leaver) -> PlannedAccount | None:
    keys = [key.value for key in leaver.keys]
    mails = [key.value for key in leaver.sure_keys if key.kind is KeyKind.MAIL]
    text = find_contradiction(dict(account.identity), mails, keys, is_assigned=account.match is Match.ASSIGNED)
    return PlannedAccount(account, chosen=False, why_not=text, instead=Word.MANUAL) if text else None


def _protection(pattern: str) -> str:
    """Say that a rule protects somebody."""
    return f"Protected by the rule {pattern}: never offboarded by the bot."


def find_crowd(accounts: int) -> Finding | None:
    """Return what is found where a system lists more accounts for one person than a person has."""
    if accounts <= MOST_ACCOUNTS:
        return None
    text = f"This system lists {accounts} accounts for this person, so none is listed here: a person has to look there."
    return Finding(text, stops=Word.MANUAL)


def digest(systems: Iterable[PlannedSystem]) -> str:
    """Return what an approval is bound to: every chosen account with all that is compared, and where it lives."""
    content = [
        [system.name, system.kind, system.identity, sorted(_compared(account) for account in system.chosen)]
        for system in sorted(systems, key=lambda system: system.name)
    ]
    canonical = json.dumps(content, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return _DIGEST_VERSION + hashlib.sha256(canonical.encode()).hexdigest()


def _compared(account: Account) -> list[object]:
    return [
        account.id,
        account.handle,
        [list(fact) for fact in account.identity],
        sorted(account.weight),
        sorted(account.parts),
    ]


def difference(approved: Account, now: Account) -> str | None:
    """Return in words what makes `now` another account than the one approved, or None.

    Identity must be equal; weight and parts may have shrunk, since our own earlier steps change them.
    """
    if approved.id != now.id:
        return "another account now answers under this name"
    if approved.identity != now.identity:
        return "changed: " + ", ".join(_changed_facts(approved, now))
    grown = sorted(set(now.weight) - set(approved.weight))
    if grown:
        return "holds more than was shown: " + ", ".join(grown)
    added = sorted(set(now.parts) - set(approved.parts))
    if added:
        return f"has {len(added)} more part(s) than were shown"
    return None


def _changed_facts(approved: Account, now: Account) -> list[str]:
    before, after = dict(approved.identity), dict(now.identity)
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def as_changed(look: Discovery, now: Account, changed: str) -> Discovery:
    """Return the look with the changed account as it now stands, whether or not the search still found it.

    Without it an account that was renamed since the approval would count as not there. What has changed is a finding,
    so that the next plan shows it.
    """
    if any(account.id == now.id for account in look.accounts):
        now = replace(now, findings=(Finding(f"Not as it was approved: {changed}."), *now.findings))
        accounts = tuple(now if account.id == now.id else account for account in look.accounts)
    else:
        text = f"No longer found under this person's keys ({changed}): a person has to say whose it is now."
        accounts = (*look.accounts, replace(now, findings=(*now.findings, Finding(text, stops=Word.MANUAL))))
    return replace(look, accounts=accounts)


def unapproved(looks: Iterable[Discovery], outcomes: Iterable[Outcome]) -> tuple[Discovery, ...]:
    """Return the looks with only those accounts that have no outcome: they changed, or are new, and wait."""
    settled = {(outcome.system, outcome.account_id) for outcome in outcomes}
    waiting = []
    for look in looks:
        accounts = tuple(account for account in look.accounts if (look.system, account.id) not in settled)
        if accounts:
            waiting.append(replace(look, accounts=accounts))
    return tuple(waiting)


def outcomes_without_removal(plan: Plan, at: datetime) -> tuple[Outcome, ...]:
    """Return how a plan's systems end where nothing is sent: nothing found, or only accounts that are not chosen."""
    outcomes: list[Outcome] = []
    for system in plan.systems:
        outcomes += of_the_whole(system.discovery, at)
        outcomes += [left_alone(system.name, planned, at) for planned in system.accounts if not planned.chosen]
    return tuple(outcomes)


def of_the_whole(look: Discovery, at: datetime) -> tuple[Outcome, ...]:
    """Return the outcome that a system has beside its accounts, if it has one.

    What must be decided by a person about the system (a group, a rule) is never `absent`, accounts or not.
    """
    stop = next((finding for finding in look.findings if finding.stops is not None), None)
    if stop is not None and stop.stops is not None:
        return (Outcome(look.system, "", stop.stops, stop.text, at, left="This way in may still work."),)
    if look.sight is Sight.FULL and not look.accounts:
        text = "The whole system was read; this person has no account there."
        return (Outcome(look.system, "", Word.ABSENT, text, at),)
    return ()


def left_alone(system: str, planned: PlannedAccount, at: datetime) -> Outcome:
    """Return the outcome of an account that the plan did not choose."""
    account = planned.account
    word = planned.instead or Word.MANUAL
    return Outcome(system, account.id, word, planned.why_not, at, account.handle, "The account still works.")
