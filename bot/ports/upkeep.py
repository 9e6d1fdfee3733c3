"""What time asks of the database: work that was handed over, what was said once, flags, and old cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import WorkKind


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One piece of work that was handed to the engine and has not ended by our own rows."""

    kind: WorkKind
    case_id: int
    attempt: int
    system: str


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """How often one person was refused one act within the hour that begins at `hour` (UTC)."""

    user_id: str
    act: str
    hour: datetime
    count: int


GOING = frozenset({"ENQUEUED", "DELAYED", "PENDING"})
"""The engine's words for work that it will still end by itself; every other word is an end."""


class EngineRows(Protocol):
    """What the engine itself knows of the work."""

    async def state_of(self, works: Sequence[OpenWork]) -> Mapping[OpenWork, str]:
        """The engine's word for each of these; what it does not know is left out."""

    async def forget_ended(self, before: datetime, most: int) -> int:
        """Delete what the engine keeps of work that ended before then; say of how many pieces."""


class UpkeepTx(Protocol):
    """The part of a write transaction that only time asks for."""

    async def note_once(self, case_id: int, name: str, at: datetime | None = None) -> bool:
        """Note that something was said in a case (at that time, or now); False where that was noted before."""

    async def drop_note(self, case_id: int, name: str) -> None:
        """Forget that it was said, so that it may be said again."""

    async def redact(self, case_id: int) -> int | None:
        """Delete what is personal of an ended case, in its rows and beside its chain; say how many values of the chain.

        None where the case has not ended, is still to be looked at again, or was redacted before.
        """

    async def forget_refused(self, before: datetime) -> int:
        """Delete the personal values of the chain of refusals that are older; say how many."""

    async def forget_dialogs(self, before: datetime) -> None:
        """Delete dialogs that were opened before then."""

    async def count_refusal(self, user_id: str, act: str) -> bool:
        """Count that this person was refused this act; True where it is their first within the hour."""

    async def take_refusal_counts(self, before: datetime) -> Sequence[RefusalCount]:
        """Return and forget the counts of hours that began before then."""

    async def set_flag(self, name: str, value: str) -> None:
        """Keep a word about the whole database under a name."""

    async def drop_flag(self, name: str) -> bool:
        """Forget it; False where there is none."""

    async def number_after(self, case_id: int) -> None:
        """Give new cases no number up to this one."""


class UpkeepStore(Protocol):
    """The part of the database that only time asks for."""

    async def now(self) -> datetime:
        """The time that decides (UTC): the database's on Postgres, ours on SQLite."""

    async def due_cases(self, now: datetime) -> tuple[int, ...]:
        """The cases that expire or begin at that time."""

    async def waiting(self) -> tuple[int, ...]:
        """The cases with a plan that waits for approvals."""

    async def reminded_not_yet(self, until: datetime) -> tuple[int, ...]:
        """The cases whose newest plan waits, expires before then, and was not called to mind (note `remind:<turn>`)."""

    async def needing_people(self, since: datetime, last_note: str) -> tuple[int, ...]:
        """The cases that need people since before then and in which `last_note` was not yet said."""

    async def notes(self, case_id: int) -> Mapping[str, datetime]:
        """What was noted as said in a case, and when."""

    async def open_work(self) -> tuple[OpenWork, ...]:
        """All work that was handed over and has not ended, with later looks under their own numbers."""

    async def redactable(self, before: datetime, most: int) -> tuple[int, ...]:
        """Cases that ended before then and were not redacted, the oldest first."""

    async def hash_at(self, case_id: int, seq: int) -> str | None:
        """The hash in hex of one event of a case's chain, or None where the chain does not go so far."""

    async def mark(self, case_id: int) -> str:
        """How far the case's chain goes, short: the number of its last event and 16 hex digits of its hash."""

    async def last_case(self) -> int | None:
        """The highest number of a case that is there."""

    async def flag(self, name: str) -> str | None:
        """What is kept about the whole database under that name."""
