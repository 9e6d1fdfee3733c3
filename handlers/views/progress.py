"""The progress message: a card a system, updated in place, with buttons for what needs a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.model import CaseView
from handlers import ids
from handlers.views.blocks import Json, actions, bold, button, line, rich, section, size
from handlers.views.brakes import stop_button
from handlers.views.cards import Card, Status, cards
from handlers.views.message import MOST_BYTES, Message
from handlers.views.words import cut, escape

CARDS_A_MESSAGE = 10
_LINE = 300
_SHRUNK = (12, 4, 2, 0)
"""Lines of a card's details that are tried until the message fits."""

_MARKS = {Status.PENDING: "○", Status.IN_PROGRESS: "◐", Status.COMPLETE: "●", Status.ERROR: "▲"}

Show = Callable[[str, Sequence[Card], int], list[Json]]


def progress_messages(view: CaseView, *, plain: bool = False) -> tuple[Message, ...]:
    """Return the parts of the progress message; `plain` is for where Slack does not take plan blocks."""
    found = cards(view)
    starts = range(0, max(len(found), 1), CARDS_A_MESSAGE)
    show = as_sections if plain else as_plan
    blocks = (_fitted(view, found[start : start + CARDS_A_MESSAGE], show) for start in starts)
    first, *others = blocks
    whole = [[*first, *stop_button(view)], *others]
    return tuple(Message(_text(view, found), tuple(part)) for part in whole)


def as_plan(title: str, found: Sequence[Card], most: int) -> list[Json]:
    """Return the cards as one plan block of task cards ("Plan block")."""
    return [{"type": "plan", "title": title, "tasks": [_task(card, most) for card in found]}]


def as_sections(title: str, found: Sequence[Card], most: int) -> list[Json]:
    """Return the same cards as rich texts, one a system."""
    return [section(f"*{escape(title)}*"), *(_row(card, most) for card in found)]


def _fitted(view: CaseView, found: Sequence[Card], show: Show) -> list[Json]:
    """Return the cards with as much detail as fits, and below them the buttons."""
    stuck = [block for card in found if card.stuck for block in _buttons(view, card)]
    blocks: list[Json] = []
    for most in _SHRUNK:
        blocks = [*show(_title(view), found, most), *stuck]
        if size(blocks) <= MOST_BYTES:
            break
    return blocks


def _title(view: CaseView) -> str:
    return f"{view.case.name}: {_done(cards(view))}"


def _done(found: Sequence[Card]) -> str:
    return f"{sum(card.word is not None for card in found)} of {len(found)} systems have a result"


def _text(view: CaseView, found: Sequence[Card]) -> str:
    return f"{view.case.name}: {_done(found)}."


def _task(card: Card, most: int) -> Json:
    task: Json = {"type": "task_card", "task_id": card.name, "title": cut(card.title, 250), "status": card.status.value}
    return task | ({"details": rich([line(one) for one in _details(card, most)])} if card.lines and most else {})


def _row(card: Card, most: int) -> Json:
    title = line(f"{_MARKS[card.status]} ", bold(cut(card.title, 250)))
    return rich([title, *(line(one, level=1) for one in _details(card, most))])


def _details(card: Card, most: int) -> list[str]:
    shown = [cut(one, _LINE) for one in card.lines[:most]]
    more = len(card.lines) - len(shown)
    return [*shown, f"… and {more} more in the evidence."] if more and most else shown


def _buttons(view: CaseView, card: Card) -> list[Json]:
    value = f"{view.case.id}:{card.name}"
    owner = view.case.system(card.name)
    who = "its owner or an admin" if owner and owner.owner else "an admin"
    return [
        rich([line(bold(card.label), f" needs {who}.")]),
        actions(
            f"stuck_{card.name}"[:255],
            button(ids.RETRY, "Retry", value),
            button(ids.MARK_DONE, "Mark done", value),
            button(ids.SKIP, "Skip", value),
        ),
    ]
