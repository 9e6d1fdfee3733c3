"""What the engine runs, lets go of, and takes up again, on a real file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.engine import Executor, UnderWay, WorkQueue
from bot.errors import Fenced
from bot.ports import WorkKind
from bot.store import open_store, sync_engine_for_dbos

LOOK = WorkKind.LOOK
Work = Callable[[int, int, str], Awaitable[None]]


class Hand:
    """Work that does what it is told: hang, be fenced off, or end."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()
        self.hangs = False
        self.fenced = False

    async def look(self, case_id: int, attempt: int, system: str) -> None:
        self.begun.set()
        if self.fenced:
            raise Fenced
        if self.hangs:
            await asyncio.Event().wait()
        self.ended.set()

    async def give_up(self, case_id: int, attempt: int, system: str) -> None:
        raise AssertionError("nothing is given up here")


@asynccontextmanager
async def engine(url: str, hand: Hand) -> AsyncIterator[tuple[Executor, WorkQueue]]:
    """An executor named `a` that runs, and a queue with one piece of work in it."""
    async with running(url, hand.look, hand.give_up, asyncio.sleep, cases=1) as both:
        yield both


@asynccontextmanager
async def running(
    url: str, look: Work, give_up: Work, sleep: Callable[[float], Awaitable[None]], *, cases: int = 2
) -> AsyncIterator[tuple[Executor, WorkQueue]]:
    database = sync_engine_for_dbos(url)
    executor, queue, store = Executor(database, {LOOK: look}, {LOOK: give_up}, sleep), WorkQueue(database), None
    await executor.start("a")
    await queue.open()
    try:
        store = await open_store(url)
        async with store.begin() as tx:
            for case_id in range(1, cases + 1):
                await queue.enqueue(tx, LOOK, case_id, 0, "crm")
        yield executor, queue
    finally:
        await queue.aclose()
        if store is not None:
            await store.aclose()
        database.dispose()


async def test_work_that_does_not_end_in_time_is_let_go_and_can_be_handed_back(migrated_sqlite_url: str) -> None:
    hand = Hand()
    hand.hangs = True
    async with engine(migrated_sqlite_url, hand) as (executor, queue):
        await hand.begun.wait()
        await executor.stop(0.01)
        assert await queue.under_way() == (UnderWay("look:1:0:crm", "a"),)

        hand.hangs = False
        await queue.hand_back(UnderWay("look:1:0:crm", "a"))
        assert await queue.under_way() == ()
        await executor.start("b")
        await hand.ended.wait()
        await executor.stop()


async def test_work_of_a_process_that_has_lost_its_place_stays_unended_for_others(migrated_sqlite_url: str) -> None:
    hand = Hand()
    hand.fenced = True
    async with engine(migrated_sqlite_url, hand) as (executor, queue):
        await hand.begun.wait()
        await executor.stop()

        assert await queue.under_way() == (UnderWay("look:1:0:crm", "a"),)


async def test_work_that_always_raises_is_given_up_and_holds_up_no_other(
    migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    given_up, ended = asyncio.Event(), asyncio.Event()

    async def look(case_id: int, _attempt: int, _system: str) -> None:
        if case_id == 1:
            raise ValueError("dana@acme.test")
        ended.set()

    async def give_up(case_id: int, _attempt: int, _system: str) -> None:
        assert case_id == 1
        given_up.set()

    async def at_once(_seconds: float) -> None:
        return

    async with running(migrated_sqlite_url, look, give_up, at_once) as (executor, _):
        await given_up.wait()
        await ended.wait()
        await executor.stop()
    assert "look in crm of case 1 failed, try 6 of 6: ValueError in look, test_executor.py:" in caplog.text
    assert "dana" not in caplog.text


async def test_work_whose_giving_up_cannot_be_noted_is_tried_again_until_something_can(
    migrated_sqlite_url: str,
) -> None:
    ended, tries, given_up = asyncio.Event(), list[int](), list[int]()

    async def look(case_id: int, _attempt: int, _system: str) -> None:
        tries.append(case_id)
        if len(given_up) < 2:
            raise OSError
        ended.set()

    async def give_up(case_id: int, _attempt: int, _system: str) -> None:
        given_up.append(case_id)
        raise OSError

    async def at_once(_seconds: float) -> None:
        return

    async with running(migrated_sqlite_url, look, give_up, at_once, cases=1) as (executor, queue):
        async with asyncio.timeout(30):
            await ended.wait()
        await executor.stop(5)
        assert await queue.under_way() == ()
    assert (len(tries), len(given_up)) == (8, 2)
