"""What is said and asked around the brakes: held by a limit, stopped, come back, begun without approvals."""

from __future__ import annotations

from bot.brakes import withdrawable
from bot.choice import choosable
from bot.model import CaseState, CaseView, HoldKind, Plan
from handlers import ids
from handlers.views.blocks import Json, actions, button, confirm, line, plain, rich, section
from handlers.views.message import Message
from handlers.views.words import escape, mention, mentions, sentence

NOTES = frozenset({"held", "stopped", "back", "glass"})
"""Keys of the messages that this file draws."""
_LONGEST = 1000


def note(view: CaseView, name: str, text: str) -> Message:
    """Return one of the messages of `NOTES`. `text` is what the domain wants said in it."""
    match name:
        case "held":
            return _held(view, text)
        case "stopped":
            return _stopped(view, text)
        case "back":
            return _back(view, text)
        case _:
            return _glass(view, text)


def _held(view: CaseView, text: str) -> Message:
    case, hold = view.case, view.case.hold
    waits = case.state is CaseState.PAUSED and hold is not None and hold.kind is HoldKind.LIMIT
    if not waits or hold is None:
        who, _, reason = text.partition(" ")
        said = [section(f"Let go on by {mentions([who], case.leaver)}."), _quoted(reason)] if reason else []
        return Message(f"{case.name} is no longer held.", (section("*No longer held by a limit.*"), *said))
    called = mentions(view.admins, case.leaver)
    let_go = button(ids.RELEASE, "Release", f"{case.id}:{ids.HELD}", style="primary")
    release = actions(f"held_{case.attempt}", let_go, *cancel_button(view))
    asks = [section(f"{called}: please look, and release it with a reason, or cancel it.")] if called else []
    blocks = (section(f"*{case.name} is held by a limit.* {escape(hold.says)}"), *asks, release)
    return Message(f"{case.name} is held by a limit.", blocks)


def _stopped(view: CaseView, who: str) -> Message:
    by = mentions([who], view.case.leaver) or "an approver or admin"
    says = f"*{view.case.name} was stopped* by {by}. Nothing more is sent; what was sent already is read to its end."
    go_on = "An admin may press Retry for each system that is to go on."
    return Message(f"{view.case.name} was stopped.", (section(f"{says} {go_on}"),))


def _back(view: CaseView, system: str) -> Message:
    found = view.case.system(system)
    label = escape(found.label if found else system)
    called = mentions([found.owner] if found and found.owner else view.admins, view.case.leaver)
    what = f"*{label}: a later look found an account of this person again.* The bot does nothing about it by itself."
    asks = f" {called}: please look at the results above." if called else ""
    return Message(f"{view.case.name}: something stands there again.", (section(what + asks),))


def _glass(view: CaseView, text: str) -> Message:
    who, _, reason = text.partition(" ")
    by = mentions([who], view.case.leaver)
    called = mentions(view.approvers, view.case.leaver)
    says = f"*Break-glass: {view.case.name} was begun without approvals* by {by}. {called} are told directly."
    return Message(f"{view.case.name} was begun without approvals.", (section(says), _quoted(reason)))


def _quoted(reason: str) -> Json:
    return rich([line("Reason: ", sentence(reason) or "none.")])


def plan_buttons(view: CaseView, plan: Plan) -> list[Json]:
    """Return Withdraw, where somebody approved and the run has not begun, and Choose, where there is a choice."""
    value = f"{plan.case_id}:{plan.turn}:{plan.digest}"
    approved = any((given.turn, given.digest) == (plan.turn, plan.digest) for given in view.approvals)
    buttons = []
    if approved and withdrawable(view.case, view.plans) == plan:
        buttons.append(button(ids.WITHDRAW, "Withdraw my approval", value))
        buttons += cancel_button(view) if view.case.state is CaseState.APPROVED else []
    if choosable(view, plan):
        buttons.append(button(ids.CHOOSE, "Choose", value))
    return [actions(f"beside_{plan.turn}", *buttons)] if buttons else []


def picked_by(plan: Plan) -> str:
    """Return in mrkdwn who chose accounts of this plan, "" where nobody did."""
    picks = {one.picked.by for system in plan.systems for one in system.accounts if one.picked is not None}
    return f"Chosen by {', '.join(mention(one) for one in sorted(picks))}." if picks else ""


def cancel_button(view: CaseView) -> list[Json]:
    """Return Cancel for a case that is decided and has not begun; before that Decline is as good."""
    case = view.case
    if case.attempt or case.state not in {CaseState.APPROVED, CaseState.PAUSED}:
        return []
    says = "The case ends and nothing is taken away. An admin can do this."
    sure = confirm(f"Cancel {case.name}?", says, "Cancel it")
    return [button(ids.CANCEL, "Cancel the case", f"{case.id}:{ids.WHOLE}", style="danger", confirm=sure)]


def stop_button(view: CaseView) -> list[Json]:
    """Return Stop, as long as the case runs."""
    if view.case.state is not CaseState.RUNNING:
        return []
    sure = confirm(f"Stop {view.case.name}?", "What was not sent yet is not sent. An admin may go on later.", "Stop")
    value = f"{view.case.id}:{ids.RUN}"
    return [actions("stop", button(ids.STOP, "Stop", value, style="danger", confirm=sure))]


def release_dialog(target: str) -> Json:
    """Ask for the reason for which a held case goes on."""
    words = text_input(ids.WORDS, "Reason", "Why this run may begin although a limit is reached.")
    return dialog(ids.RELEASE_VIEW, "Release", "Release", target, [words])


def glass_dialog(view: CaseView, plan: Plan, *, needs_code: bool = False) -> Json:
    """Ask for the reason and the second confirmation of a run without approvals, and for a code where one is needed."""
    value = f"{plan.case_id}:{plan.turn}:{plan.digest}"
    says = "This begins at once, without approvals, and cannot be undone. Every approver is told."
    address = text_input(ids.ADDRESS, "The person's address", "Type the address of the person who leaves.", rows=False)
    words = text_input(ids.WORDS, "Reason", "It is shown in the thread and kept.")
    code = text_input(ids.CODE, "Code", "The digits that your authenticator app shows for offboard.", rows=False)
    blocks = [section(says), words, address, *([code] if needs_code else [])]
    return dialog(ids.GLASS_VIEW, f"Break-glass {view.case.name}", "Begin", value, blocks)


def text_input(block_id: str, label: str, hint: str, *, rows: bool = True) -> Json:
    element = {"type": "plain_text_input", "action_id": block_id, "multiline": rows, "max_length": _LONGEST}
    return {"type": "input", "block_id": block_id, "label": plain(label), "hint": plain(hint), "element": element}


def dialog(callback_id: str, title: str, submit: str, target: str, blocks: list[Json]) -> Json:
    """Return a dialog; `target` comes back with the answer."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": target,
        "title": plain(title, 24),
        "submit": plain(submit),
        "close": plain("Back"),
        "blocks": blocks,
    }
