"""The closing message: every system's result, what is left, who decided what, and whom it now needs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.brakes import is_break_glass
from bot.model import Case, CaseView, PlanState, Word
from bot.nothing_found import is_asked
from handlers.views.blocks import Json, Line, bold, context, header, line, rich, rich_groups, section, size
from handlers.views.cards import Card, cards
from handlers.views.message import MOST_BLOCKS, MOST_BYTES, Message
from handlers.views.nothing import confirmed
from handlers.views.plan import NOT_OURS
from handlers.views.tally import WELL, all_gone, tally
from handlers.views.words import calm, count, cut, escape, mentions, sentence

_MOST_CALLED = 20
_LENGTHS = (400, 160, 80, 0)
"""Characters of a sentence that are tried until the one message holds all systems."""


def closing(view: CaseView) -> Message:
    """Return the closing message. It says that access is gone only where nothing is left, to do or to know."""
    top, end = [header(f"{view.case.name}: results"), section(_lead(view))], _end(view)
    drawn = ([*top, *rows, *end] for rows in _ever_shorter(view))
    blocks = next(blocks for blocks in drawn if size(blocks) <= MOST_BYTES and len(blocks) <= MOST_BLOCKS)
    return Message(_text(view), tuple(blocks), broadcast=True)


def _ever_shorter(view: CaseView) -> Iterator[list[Json]]:
    """Yield the rows with less and less detail; of more systems than fit, those that need people come first."""
    found = cards(view)
    for length in _LENGTHS:
        yield rich_groups([list(_rows(view, card, length)) for card in found])
    urgent = sorted(found, key=lambda card: not card.stuck)
    for most in range(len(found) - 1, -1, -1):
        rows = [list(_rows(view, card, 0)) for card in urgent[:most]]
        yield rich_groups([*rows, [line(f"… and {count(len(found) - most, 'system')} more: see the thread.")]])


def _rows(view: CaseView, card: Card, length: int) -> Iterator[Line]:
    """Yield the one line with the system's word and, below it, why it is no better and what is left."""
    yield line(bold(card.title) if card.word else card.title, level=1)
    if card.word is None:
        return
    ended = view.of_system(card.name)
    reasons = [one.sentence for one in ended if one.word is card.word and one.word not in WELL]
    for why in dict.fromkeys(reasons if length else ()):
        yield line(cut(sentence(calm(why, card.word)), length), level=2)
    for left in dict.fromkeys(one.left for one in ended if one.left):
        yield line("What is left: ", sentence(calm(cut(left, max(length, 80)), card.word)), level=2)


def _lead(view: CaseView) -> str:
    return f"*{tally(view)}* {_sums_up(view)}"


def _sums_up(view: CaseView) -> str:
    stuck = sum(card.stuck for card in cards(view))
    if stuck:
        verb = "needs" if stuck == 1 else "need"
        return f"{count(stuck, 'system')} still {verb} a person. The thread has the buttons."
    if is_asked(view):
        return "No system knows this person. Somebody has to say in the thread whether the address is right."
    if (says := confirmed(view)) != "":
        return f"No system knows this person. {says}"
    if all_gone(view):
        return "No account of this person is left in the systems of this case."
    return "Nothing is waiting for a person."


def _end(view: CaseView) -> list[Json]:
    says = ["\n".join(_deciders(view)), _calls(view)]
    return [*_approvers(view), *(section(one) for one in says if one), context(f"{NOT_OURS}{_head(view)}")]


def _head(view: CaseView) -> str:
    """Say how far the audit went: whoever keeps this message can notice any change to what was logged before it."""
    return f" Audit head: `{view.head}`" if view.head else ""


def _approvers(view: CaseView) -> list[Json]:
    """Name those who approved, by address: a mention would call them once more."""
    approved = {plan.turn for plan in view.plans if plan.state is PlanState.APPROVED}
    given = {one.user_id: one for one in view.approvals if one.turn in approved}.values()
    begun = "Break-glass: begun without enough approvals, by " if any(map(is_break_glass, given)) else "Approved by "
    names = [one.mail or "an approver without an address" for one in given]
    return [rich([line(begun, cut(", ".join(names), 600), ".")])] if names else []


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
    if is_asked(view) or any(card.stuck for card in cards(view)):
        return f"{view.case.name}: the results are in, and something needs a person."
    return f"{view.case.name}: the results are in."
