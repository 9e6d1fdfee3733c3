"""How the case stands: who asked, how each system ended, what was planned, who said yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.brakes import is_break_glass
from bot.evidence.page.html import Markup, code, element, lines, moment, pairs, table
from bot.model import Account, Approval, CaseView, Key, Outcome, Plan, PlannedAccount, PlannedSystem
from bot.nothing_found import is_nothing_found


def summary(view: CaseView) -> Markup:
    """Return what the case is about."""
    case = view.case
    return pairs(
        [
            ("Person", case.leaver.name),
            ("Known by", lines(_key(key) for key in case.leaver.keys)),
            ("Requested by", f"{case.requester.name} {case.requester.mail or ''} ({case.requester.user_id})".strip()),
            ("Reason", case.reason),
            ("Opened", moment(case.opened_at)),
            ("To begin", moment(case.when)),
            ("Begun", moment(case.start_at)),
            ("Ended", moment(case.ended_at)),
            ("State", str(case.state)),
            ("Decided", case.closing_note),
            ("Found", _answered(case.confirmed_by) if is_nothing_found(view) else ""),
            *([("Redacted", _redacted(case.redacted_at))] if case.redacted_at else []),
        ]
    )


def _redacted(at: datetime) -> str:
    return f"What was personal in this case was deleted on {moment(at)}, as the operator keeps it no longer."


def _answered(user: str | None) -> str:
    """Say who answered for it that no system knows the person."""
    if user is None:
        return "No system knows this person. Nobody has confirmed that the address is right."
    return f"No system knows this person. {user} confirmed that the address is right and that there is nothing."


def _key(key: Key) -> str:
    return f"{key.value} ({key.kind}, {key.source})"


def results(view: CaseView) -> Markup:
    """Return a row for each outcome, and one for each system that has none."""
    heads = ("System", "Account", "Outcome", "What happened", "What is left", "Proof of absence", "By whom")
    rows = [row for system in view.case.systems for row in _rows(view, system.name, system.label)]
    return table(heads, rows, "The case has no systems.")


def _rows(view: CaseView, name: str, label: str) -> Iterator[tuple[object, ...]]:
    outcomes = view.of_system(name)
    for one in outcomes:
        word = element("span", one.word, cls="word")
        handle = one.handle or one.account_id or "the whole system"
        yield label, handle, word, _said(one), one.left, _proof(one), one.done_by or "the bot"
    if not outcomes:
        look = view.look(name)
        yield label, "", "no outcome", f"{look.sight} {look.reason}".strip() if look else "not looked at", "", "", ""


def _said(outcome: Outcome) -> Markup:
    when = outcome.effective_at
    return lines([outcome.sentence, *([f"Takes effect {moment(when)}"] if when else []), moment(outcome.at)])


def _proof(outcome: Outcome) -> Markup | str:
    proof = outcome.proof
    if proof is None:
        return ""
    return lines([f"by id: {proof.by_id}", f"by search: {proof.by_search}", moment(proof.at)])


def plans(view: CaseView) -> Iterator[Markup]:
    """Yield each plan with its accounts."""
    for plan in view.plans:
        yield element("h3", f"Plan {plan.turn}: {plan.state}, {plan.needed} approval(s) needed, {moment(plan.made_at)}")
        yield element("p", "Digest: ", code(plan.digest))
        heads = ("System", "Account", "To be removed", "Could do, and consists of", "Known of it", "Would")
        yield table(heads, _planned(plan), "Nothing was found in these systems.")
    if not view.plans:
        yield element("p", "No plan was made.")


def _planned(plan: Plan) -> Iterator[tuple[object, ...]]:
    for system in plan.systems:
        for planned in system.accounts:
            yield _account(system, planned)
        if not system.accounts:
            look = system.discovery
            yield system.label, f"none: {look.sight} {look.reason}".strip(), "", "", "", ""


def _account(system: PlannedSystem, planned: PlannedAccount) -> tuple[object, ...]:
    account = planned.account
    chosen = "yes" if planned.chosen else f"no: {planned.why_not}"
    would = lines(step.says for step in account.would)
    held = lines([*account.weight, *account.parts])
    return (
        system.label,
        lines([account.handle, f"id {account.id}", account.match]),
        chosen,
        held,
        _known(account),
        would,
    )


def _known(account: Account) -> Markup:
    noted = [f"{name}: {value}" for name, value in (*account.identity, *account.notes)]
    return lines([*noted, *(finding.text for finding in account.findings)])


def _ground(given: Approval) -> Markup | str:
    """Return why somebody was allowed; what was no approval by four eyes stands out."""
    return element("span", given.why, cls="alarm") if is_break_glass(given) else given.why


def approvals(view: CaseView) -> Markup:
    """Return who said yes to which plan, and on what ground."""
    rows = [
        (one.turn, lines([one.mail or "", one.user_id]), _ground(one), moment(one.at), code(one.digest))
        for one in view.approvals
    ]
    return table(("Plan", "Who", "Allowed because", "When", "Digest approved"), rows, "Nobody approved anything.")
