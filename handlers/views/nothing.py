"""The question where no system knows the person: who was looked for, where, what is near, and the two answers."""

from __future__ import annotations

from bot.model import Case, CaseState, CaseSystem, CaseView, Discovery, KeySource, PlannedSystem, Sight
from bot.nothing_found import is_asked, unread_systems
from handlers import ids
from handlers.views.blocks import (
    Json,
    Line,
    actions,
    button,
    confirm,
    context,
    header,
    line,
    plain,
    rich,
    rich_blocks,
    section,
)
from handlers.views.found import system_lines
from handlers.views.intake import request_modal
from handlers.views.keys import keys_lines
from handlers.views.message import Message, spread
from handlers.views.plan import NOT_OURS
from handlers.views.words import count, escape, mentions

_MOST_CALLED = 20
_MOST_BLOCKS = 90
"""A dialog holds 100 blocks ("Views")."""
_SPARE_BYTES = 3_000
"""Room in every part for the header, the question, the mentions and the buttons."""


def nothing_messages(view: CaseView) -> tuple[Message, ...]:
    """Return the parts of the question; the last one has the answer, or the buttons for it."""
    parts = spread(_looked(view), _SPARE_BYTES, spare_blocks=6)
    parts[0] = [header(f"{view.case.name}: no system knows this person"), section(_lead(view)), *parts[0]]
    parts[-1] = [*parts[-1], context(NOT_OURS), *_answers(view)]
    text = f"{view.case.name}: no system knows this person. {'Please answer.' if is_asked(view) else 'It is answered.'}"
    return tuple(Message(text, tuple(blocks)) for blocks in parts)


def nothing_dialog(view: CaseView) -> Json:
    """Return the dialog in which a discreet case shows whom it looked for and what is near, with the button."""
    found = [rich([line(f"No system of {view.case.name} knows this person.")]), *_looked(view)]
    blocks = [*found[:_MOST_BLOCKS], actions("nothing", _confirm_button(view, ids.NOTHING))]
    title = plain(f"Nothing in {view.case.name}", 24)
    return {
        "type": "modal",
        "callback_id": ids.NOTHING_VIEW,
        "private_metadata": f"{view.case.id}:{view.case.attempt}:{ids.NOTHING}",
        "title": title,
        "close": plain("Close"),
        "blocks": blocks,
    }


def correction_modal(case: Case, connected: tuple[CaseSystem, ...]) -> Json:
    """Return the request filled in with what was asked before; it takes the place of this case."""
    leaver, first = case.leaver, case.leaver.keys[0]
    is_picked = first.source is KeySource.PROFILE and leaver.slack_id is not None
    modal = request_modal(
        connected,
        leaver.slack_id if is_picked else None,
        "" if is_picked or not leaver.mails else leaver.mails[0].value,
    )
    logins = dict.fromkeys(key.value for key in leaver.keys if key.source is KeySource.OTHER)
    names = {system.name for system in case.systems}
    for block in modal["blocks"]:
        block_id, element = str(block.get("block_id", "")), block.get("element", {})
        element.pop("focus_on_load", None)
        if block_id == ids.EMAIL:
            element["focus_on_load"] = True
        if block_id == ids.OTHER_LOGINS and logins:
            element["initial_value"] = ", ".join(logins)
        if block_id == ids.REASON and case.reason:
            element["initial_value"] = case.reason
        if block_id.startswith(ids.SYSTEMS):
            _choose(element, names)
        if block_id == ids.WHEN and case.when is not None:
            element["initial_date_time"] = int(case.when.timestamp())
    return modal | {"private_metadata": f"{case.id}:{ids.CORRECTED}"}


def _choose(element: Json, names: set[str]) -> None:
    """Choose the systems of the case; an empty choice would make Slack refuse the whole modal."""
    chosen = [option for option in element["options"] if option["value"] in names]
    del element["initial_options"]
    if chosen:
        element["initial_options"] = chosen


def _looked(view: CaseView) -> list[Json]:
    """Return whom the systems were asked for, and what each of them showed."""
    lines = [one for system in view.case.systems for one in _system(view, system)]
    return [*rich_blocks(keys_lines(view.case.leaver)), *rich_blocks(lines)]


def _system(view: CaseView, system: CaseSystem) -> list[Line]:
    look = view.look(system.name) or Discovery(system.name, Sight.NOT_READ)
    shown = PlannedSystem(system.name, system.label, system.kind, system.identity, look)
    return system_lines(shown, view.case.leaver)


def _lead(view: CaseView) -> str:
    near = sum(len(look.similar) for look in view.looks)
    also = f" {count(near, 'similar name')} was seen." if near == 1 else f" {near} similar names were seen."
    return f"No account was found and nothing was sent.{also if near else ''} Is this the right address?"


def _answers(view: CaseView) -> list[Json]:
    """Return the question with its buttons, or how it was answered."""
    case = view.case
    if not is_asked(view):
        return [section(_answered(view))]
    unread = unread_systems(view)
    correct = button(ids.CORRECT_ADDRESS, "Correct the address", f"{case.id}:{ids.CORRECTED}")
    if unread:
        labels = escape(", ".join(system.label for system in unread[:_MOST_CALLED]))
        first = f"Not read so far: {labels}. Retry, mark done or skip that first; then somebody can confirm the rest."
        return [section(first), actions("nothing", correct)]
    review = ids.REVIEW if case.discreet else ids.NOTHING
    return [section(_asks(view)), actions("nothing", _confirm_button(view, review), correct)]


def _asks(view: CaseView) -> str:
    leaver, requester = view.case.leaver, view.case.requester.user_id
    others = [one for one in dict.fromkeys((*view.approvers, *view.admins)) if one != requester]
    called = mentions(others[:_MOST_CALLED], leaver)
    right = f"{called}: if this is the right address and there is nothing, press *Nothing to remove*."
    wrong = f"{mentions([requester], leaver)}: if it is not, press *Correct the address*."
    return f"{right} {wrong}" if called else wrong


def _confirm_button(view: CaseView, word: str) -> Json:
    """Return the button; where `word` is not yet the answer, it opens the details first."""
    value = f"{view.case.id}:{view.case.attempt}:{word}"
    if word != ids.NOTHING:
        return button(ids.NOTHING_TO_REMOVE, "Nothing to remove", value)
    says = "This is the right address, and no system has an account of this person. Your name stands with it."
    sure = confirm(f"Confirm {view.case.name}?", says, "Nothing to remove")
    return button(ids.NOTHING_TO_REMOVE, "Nothing to remove", value, confirm=sure)


def confirmed(view: CaseView) -> str:
    """Return in mrkdwn who confirmed that there is nothing, "" where nobody did."""
    by = view.case.confirmed_by
    who = mentions([by], view.case.leaver) if by is not None else ""
    return f"{who} confirmed: this is the right address, and there is nothing to remove." if who else ""


def _answered(view: CaseView) -> str:
    if view.case.confirmed_by is not None:
        return confirmed(view)
    if view.case.state is CaseState.CANCELLED:
        return "This case is cancelled. Nothing was taken away."
    return "This question is closed for now: the case has moved on. Look at the newest messages."
