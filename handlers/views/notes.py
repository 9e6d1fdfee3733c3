"""Messages that say one thing: how a case ended without a run, and what its requester is told directly."""

from __future__ import annotations

from bot.cases.addresses import CHANGED
from bot.cases.origins import ALARM
from bot.model import CaseState, CaseView
from bot.nothing_found import is_asked
from handlers.views.blocks import Json, bold, context, line, rich, section
from handlers.views.calls import RESTORED, ask_again, restored
from handlers.views.cards import cards
from handlers.views.message import Message
from handlers.views.plan import NOT_OURS
from handlers.views.tally import all_gone, tally
from handlers.views.words import mention, mentions, sentence

_THREAD = {
    "declined": "declined",
    "cancelled": "cancelled",
    "expired": "expired: nobody approved in time",
}


def thread_note(view: CaseView, key: str) -> Message:
    """Return the thread's word on a case that ended before anything was done; by whom and why is the case's note."""
    what = f"{view.case.name} is {_THREAD[key]}."
    if key == "declined" and view.case.state is not CaseState.DECLINED:
        what = f"{view.case.name}: the newest plan is declined. Its accounts stay as they are."
    again = ask_again(view) if key == "expired" else []
    return Message(what, (section(f"*{what}*"), *_note(view), *again))


def free_note(view: CaseView, text: str) -> Message:
    """Return a note whose words were chosen by the domain. They are shown as they are and never notified with."""
    return Message(f"{view.case.name}: there is a note about this case.", (rich([line(sentence(text) or "A note.")]),))


def direct(view: CaseView, key: str, text: str) -> Message:
    """Return what the requester is told in a direct message, e.g. `ended` or `declined`."""
    if key.startswith(RESTORED):
        return restored(text)
    if key.startswith(CHANGED):
        return _changed_address(view, key)
    case = view.case
    about = rich([line(bold(case.name), f" ({case.title}): {_says(view, key)}")])
    return Message(f"{case.name}: {_news(key)}", (about, *_details(view, key, text)))


def _changed_address(view: CaseView, key: str) -> Message:
    """Return what admins are told where somebody decided with another address than last time; nothing waits for it."""
    name, who = view.case.name, mention(key.split(":")[1])
    says = (
        f"*{name}:* {who} decided with another address than last time. The decision counts. If nobody knows why the "
        "address changed, stop the case and look into Slack's audit log."
    )
    return Message(f"{name}: somebody decided with another address than last time.", (section(says),))


def _details(view: CaseView, key: str, text: str) -> list[Json]:
    if text:
        return [rich([line(text)])]
    if key in _THREAD:
        return [*_note(view), *(ask_again(view) if key == "expired" else [])]
    return _results(view) if key == "ended" else []


def _says(view: CaseView, key: str) -> str:
    if key in _THREAD:
        return f"your request is {_THREAD[key]}."
    if key == "opened":
        return "your request is taken."
    if key != "ended":
        return _news(key)
    if any(card.stuck for card in cards(view)):
        return "the results are in, and something still needs a person."
    if is_asked(view):
        return "no system knows this person. Is the address right? The thread has the buttons."
    return "no account is left in the systems of this case." if all_gone(view) else "the results are in."


def _news(key: str) -> str:
    """Return what a message is about where its words are the domain's; notifications show no more than this."""
    if key.startswith(ALARM):
        return "a button or form that I did not write was used."
    return "there is news about this case." if ":" in key else "there is news about your request."


def _results(view: CaseView) -> list[Json]:
    rows = [line(bold(card.label), f": {card.word or card.says}", level=1) for card in cards(view)]
    return [section(f"*{tally(view)}*"), rich(rows[:40]), context(NOT_OURS)]


def _note(view: CaseView) -> list[Json]:
    """Return who ended the case, where somebody did, and the reason given."""
    by = view.case.ended_by
    who = mentions([by], view.case.leaver) if by is not None else ""
    return [*([section(f"By {who}.")] if who else []), *_said(view.case.closing_note)]


def _said(words: str) -> list[Json]:
    return [rich([line(words.strip())])] if words.strip() else []
