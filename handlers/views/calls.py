"""What is said because time passed: reminders, nobody to approve, a request that expired, a database put back."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import CaseState, CaseView
from bot.nothing_found import is_asked
from handlers import ids
from handlers.views.blocks import Json, actions, button, line, rich, section
from handlers.views.brakes import dialog, text_input
from handlers.views.cards import cards
from handlers.views.message import Message
from handlers.views.plan import meter
from handlers.views.words import count, escape, mentions, moment

NOTES = frozenset({"remind", "overdue", "nobody"})
"""Keys of the messages that this file draws."""
RESTORED = "restored"
"""With which the key of a direct message begins that is about the whole database."""
_MOST_CALLED = 20


def note(view: CaseView, name: str, text: str) -> Message:
    """Return one of the messages of `NOTES`. `text` is what the domain wants said in it."""
    match name:
        case "remind":
            return _remind(view)
        case "overdue":
            return _overdue(view)
        case _:
            return _nobody(view, text)


def _remind(view: CaseView) -> Message:
    plan, ends = view.open_plan, view.case.expires_at
    if plan is None or ends is None:
        return _past(view, "The plan was called to mind, and is decided by now.")
    others = [one for one in view.approvers if one != view.case.requester.user_id]
    called = mentions(others[:_MOST_CALLED], view.case.leaver)
    waits = (
        f"*The plan of {view.case.name} still waits:* it has {meter(view, plan)} approvals and expires {moment(ends)}."
    )
    return Message(f"{view.case.name}: the plan still waits for approval.", (section(f"{waits} {called}".strip()),))


def _overdue(view: CaseView) -> Message:
    stuck = [card for card in cards(view) if card.stuck]
    if is_asked(view) and not stuck:
        called = mentions(list(dict.fromkeys((*view.approvers, *view.admins)))[:_MOST_CALLED], view.case.leaver)
        asks = f"*{view.case.name} still needs an answer:* no system knows this person. The thread has the buttons."
        return Message(f"{view.case.name} still needs an answer.", (section(f"{asks} {called}".strip()),))
    if not stuck:
        return _past(view, "People were called here, and nothing waits for them by now.")
    called = mentions(list(dict.fromkeys(_people_for(view)))[:_MOST_CALLED], view.case.leaver)
    which = escape(", ".join(card.label for card in stuck[:_MOST_CALLED]))
    where = f"in {count(len(stuck), 'system')}: {which}. The thread has the buttons."
    waits = f"*{view.case.name} still needs a person* {where}"
    return Message(f"{view.case.name} still needs a person.", (section(f"{waits} {called}".strip()),))


def _people_for(view: CaseView) -> Iterator[str]:
    """Yield the owners of what needs people, or the admins where a system has no owner."""
    for card in cards(view):
        system = view.case.system(card.name)
        if card.stuck and system is not None:
            yield from [system.owner] if system.owner else view.admins


def _nobody(view: CaseView, text: str) -> Message:
    needed, _, possible = text.partition(" ")
    if view.case.state is not CaseState.WAITING:
        return _past(view, "There were too few people who could approve, and the plan no longer waits.")
    called = mentions(view.admins, view.case.leaver)
    says = (
        f"*Nobody can approve {view.case.name} at present.* It needs {escape(needed)} besides the requester and the "
        f"person who leaves, and the list of approvers has {escape(possible)}. Add people to it, or cancel."
    )
    return Message(f"{view.case.name}: nobody can approve it at present.", (section(f"{says} {called}".strip()),))


def _past(view: CaseView, says: str) -> Message:
    return Message(f"{view.case.name}: {says}", (section(says),))


def ask_again(view: CaseView) -> list[Json]:
    """Return the button that opens a new request about the same person, where a request expired."""
    if view.case.state is not CaseState.EXPIRED or view.case.redacted_at is not None:
        return []
    return [actions("again", button(ids.ASK_AGAIN, "Ask again", f"{view.case.id}:{ids.AGAIN}", style="primary"))]


def restored(text: str) -> Message:
    """Return what admins are told where the database was put back from a copy, with the way on."""
    button_on = button(ids.GO_ON, "Go on with this database", f"0:{ids.DATABASE}", style="danger")
    return Message("The database is older than what stands in Slack.", (rich([line(text)]), actions("on", button_on)))


def go_on_dialog(target: str) -> Json:
    """Ask for the reason for which the bot goes on with a database that is older than its messages."""
    says = (
        "What happened after the copy was made is not known to the bot: look at the newest cases in the channel, and "
        "cancel those that must not go on, before you answer."
    )
    words = text_input(ids.WORDS, "Reason", "It is kept in the audit.")
    return dialog(ids.GO_ON_VIEW, "This database", "Go on", target, [section(says), words])
