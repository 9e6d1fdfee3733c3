"""Messages that say one thing: how a case ended without a run, and what its requester is told directly."""

from __future__ import annotations

import re

from bot.model import CaseView
from handlers.views.blocks import Json, bold, line, rich, section
from handlers.views.cards import cards
from handlers.views.closing import all_gone
from handlers.views.message import Message
from handlers.views.plan import NOT_OURS
from handlers.views.words import escape, mentions, sentence

_BY = re.compile(r"<@(?P<who>[UW][A-Z0-9]+)>:?\s*(?P<why>.*)", re.DOTALL)
_THREAD = {
    "declined": "declined",
    "cancelled": "cancelled",
    "expired": "expired: nobody approved in time",
}


def thread_note(view: CaseView, key: str) -> Message:
    """Return the thread's word on a case that ended before anything was done; by whom and why is the case's note."""
    what = _THREAD[key]
    note = _note(view)
    blocks = (section(f"*{view.case.name} is {what}.*"), *note)
    return Message(f"{view.case.name} is {what}.", blocks)


def free_note(view: CaseView, text: str) -> Message:
    """Return a note whose words were chosen by the domain. They are shown as they are and never notified with."""
    return Message(f"{view.case.name}: there is a note about this case.", (rich([line(sentence(text) or "A note.")]),))


def direct(view: CaseView, key: str, text: str) -> Message:
    """Return what the requester is told in a direct message, e.g. `ended` or `declined`."""
    case = view.case
    about = rich([line(bold(case.name), f" ({case.title}): {_says(view, key)}")])
    given = (
        [rich([line(text)])] if text else _note(view) if key in _THREAD else _results(view) if key == "ended" else []
    )
    return Message(f"{case.name}: there is news about your request.", (about, *given))


def _says(view: CaseView, key: str) -> str:
    if key in _THREAD:
        return f"your request is {_THREAD[key]}."
    if key != "ended":
        return "there is news about your request."
    if any(card.stuck for card in cards(view)):
        return "the results are in, and something still needs a person."
    return "no account is left in the systems of this case." if all_gone(view) else "the results are in."


def _results(view: CaseView) -> list[Json]:
    rows = [line(bold(card.label), f": {card.word or card.says}", level=1) for card in cards(view)]
    return [rich(rows[:40]), section(escape(NOT_OURS))]


def _note(view: CaseView) -> list[Json]:
    """Return who ended the case and why. The note begins with the mention of a person, where there is one."""
    found = _BY.fullmatch(view.case.closing_note)
    if found is None:
        return _said(view.case.closing_note)
    who = mentions([found["who"]], view.case.leaver)
    return [*([section(f"By {who}.")] if who else []), *_said(found["why"])]


def _said(words: str) -> list[Json]:
    return [rich([line(words.strip())])] if words.strip() else []
