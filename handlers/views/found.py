"""One system of a plan in words: accounts found, why they match, what would be done. No outcome word stands here."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Account, Finding, KeyKind, PlannedAccount, PlannedSystem, Sight, Step
from handlers.views.blocks import Line, bold, code, line
from handlers.views.words import calm, count, sentence

_KINDS = {KeyKind.MAIL: "mail", KeyKind.LOGIN: "log-in"}


def system_lines(system: PlannedSystem) -> list[Line]:
    """Return the lines about one system, its label first."""
    return [line(bold(system.label), f": {_headline(system)}"), *_details(system)]


def _headline(system: PlannedSystem) -> str:
    look = system.discovery
    if look.sight is not Sight.FULL:
        why = sentence(calm(look.reason))
        return f"{look.sight}. {why}".strip() if why else f"{look.sight}."
    if not system.accounts:
        return "no account was found."
    return f"{count(len(system.accounts), 'account')} found, {len(system.chosen) or 'none'} chosen."


def _details(system: PlannedSystem) -> Iterator[Line]:
    for planned in system.accounts:
        yield from _account(planned)
    for handle in system.discovery.similar:
        yield line("similar, not chosen: ", code(handle), level=1)
    yield from _findings(system.discovery.findings, level=1)


def _account(planned: PlannedAccount) -> Iterator[Line]:
    account = planned.account
    yield line(code(account.handle), f" ({_match(account)})", level=1)
    yield line(_would(account.would) if planned.chosen else _stays(planned), level=2)
    if account.weight:
        yield line("role: ", ", ".join(account.weight), level=2)
    if account.parts:
        yield line("with: ", ", ".join(account.parts), level=2)
    if account.notes:
        yield line(calm(", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in account.notes)), level=2)
    yield from _findings(account.findings, level=2)
    if account.left:
        yield line("afterwards: ", sentence(calm(account.left)), level=2)


def _match(account: Account) -> str:
    keys = ", ".join(f"{_KINDS[key.kind]} {key.value}, {key.source}" for key in account.matched_by)
    return f"{account.match}: {keys}" if keys else str(account.match)


def _stays(planned: PlannedAccount) -> str:
    why = sentence(calm(planned.why_not))
    return f"not chosen. {why}" if why else "not chosen."


def _would(steps: tuple[Step, ...]) -> str:
    """Return "would …" with every step in its order; what cannot be undone says so."""
    if not steps:
        return "would be taken away."
    return "would " + ", then ".join(_step(step) for step in steps) + "."


def _step(step: Step) -> str:
    return calm(step.says) + (" (cannot be undone)" if step.irreversible else "")


def _findings(findings: tuple[Finding, ...], level: int) -> Iterator[Line]:
    for finding in findings:
        yield line("⚠ ", sentence(calm(finding.text)), level=level)
