"""Readings that begin after they were asked for, and are shared by those who wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from handlers.fresh import SharedReading


@dataclass
class Source:
    """Counts readings; each ends when told."""

    begun: int = 0
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    async def read(self, key: str) -> str:
        async with self.news:
            self.begun += 1
            number = self.begun
            self.news.notify_all()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return f"{key} {number}"


async def until_begun(source: Source, number: int) -> None:
    async with source.news:
        await source.news.wait_for(lambda: source.begun >= number)


async def test_who_asks_during_a_reading_gets_the_next_one_and_shares_it() -> None:
    source = Source()
    reading = SharedReading(source.read)
    first = asyncio.create_task(reading.get("C1"))
    await until_begun(source, 1)
    others = [asyncio.create_task(reading.get("C1")) for _ in range(3)]
    await asyncio.sleep(0)

    source.gate.set()

    assert await first == "C1 1"
    assert await asyncio.gather(*others) == ["C1 2"] * 3
    assert source.begun == 2


async def test_two_keys_are_read_side_by_side() -> None:
    source = Source()
    reading = SharedReading(source.read)
    both = [asyncio.create_task(reading.get(key)) for key in ("C1", "C2")]

    await until_begun(source, 2)
    source.gate.set()

    assert {one.split()[0] for one in await asyncio.gather(*both)} == {"C1", "C2"}


async def test_a_failure_is_told_to_those_who_waited_for_it_and_not_kept() -> None:
    source = Source(error=ValueError("away"))
    source.gate.set()
    reading = SharedReading(source.read)
    with pytest.raises(ValueError, match="away"):
        await reading.get("C1")
    source.error = None

    assert await reading.get("C1") == "C1 2"


async def test_more_readings_than_are_free_in_a_minute_begin_a_pause_apart() -> None:
    source, waited, now = Source(), [], 0.0
    source.gate.set()

    async def sleep(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += seconds

    reading = SharedReading(source.read, free=3, pause=1.0, clock=lambda: now, sleep=sleep)
    for _ in range(5):
        await reading.get("C1")
    assert waited == [1.0, 1.0]

    now += 60
    await reading.get("C1")
    assert waited == [1.0, 1.0]
