"""Threads write to the file when their turn has come, and give it back whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from bot.store import sync_engine_for_dbos
from bot.store.in_line import stand_in_line
from bot.store.turn import Release, Turn

_SECONDS = 30


class Watched(Turn):
    """A turn that tells when somebody asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def take(self, *, ahead: bool, seconds: float) -> Release:
        self.asked.set()
        return await super().take(ahead=ahead, seconds=seconds)


@pytest.fixture
def engine(migrated_sqlite_url: str) -> Iterator[Engine]:
    engine = sync_engine_for_dbos(migrated_sqlite_url)
    yield engine
    engine.dispose()


def write(engine: Engine, name: str) -> None:
    with engine.begin() as connection:
        for value in ("first", "second"):
            statement = text("INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
            connection.execute(statement, {"name": f"{name} {value}", "value": value})


def read(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text("SELECT count(*) FROM meta")).scalar_one())


def write_and_fail(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM meta"))
        raise LookupError


async def test_a_thread_that_writes_waits_for_its_turn(engine: Engine) -> None:
    turn = Watched()
    stand_in_line(engine, turn, _SECONDS)
    async with turn.taken(ahead=True, seconds=_SECONDS), asyncio.timeout(_SECONDS):
        turn.asked.clear()
        writing = asyncio.create_task(asyncio.to_thread(write, engine, "thread"))
        await turn.asked.wait()
        before = await asyncio.to_thread(read, engine)
    await writing
    assert await asyncio.to_thread(read, engine) == before + 2


async def test_what_failed_gives_the_turn_back(engine: Engine) -> None:
    turn = Turn()
    stand_in_line(engine, turn, _SECONDS)
    with pytest.raises(LookupError):
        await asyncio.to_thread(write_and_fail, engine)
    async with turn.taken(ahead=False, seconds=_SECONDS):
        pass


async def test_many_threads_write_one_after_the_other(engine: Engine) -> None:
    turn = Turn()
    stand_in_line(engine, turn, _SECONDS)
    before = await asyncio.to_thread(read, engine)
    await asyncio.gather(*(asyncio.to_thread(write, engine, str(number)) for number in range(20)))
    assert await asyncio.to_thread(read, engine) == before + 40


async def test_a_turn_that_does_not_come_is_not_waited_for_longer_than_that(engine: Engine) -> None:
    turn = Turn()
    stand_in_line(engine, turn, 0)
    before = await asyncio.to_thread(read, engine)
    async with turn.taken(ahead=True, seconds=_SECONDS):
        await asyncio.to_thread(write, engine, "thread")
    assert await asyncio.to_thread(read, engine) == before + 2


async def test_on_the_loop_itself_nobody_waits_for_the_turn(engine: Engine) -> None:
    turn = Turn()
    stand_in_line(engine, turn, _SECONDS)
    before = read(engine)
    async with turn.taken(ahead=True, seconds=_SECONDS):
        write(engine, "loop")
    assert read(engine) == before + 2
