"""A house in which time does all that it does, and what the engine itself knows is told by a fake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.model import WorkKind
from bot.ports import OpenWork
from bot.quiet import Quiet, Room
from bot.store.tables import outbox
from bot.sweeping import Approvable, Lost, Reminders, Retention, Troubles
from tests.bot.conftest import House
from tests.bot.fakes import FakeReporter


@dataclass
class FakeRows:
    """The engine's rows: what is in the queue waits, `words` say of other work what became of it."""

    house: House
    words: dict[tuple[WorkKind, str], str] = field(default_factory=dict)
    forgotten: list[datetime] = field(default_factory=list)

    async def state_of(self, works: Sequence[OpenWork]) -> Mapping[OpenWork, str]:
        queued = {work: "ENQUEUED" for work in works if self._is_queued(work)}
        said = {work: self.words[work.kind, work.system] for work in works if (work.kind, work.system) in self.words}
        return {**queued, **said}

    def _is_queued(self, work: OpenWork) -> bool:
        return (work.kind, work.case_id, work.attempt, work.system) in self.house.engine.queue

    async def forget_ended(self, before: datetime, most: int) -> int:
        del most
        self.forgotten.append(before)
        return 0


@dataclass
class Time:
    """The chores of a house, one by one."""

    house: House

    def __post_init__(self) -> None:
        house, store, policy, reporter = self.house, self.house.store, self.house.policy, FakeReporter()
        self.rows = FakeRows(house)
        self.troubles = Troubles(store, house.people, policy, reporter)
        quiet = Quiet(store, house.people, policy, Room("C0CASES", "C0SENSITIVE"))
        give_up = {
            WorkKind.LOOK: house.runs.give_up_look,
            WorkKind.REMOVE: house.runs.give_up,
            WorkKind.RECHECK: house.rechecks.give_up,
        }
        self.lost = Lost(store, self.rows, give_up, self.troubles)
        self.reminders = Reminders(store, policy, reporter, quiet, self.troubles)
        self.approvable = Approvable(store, house.people, house.systems, policy, reporter, quiet, self.troubles)
        self.retention = Retention(store, timedelta(days=365), self.troubles)

    async def wanted(self, case_id: int = 1) -> list[str]:
        """The keys of the messages that were ever wanted of a case."""
        async with self.house.store.reading() as connection:
            keys = await connection.scalars(select(outbox.c.key).where(outbox.c.case_id == case_id))
            return sorted(keys)

    async def kinds(self, chain: str = "case:1") -> list[str]:
        """The kinds of the events of a chain."""
        return [event.kind for event in (await self.house.store.chain(chain)).events]


@pytest.fixture
def time(house: House) -> Time:
    return Time(house)
