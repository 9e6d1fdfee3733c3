"""The plan in the thread: what was found, what would be done, and the two buttons."""

from __future__ import annotations

from bot import policy as rules
from bot.brakes import is_break_glass
from bot.choice import choosable
from bot.model import Approval, CaseState, CaseView, Leaver, Plan, PlanState
from bot.model.case import RELEASED
from handlers import ids
from handlers.views.blocks import Json, actions, button, confirm, context, header, rich_blocks, section
from handlers.views.brakes import picked_by, plan_buttons
from handlers.views.found import system_lines
from handlers.views.keys import NOT_FOUND, keys_lines, no_slack_sentence
from handlers.views.message import Message, spread
from handlers.views.words import count, cut, escape, mention, mentions

NOT_OURS = "Slack and the identity provider are not part of this case."
_LONGEST_LIST = 300
_LONGEST_TITLE = 120
"""Characters of the address in Approve's question, which holds 300 with what is stated by it."""
_MOST_CALLED = 40
"""Approvers that are mentioned; who has more names a user group."""
_SPARE_BYTES = 2_600
"""Room in every part for the summary, the mentions, the state and the buttons."""


def plan_messages(view: CaseView, turn: int) -> tuple[Message, ...]:
    """Return the parts of a plan's message. How many there are depends on the plan alone, so they never change."""
    plan = plan_of(view, turn)
    if plan is None:
        return ()
    found = [] if view.case.discreet else plan_blocks(plan, view.case.leaver)
    parts = spread(found, _SPARE_BYTES, spare_blocks=6)
    parts[0] = [*_top(view, plan), *parts[0]]
    parts[-1] = [*parts[-1], *_bottom(view, plan)]
    return tuple(Message(_text(view, plan), tuple(blocks)) for blocks in parts)


def plan_of(view: CaseView, turn: int) -> Plan | None:
    return next((plan for plan in view.plans if plan.turn == turn), None)


def plan_blocks(plan: Plan, leaver: Leaver) -> list[Json]:
    """Return what the plan says: by what the person was looked for, then system by system."""
    systems = [block for system in plan.systems for block in rich_blocks(system_lines(system, leaver))]
    return [*rich_blocks(keys_lines(leaver)), *systems]


def plan_value(plan: Plan) -> str:
    """Return the value that binds a button to this plan and no other."""
    return f"{plan.case_id}:{plan.turn}:{plan.digest}"


def approvals_of(view: CaseView, plan: Plan) -> tuple[Approval, ...]:
    return tuple(one for one in view.approvals if (one.turn, one.digest) == (plan.turn, plan.digest))


def meter(view: CaseView, plan: Plan) -> str:
    """Return how many different people approved, of how many are needed; requester and leaver never count."""
    have = rules.counting(approvals_of(view, plan), view.case.requester, view.case.leaver)
    return f"{have} of {plan.needed}"


def is_open(view: CaseView, plan: Plan) -> bool:
    """Whether the plan can be decided on."""
    return plan.state is PlanState.WAITING and view.case.state not in RELEASED


def plan_summary(plan: Plan) -> str:
    """Return in one sentence what an approval would set going."""
    accounts = count(len(tuple(plan.chosen())), "account")
    systems = count(sum(bool(system.chosen) for system in plan.systems), "system")
    return f"{accounts} in {systems} would be taken away. {_lasting(plan)}".strip()


def _lasting(plan: Plan) -> str:
    """Say of how many accounts the going cannot be undone."""
    forever = [any(step.irreversible for step in account.would) for account in plan.chosen()]
    if not any(forever):
        return ""
    if not all(forever):
        return f"For {sum(forever)} of them this cannot be undone."
    return "This cannot be undone." if len(forever) == 1 else "None of this can be undone."


def decision_buttons(view: CaseView, plan: Plan, title: str) -> Json:
    """Return Approve (asking once more, for whom: `title`) and Decline, bound to this plan."""
    value = plan_value(plan)
    asked = " ".join(one for one in (f"{cut(title, _LONGEST_TITLE)}: {plan_summary(plan)}", _statement(view)) if one)
    sure = confirm(f"Approve {view.case.name}?", asked, "Approve")
    return actions(
        f"decision_{plan.turn}",
        button(ids.APPROVE, "Approve", value, style="primary", confirm=sure),
        button(ids.DECLINE, "Decline", value),
    )


def _statement(view: CaseView) -> str:
    """Return what whoever approves states by it: that a leaver who was not found in Slack has no account there."""
    return "By approving you state that this person has no Slack account." if rules.states_no_slack(view.case) else ""


def _top(view: CaseView, plan: Plan) -> list[Json]:
    title = f"Plan of {view.case.name}" if plan.turn == 1 else f"Plan {plan.turn} of {view.case.name}"
    sentences = [one for one in (_opening(view, plan), _not_in_slack(view, plan), _call(view, plan)) if one]
    return [header(title), *(section(one) for one in sentences)]


def _opening(view: CaseView, plan: Plan) -> str:
    if plan.state is not PlanState.EMPTY:
        return plan_summary(plan)
    if choosable(view, plan):
        return (
            "No account is chosen, so nothing would be taken away. Someone must say which accounts are this person's."
        )
    return "Nothing would be taken away: no account was chosen, so no approval is needed. This is where we looked."


def _not_in_slack(view: CaseView, plan: Plan) -> str:
    """Say that the leaver was not found in Slack, and who states, will state or stated that they are not there."""
    if not rules.states_no_slack(view.case) or is_open(view, plan):
        return no_slack_sentence(view.case)
    by = ", ".join(mention(one.user_id) for one in approvals_of(view, plan))
    if plan.state is not PlanState.APPROVED or not by:
        return NOT_FOUND
    return f"{NOT_FOUND} {by} stated by approving that this person has no Slack account."


def _call(view: CaseView, plan: Plan) -> str:
    """Call the approvers to decide, or to choose where nothing is chosen; "" where nobody is needed."""
    others = [one for one in view.approvers if one != view.case.requester.user_id]
    called = mentions(others[:_MOST_CALLED], view.case.leaver)
    if plan.state is PlanState.EMPTY:
        asks = "if one of the accounts below is this person's, press *Choose*. A new plan follows, to be approved."
        return f"{called}: {asks}" if called and choosable(view, plan) else ""
    if not called:
        return ""
    needed = f"{count(plan.needed, 'approval')} needed."
    return f"{called}: please decide. {needed}" if is_open(view, plan) else f"Asked: {called}."


def _bottom(view: CaseView, plan: Plan) -> list[Json]:
    stands = " ".join(one for one in (picked_by(plan), _stands(view, plan)) if one)
    blocks = [context(" ".join([NOT_OURS, *_elsewhere(view)])), *([section(stands)] if stands else [])]
    if not is_open(view, plan):
        return [*blocks, *plan_buttons(view, plan)]
    decide = _review(plan) if view.case.discreet else decision_buttons(view, plan, view.case.title)
    return [*blocks, decide, *plan_buttons(view, plan)]


def _elsewhere(view: CaseView) -> list[str]:
    """Name the connected systems in which nobody looked: a system may have been connected since the request."""
    labels = escape(cut(", ".join(view.elsewhere), _LONGEST_LIST))
    return [f"Not looked at, because left out of the request or connected since: {labels}."] if labels else []


def _review(plan: Plan) -> Json:
    return actions(f"decision_{plan.turn}", button(ids.REVIEW, "Review", plan_value(plan), style="primary"))


def _stands(view: CaseView, plan: Plan) -> str:
    """Return who approved, or why the plan is over, in mrkdwn; "" where there is nothing to say yet."""
    who = ", ".join(mention(one.user_id) for one in approvals_of(view, plan))
    match plan.state:
        case PlanState.APPROVED:
            if any(is_break_glass(one) for one in approvals_of(view, plan)):
                return f"Break-glass: begun without enough approvals, by {who}."
            return f"Approved by {who}." if who else "Approved."
        case PlanState.WAITING if is_open(view, plan):
            return f"{meter(view, plan)} approved: {who}." if who else ""
        case PlanState.EMPTY:
            return ""
    return _OVER.get(view.case.state, "This plan no longer counts.")


_OVER = {
    CaseState.DECLINED: "Declined: this plan no longer counts.",
    CaseState.CANCELLED: "Cancelled: this plan no longer counts.",
    CaseState.EXPIRED: "Expired: nobody approved this plan in time.",
}


def _text(view: CaseView, plan: Plan) -> str:
    if plan.state is PlanState.EMPTY:
        return f"{view.case.name}: the systems were looked at; nothing needs an approval."
    if is_open(view, plan):
        return f"{view.case.name}: a plan waits for approval."
    return f"{view.case.name}: this plan is decided."
