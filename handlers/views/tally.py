"""How a case ended, counted: what the closing message and the direct message lead with."""

from __future__ import annotations

from bot.model import CaseView, Sight, Word
from bot.nothing_found import is_nothing_found
from handlers.views.cards import cards

WELL = frozenset({Word.REMOVED, Word.ABSENT})


def tally(view: CaseView) -> str:
    """Return how many systems ended how, and in how many something is left, e.g. "4 of 5 removed, 1 failed"."""
    found = cards(view)
    words = [card.word for card in found]
    counted = [(words.count(word), str(word)) for word in Word if word in words]
    unassigned = sum(card.word is None and is_unassigned(view, card.name) for card in found)
    counted += [(unassigned, "not looked at")] if unassigned else []
    nothing = words.count(None) - unassigned
    counted += [(nothing, "without a result")] if nothing else []
    (first, word), *others = counted or [(0, "with a result")]
    says = ", ".join([f"{first} of {len(found)} {word}", *(f"{number} {word}" for number, word in others)])
    return f"{says}{_left(view)}."


def is_unassigned(view: CaseView, name: str) -> bool:
    """Whether the operator assigned nobody in this system, so that it has no result and needs none."""
    look = view.look(name)
    return look is not None and look.sight is Sight.UNASSIGNED


def _left(view: CaseView) -> str:
    left = len({outcome.system for outcome in view.outcomes if outcome.left})
    return f"; {left} {'has' if left == 1 else 'have'} something left" if left else ""


def all_gone(view: CaseView) -> bool:
    """Whether every system ended with proof that nothing of the person's is there any more. Nothing found is none."""
    found = cards(view)
    if is_nothing_found(view):
        return False
    return bool(found) and all(one.word in WELL for one in found) and not any(one.left for one in view.outcomes)
