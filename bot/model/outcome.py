"""How it ended, in eight words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Word(StrEnum):
    """The only words for how an account or a system ended. `docs/outcomes.md` translates the vendors' words."""

    REMOVED = "removed"
    ABSENT = "absent"
    SCHEDULED = "scheduled"
    MANUAL = "manual"
    SKIPPED = "skipped"
    REFUSED = "refused"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


_WORST_FIRST = (
    Word.UNCONFIRMED,
    Word.FAILED,
    Word.REFUSED,
    Word.MANUAL,
    Word.SKIPPED,
    Word.SCHEDULED,
    Word.REMOVED,
    Word.ABSENT,
)
_WELL = frozenset({Word.REMOVED, Word.ABSENT, Word.SCHEDULED, Word.SKIPPED})


@dataclass(frozen=True, slots=True)
class Proof:
    """How absence was shown: what the reads by id and by search said, and when (UTC)."""

    by_id: str
    by_search: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one account (or, with an empty `account_id`, one whole system) of a case ended.

    `sentence` is for people and holds no outcome word but its own. `left` says what access remains.
    `done_by` is the Slack id of the person who marked it done or skipped it.
    """

    system: str
    account_id: str
    word: Word
    sentence: str
    at: datetime
    handle: str = ""
    left: str = ""
    proof: Proof | None = None
    effective_at: datetime | None = None
    done_by: str | None = None

    @property
    def ended_well(self) -> bool:
        """Whether nobody has to look at it again: `manual` counts once a person has marked it done."""
        return self.word in _WELL or (self.word is Word.MANUAL and self.done_by is not None)


def worst(outcomes: Iterable[Outcome]) -> Word | None:
    """Return the one word that is honest for all of them, or None where there are none."""
    words = {outcome.word for outcome in outcomes}
    return next((word for word in _WORST_FIRST if word in words), None)
