"""One card a system: the view-model that both renderings of the progress message and the closing message share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.identifiers import reveal
from bot.model import CaseState, CaseSystem, CaseView, Outcome, Sight, Word
from bot.model.case import RELEASED
from handlers.views.readable import doing
from handlers.views.words import calm, sentence, utc

_OTHERWISE = {
    Word.REMOVED: "is gone, and a later read proved it",
    Word.ABSENT: "was not there when we looked",
    Word.SCHEDULED: "ends later, as the vendor has accepted",
    Word.MANUAL: "is left for a person",
    Word.SKIPPED: "stays, as a person decided",
    Word.REFUSED: "is still there: the answer was no",
    Word.FAILED: "was still there at the last look",
    Word.UNCONFIRMED: "may be there or not: the truth cannot be read at the moment",
}
"""How an account ended, where the system's card shows another outcome's word."""


class Status(StrEnum):
    """The status of a task card ("Task card block")."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Card:
    """A system as people see it. Only `word` is an outcome word; `lines` hold no other, and never the Slack id."""

    name: str
    label: str
    word: Word | None
    status: Status
    says: str
    lines: tuple[str, ...]
    stuck: bool

    @property
    def title(self) -> str:
        return f"{self.label}: {self.word or self.says}"


def cards(view: CaseView) -> tuple[Card, ...]:
    """Return a card for every system of the case, in its order."""
    return tuple(card(view, system) for system in view.case.systems)


def card(view: CaseView, system: CaseSystem) -> Card:
    working = _working(view, system.name)
    word = None if working else view.word(system.name)
    stuck = is_stuck(view, system.name)
    return Card(
        name=system.name,
        label=system.label,
        word=word,
        status=_status(working, word, stuck=stuck),
        says=working or _waits(view, system.name),
        lines=tuple(_lines(view, system.name, word)) if word else (),
        stuck=stuck,
    )


def is_stuck(view: CaseView, name: str) -> bool:
    """Whether a person has to retry, mark done or skip: it did not end well, and nothing runs or waits for it."""
    case = view.case
    over = case.state in RELEASED or case.state is CaseState.PAUSED
    if over or _working(view, name) or not view.needs_people(name):
        return False
    if view.open_plan is not None and view.open_plan.system(name) is not None:
        return False
    badly = any(not outcome.ended_well for outcome in view.of_system(name))
    return badly or case.state is CaseState.NEEDS_PEOPLE or case.ended_at is not None


def _working(view: CaseView, name: str) -> str:
    """Return what is being done in a system at present, "" where nothing is."""
    found = next((work for work in view.working if work.system == name), None)
    return (calm(doing(found.says)) or _begins(view)) if found else ""


def _begins(view: CaseView) -> str:
    return "looks again before anything is sent" if view.case.attempt else "at work"


def _waits(view: CaseView, name: str) -> str:
    """Return what is known of a system that has no outcome and is not being worked on."""
    look = view.look(name)
    if look is None:
        return "not looked at yet"
    if look.sight is Sight.FULL:
        waits = look.accounts or any(finding.stops for finding in look.findings)
        return "waits for its turn" if waits else "looked at, nothing found"
    reason = calm(look.reason).rstrip(".")
    return f"{look.sight} ({reason})" if reason else str(look.sight)


def _status(working: str, word: Word | None, *, stuck: bool) -> Status:
    if working:
        return Status.IN_PROGRESS
    if stuck:
        return Status.ERROR
    return Status.COMPLETE if word else Status.PENDING


def _lines(view: CaseView, name: str, word: Word) -> Iterator[str]:
    """Yield what is said of each account; accounts of which the very same is to be said share it."""
    for said in dict.fromkeys(tuple(_said(outcome, word)) for outcome in view.of_system(name)):
        yield from said
    if near := _near(view, name):
        yield f"Similar, not chosen: {calm(', '.join(near), word)}."


def _near(view: CaseView, name: str) -> list[str]:
    """Return the similar names of the latest look that no plan has shown: they are told somewhere in any case."""
    planned = [found for plan in view.plans if (found := plan.system(name)) is not None]
    told = {handle for system in planned for handle in system.discovery.similar}
    look = view.look(name)
    return [reveal(handle) for handle in (look.similar if look is not None else ()) if handle not in told]


def _said(outcome: Outcome, word: Word) -> Iterator[str]:
    yield _account(outcome, word)
    if outcome.left:
        yield f"What is left: {sentence(calm(outcome.left, word))}"
    if outcome.proof:
        yield _proof(outcome, word)


def _account(outcome: Outcome, word: Word) -> str:
    """Return how one account ended, with no outcome word but the system's."""
    said = calm(outcome.sentence, word).strip() if outcome.word is word else ""
    says = sentence(said or _OTHERWISE[outcome.word])
    when = f" On {utc(outcome.effective_at)}." if outcome.effective_at else ""
    return f"{reveal(outcome.handle)}: {says}{when}" if outcome.handle else says + when


def _proof(outcome: Outcome, word: Word) -> str:
    proof = outcome.proof
    if proof is None:
        return ""
    return f"Read again on {utc(proof.at)}: by id {calm(proof.by_id, word)}; by search {calm(proof.by_search, word)}."
