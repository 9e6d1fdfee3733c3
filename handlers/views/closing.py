"""The closing message: every system's result, what is left, who decided what, and whom it now needs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Case, CaseView, Word
from handlers.views.blocks import Json, Line, bold, context, header, line, rich_blocks, section, size
from handlers.views.cards import Card, cards
from handlers.views.message import MOST_BLOCKS, MOST_BYTES, Message
from handlers.views.plan import NOT_OURS
from handlers.views.words import calm, count, cut, escape, mentions, sentence

_WELL = frozenset({Word.REMOVED, Word.ABSENT})
_MOST_CALLED = 20
_LENGTHS = (400, 160, 80, 0)
"""Characters of a sentence that are tried until the one message holds all systems."""


def closing(view: CaseView) -> Message:
    """Return the closing message. It says that access is gone only where nothing is left, to do or to know."""
    head, end = header(f"{view.case.name}: results"), _end(view)
    drawn = ([head, *rows, *end] for rows in _ever_shorter(view))
    blocks = next(blocks for blocks in drawn if size(blocks) <= MOST_BYTES and len(blocks) <= MOST_BLOCKS)
    return Message(_text(view), tuple(blocks), broadcast=True)


def all_gone(view: CaseView) -> bool:
    """Whether every system ended with proof that nothing of the person's is there any more."""
    found = cards(view)
    return bool(found) and all(one.word in _WELL for one in found) and not any(one.left for one in view.outcomes)


def _ever_shorter(view: CaseView) -> Iterator[list[Json]]:
    """Yield the rows with less and less detail; of more systems than fit, those that need people come first."""
    found = cards(view)
    for length in _LENGTHS:
        yield rich_blocks([row for card in found for row in _row(view, card, length)])
    urgent = sorted(found, key=lambda card: not card.stuck)
    for most in range(len(found) - 1, -1, -1):
        rows = [row for card in urgent[:most] for row in _row(view, card, 0)]
        yield rich_blocks([*rows, line(f"… and {count(len(found) - most, 'system')} more: see the thread.")])


def _row(view: CaseView, card: Card, length: int) -> Iterator[Line]:
    yield line(bold(card.title) if card.word else card.title)
    if card.word is None:
        return
    for left in dict.fromkeys(one.left for one in view.of_system(card.name) if one.left):
        yield line("What is left: ", sentence(calm(cut(left, max(length, 80)), card.word)), level=1)
    for outcome in view.of_system(card.name):
        if length and outcome.word is card.word and outcome.word not in _WELL:
            yield line(cut(sentence(calm(outcome.sentence, card.word)), length), level=1)


def _end(view: CaseView) -> list[Json]:
    says = [_sums_up(view), "\n".join(_deciders(view)), _calls(view)]
    return [*(section(one) for one in says if one), context(NOT_OURS)]


def _sums_up(view: CaseView) -> str:
    stuck = sum(card.stuck for card in cards(view))
    if stuck:
        verb = "needs" if stuck == 1 else "need"
        return f"*{count(stuck, 'system')} still {verb} a person.* The thread has the buttons."
    if all_gone(view):
        return "*No account of this person is left in the systems of this case.*"
    return "*Nothing is waiting for a person.* Read above what each system answered."


def _deciders(view: CaseView) -> Iterator[str]:
    """Name those who went round four eyes: who left a system as it is, and who said that it is done."""
    for words, word in (("Left as it is by", Word.SKIPPED), ("Marked done by", Word.MANUAL)):
        decided = [one for one in view.outcomes if one.word is word]
        for user in dict.fromkeys(one.done_by for one in decided if one.done_by):
            systems = dict.fromkeys(one.system for one in decided if one.done_by == user)
            labels = ", ".join(_label(view.case, name) for name in systems)
            yield f"{words} {mentions([user], view.case.leaver)}: {cut(labels, 600)}."


def _label(case: Case, name: str) -> str:
    system = case.system(name)
    return escape(system.label if system else name)


def _calls(view: CaseView) -> str:
    """Mention the owners of what needs people, or the admins where a system has no owner."""
    stuck = [view.case.system(card.name) for card in cards(view) if card.stuck]
    called = [one for system in stuck if system for one in ([system.owner] if system.owner else view.admins)]
    who = mentions(list(dict.fromkeys(called))[:_MOST_CALLED], view.case.leaver)
    return f"{who}: please see the thread." if who else ""


def _text(view: CaseView) -> str:
    if any(card.stuck for card in cards(view)):
        return f"{view.case.name}: the results are in, and something needs a person."
    return f"{view.case.name}: the results are in."
