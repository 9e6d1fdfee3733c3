"""What was begun before a crash comes first after the next start, on a real file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.engine import Executor, UnderWay, WorkQueue
from bot.ports import WorkKind
from bot.store import open_store, sync_engine_for_dbos

LOOK, REMOVE = WorkKind.LOOK, WorkKind.REMOVE
AT_ONCE = 2
_OLDER = sa.text("UPDATE workflow_status SET created_at = created_at - 7 * 3600 * 1000")
_DISPATCHES = sa.text("SELECT max(recovery_attempts) FROM workflow_status")


@dataclass
class Hand:
    """Work that never ends; which cases were begun, and since when there are as many as there may be."""

    begun: list[int] = field(default_factory=list)
    full: asyncio.Event = field(default_factory=asyncio.Event)

    async def look(self, case_id: int, _attempt: int, _system: str) -> None:
        self.begun.append(case_id)
        if len(self.begun) == AT_ONCE:
            self.full.set()
        await asyncio.Event().wait()

    async def give_up(self, case_id: int, attempt: int, system: str) -> None:
        raise AssertionError("nothing is given up here")


@dataclass
class Place:
    """One file, with a queue, and executors that come and go."""

    url: str
    database: sa.Engine
    queue: WorkQueue

    async def executor(self, hand: Hand) -> Executor:
        work, give_up = {LOOK: hand.look, REMOVE: hand.look}, {LOOK: hand.give_up, REMOVE: hand.give_up}
        executor = Executor(self.database, work, give_up, at_once=AT_ONCE)
        await executor.start("a")
        return executor

    async def hand_over(self, *cases: int, kind: WorkKind = LOOK) -> None:
        store = await open_store(self.url)
        try:
            async with store.begin() as tx:
                for case_id in cases:
                    await self.queue.enqueue(tx, kind, case_id, 0, "crm")
        finally:
            await store.aclose()

    async def crashed(self, *cases: int) -> Hand:
        """Begin as much of this work as may run at once, and let go of it as a crash does."""
        hand = Hand()
        executor = await self.executor(hand)
        await self.hand_over(*cases)
        await hand.full.wait()
        await executor.stop()
        return hand

    def ask(self, statement: sa.TextClause) -> object:
        with self.database.begin() as connection:
            found = connection.execute(statement)
            return found.scalar() if found.returns_rows else None


@asynccontextmanager
async def place(url: str) -> AsyncIterator[Place]:
    database = sync_engine_for_dbos(url)
    queue = WorkQueue(database)
    await queue.open()
    try:
        yield Place(url, database, queue)
    finally:
        await queue.aclose()
        database.dispose()


async def test_what_was_begun_before_a_crash_is_begun_again_before_what_still_waits(migrated_sqlite_url: str) -> None:
    async with place(migrated_sqlite_url) as here:
        before, after = await here.crashed(*range(1, 40)), Hand()

        assert await here.queue.take_up("a") == AT_ONCE
        assert await here.queue.under_way() == ()
        executor = await here.executor(after)
        await after.full.wait()
        await executor.stop()

        assert sorted(after.begun) == sorted(before.begun)


async def test_a_look_goes_before_removals_that_were_handed_over_earlier(migrated_sqlite_url: str) -> None:
    async with place(migrated_sqlite_url) as here:
        await (await here.executor(Hand())).stop()
        await here.hand_over(1, 2, 3, kind=REMOVE)
        here.ask(_OLDER)
        await here.hand_over(9)
        hand = Hand()
        executor = await here.executor(hand)
        await hand.full.wait()
        await executor.stop()

    assert sorted(hand.begun) == [1, 9]


async def test_what_another_executor_has_begun_is_not_taken_up(migrated_sqlite_url: str) -> None:
    async with place(migrated_sqlite_url) as here:
        await here.crashed(1, 2)

        assert await here.queue.take_up("b") == 0
        assert set(await here.queue.under_way()) == {UnderWay("look:1:0:crm", "a"), UnderWay("look:2:0:crm", "a")}


async def test_what_ends_the_process_again_and_again_is_counted_by_the_engine_once_it_is_old(
    migrated_sqlite_url: str,
) -> None:
    async with place(migrated_sqlite_url) as here:
        await here.crashed(1, 2)
        here.ask(_OLDER)

        assert await here.queue.take_up("a") == 0
        hand = Hand()
        executor = await here.executor(hand)
        await hand.full.wait()
        await executor.stop()

        assert here.ask(_DISPATCHES) == 2


async def test_on_a_file_where_no_engine_ever_ran_there_is_nothing_to_take_up(migrated_sqlite_url: str) -> None:
    async with place(migrated_sqlite_url) as here:
        assert await here.queue.take_up("a") == 0
