"""A case's root message: what it is called, where it stands, who asked."""

from __future__ import annotations

from bot.model import Case, CaseState, CaseView, HoldKind
from bot.nothing_found import is_asked
from handlers.views.blocks import Json, context, header, line, rich, section
from handlers.views.message import Message
from handlers.views.plan import approvals_of, meter
from handlers.views.words import count, escape, mentions, moment

_SAYS = {
    CaseState.LOOKING: "the systems are being looked at.",
    CaseState.WAITING: "the plan in the thread waits for an approval.",
    CaseState.APPROVED: "approved, and not yet begun.",
    CaseState.RUNNING: "the approved accounts are being taken away.",
    CaseState.PAUSED: "nothing more is sent until an admin lets it go on.",
    CaseState.NEEDS_PEOPLE: "something in the thread is left for a person.",
    CaseState.CLOSED: "every system has its result in the thread.",
    CaseState.DECLINED: "nothing was done.",
    CaseState.CANCELLED: "nothing more will be done.",
    CaseState.EXPIRED: "nobody approved in time; nothing was done.",
}


def root(view: CaseView) -> Message:
    """Return the root message; it is edited whenever the case moves."""
    case = view.case
    blocks = [
        header(f"{case.name} · {case.title}"),
        section(f"*{case.state}*: {_says(view)}"),
        *_reason(case),
        context(_facts(case)),
    ]
    return Message(f"{case.name}: an offboarding case, {case.state}.", tuple(blocks))


def _says(view: CaseView) -> str:
    case = view.case
    if case.state is CaseState.APPROVED and case.start_at:
        return f"starts {moment(case.start_at)}."
    if case.state is CaseState.WAITING and (plan := view.open_plan):
        if approvals_of(view, plan):
            return f"the plan in the thread has {meter(view, plan)} approvals."
        return f"the plan in the thread waits for {count(plan.needed, 'approval')}."
    if case.state is CaseState.PAUSED and case.hold is not None:
        return f"{escape(case.hold.says)} {_GOES_ON[case.hold.kind]}"
    if is_asked(view):
        return "no system knows this person: somebody has to answer in the thread."
    return _SAYS[case.state]


_GOES_ON = {HoldKind.LIMIT: "An admin has to let it go on.", HoldKind.STOPPED: "What was sent is read to its end."}


def _reason(case: Case) -> list[Json]:
    return [rich([line("Reason: ", case.reason)])] if case.reason and not case.discreet else []


def _facts(case: Case) -> str:
    asked = mentions([case.requester.user_id], case.leaver)
    facts = [f"Requested by {asked}", f"Start: {moment(case.when) if case.when else 'now'}"]
    if case.state is CaseState.WAITING and case.expires_at:
        facts.append(f"Expires {moment(case.expires_at)}")
    return " · ".join(facts)
