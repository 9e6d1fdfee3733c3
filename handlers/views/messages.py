"""The table of messages: a key of the outbox → what it says now."""

from __future__ import annotations

from bot.model import CaseView
from handlers.views import brakes, calls
from handlers.views.closing import closing
from handlers.views.message import Message
from handlers.views.notes import direct, free_note, thread_note
from handlers.views.nothing import nothing_messages
from handlers.views.plan import plan_messages
from handlers.views.progress import progress_messages
from handlers.views.root import root
from handlers.views.veil import veiled, veiled_text

_RANKS = {
    "root": 0,
    "plan": 1,
    "progress": 3,
    "declined": 5,
    "cancelled": 5,
    "expired": 5,
    "nothing": 5,
    "closing": 6,
    "note": 7,
    "dm": 9,
}
_NOTES = {**dict.fromkeys(brakes.NOTES, brakes.note), **dict.fromkeys(calls.NOTES, calls.note)}
NAMES = frozenset({*_RANKS, *_NOTES})
"""All that a message's key can begin with."""


def parts(view: CaseView, key: str, text: str = "", *, plain: bool = False) -> tuple[Message, ...]:
    """Return every part of the message with that key (without `#n`); empty where the case has no such message.

    `text` is what the domain wants said, for notes. `plain` asks for a rendering without plan blocks. What goes into
    the channel of a discreet case is drawn of the veiled case.
    """
    name, _, rest = key.partition(":")
    if view.case.discreet and name != "dm":
        view, text = veiled(view), veiled_text(view, name, text)
    if name == "plan":
        return plan_messages(view, int(rest)) if rest.isdecimal() else ()
    if name == "progress":
        return progress_messages(view, plain=plain)
    if name == "nothing":
        return nothing_messages(view)
    return (_single(view, name, rest, text),)


def _single(view: CaseView, name: str, rest: str, text: str) -> Message:
    match name:
        case "root":
            return root(view)
        case "closing":
            return closing(view)
        case "declined" | "cancelled" | "expired":
            return thread_note(view, name)
        case _ if name in _NOTES:
            return _NOTES[name](view, name, text)
        case "dm":
            return direct(view, rest, text)
        case _:
            return free_note(view, text)


def rank(key: str) -> tuple[int, int, int]:
    """Return where a message stands among those of its case; a later plan stands after the progress message."""
    whole, _, part = key.partition("#")
    name, _, rest = whole.partition(":")
    turn = int(rest) if rest.isdecimal() else 0
    place = 4 if name == "plan" and turn > 1 else _RANKS.get(name, 7)
    return place, turn, int(part) if part.isdecimal() else 1
