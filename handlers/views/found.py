"""One system of a plan in words: accounts found, why they match, what would be done. No outcome word stands here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.domain.identifiers import are_equal, reveal
from bot.model import Account, Finding, Leaver, Match, PlannedAccount, PlannedSystem, Sight, Step
from handlers.views.blocks import Line, Piece, bold, code, line
from handlers.views.keys import KINDS, LONGEST_NAME, keys_of
from handlers.views.readable import dated, is_only_an_id, shortened
from handlers.views.words import calm, count, cut, sentence

_A_ROW = 5
"""Similar handles that share a line; one line must fit into a message."""
_NAMES = {"login": "log-in", "mail": "address", "name": "name"}
"""The facts of an account that name somebody."""


def system_lines(system: PlannedSystem, leaver: Leaver) -> list[Line]:
    """Return the lines about one system, its label first; the only account of a system stands on the same line."""
    alone = system.accounts[0] if len(system.accounts) == 1 and system.discovery.sight is Sight.FULL else None
    if alone is not None:
        head = line(bold(system.label), ": ", *_named(alone.account, leaver))
        return [head, *_about(alone, leaver, 1), *_beside(system)]
    why = _why_none(system)
    head = line(bold(system.label), f": {_headline(system)}", f" {why}" if why else "")
    listed = [row for planned in system.accounts for row in _listed(planned, leaver, is_told=bool(why))]
    return [head, *listed, *_beside(system)]


def _headline(system: PlannedSystem) -> str:
    look = system.discovery
    if look.sight is not Sight.FULL:
        why = sentence(calm(look.reason))
        return f"{look.sight}. {why}".strip() if why else f"{look.sight}."
    if not system.accounts:
        return "nothing is chosen." if any(one.stops for one in look.findings) else "no account was found."
    return f"{count(len(system.accounts), 'account')} found, {len(system.chosen) or 'none'} chosen."


def _why_none(system: PlannedSystem) -> str:
    """Return why no account is chosen where that is the same for all of them, "" otherwise."""
    reasons = {"" if planned.chosen else planned.why_not for planned in system.accounts}
    return sentence(calm(reasons.pop())) if len(reasons) == 1 else ""


def _listed(planned: PlannedAccount, leaver: Leaver, *, is_told: bool) -> Iterator[Line]:
    yield line(*_named(planned.account, leaver), level=1)
    about = _about(planned, leaver, 2)
    yield from islice(about, 1 if is_told else 0, None)


def _named(account: Account, leaver: Leaver) -> tuple[Piece | str, ...]:
    """Return the handle, and why it is thought to be the leaver's where the handle itself does not say so."""
    how = _match(account, leaver)
    return (_name(account.handle), f", {how}" if how else "")


def _name(text: str) -> Piece:
    """Return a name as the system has it, with what nobody could see written out."""
    return code(cut(reveal(text), LONGEST_NAME))


def _match(account: Account, leaver: Leaver) -> str:
    keys, how = account.matched_by, str(account.match)
    is_exact = account.match is Match.EXACT
    if not keys or (is_exact and any(key.equals(account.handle) for key in keys)):
        return "" if keys else how
    if len(keys_of(leaver)) == 1:
        kinds = " and ".join(sorted({KINDS[key.kind] for key in keys}))
        return f"{how} by {kinds}" if is_exact else how
    return f"{how}: {', '.join(dict.fromkeys(cut(reveal(key.value), LONGEST_NAME) for key in keys))}"


def other_names(account: Account, leaver: Leaver) -> list[tuple[str, str]]:
    """Return the log-in, address and name of an account, each where it is not what was looked for."""
    found = [(_NAMES[fact], value) for fact, value in account.identity if fact in _NAMES and value.strip()]
    return [
        (name, value)
        for name, value in found
        if not are_equal(value, account.handle) and not any(key.equals(value) for key in leaver.keys)
    ]


def show_names(names: list[tuple[str, str]]) -> list[Piece | str]:
    """Return names of an account, each with what it is there."""
    pieces = [(", ", f"{what} ", _name(value)) for what, value in names]
    return [piece for row in pieces for piece in row][1:]


def _about(planned: PlannedAccount, leaver: Leaver, level: int) -> Iterator[Line]:
    account = planned.account
    yield line(_would(account.would) if planned.chosen else _stays(planned), level=level)
    if others := other_names(account, leaver):
        yield line("there as: ", *show_names(others), level=level)
    if planned.picked is not None:
        yield line("a person chose it: ", sentence(calm(planned.picked.reason)), level=level)
    if account.weight:
        yield line("holds: ", shortened(", ".join(account.weight)), level=level)
    if parts := _parts(account):
        yield line("with: ", shortened(", ".join(parts)), level=level)
    if notes := _notes(account):
        yield line(notes, level=level)
    yield from _findings(tuple(one for one in account.findings if one.text != planned.why_not), level)
    if account.left and planned.chosen:
        yield line("afterwards: ", sentence(calm(account.left)), level=level)


def _parts(account: Account) -> list[str]:
    """Return the parts that no step names already."""
    said = " ".join(step.says for step in account.would)
    return [part for part in account.parts if part not in said]


def _notes(account: Account) -> str:
    """Return what is worth knowing, without bare ids."""
    told = [(name.replace("_", " "), value) for name, value in account.notes if not is_only_an_id(value)]
    return calm(shortened(", ".join(f"{name}: {dated(value)}" for name, value in told)))


def _stays(planned: PlannedAccount) -> str:
    why = sentence(calm(planned.why_not))
    return f"not chosen. {why}" if why else "not chosen."


def _would(steps: tuple[Step, ...]) -> str:
    """Return "would …" with every step in its order, and what of it cannot be undone."""
    if not steps:
        return "would be taken away."
    says = ", then ".join(shortened(calm(step.says)) for step in steps)
    return f"would {says}. {_lasting(steps)}".strip()


def _lasting(steps: tuple[Step, ...]) -> str:
    forever = [step.irreversible for step in steps]
    if not any(forever):
        return ""
    if all(forever):
        return "This cannot be undone." if len(steps) == 1 else "None of this can be undone."
    if forever[-1] and sum(forever) == 1:
        return "The last step cannot be undone."
    return f"{sum(forever)} of these {len(steps)} steps cannot be undone."


def _beside(system: PlannedSystem) -> Iterator[Line]:
    """Return what is known of the system beside its accounts: findings, and what is near and not chosen."""
    yield from _findings(system.discovery.findings, level=1)
    similar = [_name(handle) for handle in system.discovery.similar]
    for start in range(0, len(similar), _A_ROW):
        row = similar[start : start + _A_ROW]
        listed = [piece for handle in row for piece in (", ", handle)][1:]
        yield line("similar, not chosen: ", *listed, level=1)


def _findings(findings: tuple[Finding, ...], level: int) -> Iterator[Line]:
    for finding in findings:
        yield line("⚠ ", sentence(calm(finding.text)), level=level)
