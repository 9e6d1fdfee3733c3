"""A list that looks share: at most a minute old, never from before a change, and read once for all who wait."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Unavailable
from providers.http import Door
from providers.snapshot import SHARED_FOR, Snapshot
from sandbox.systems.clock import MovableClock


class Source:
    """Counts how often the list was read, and returns that number."""

    def __init__(self) -> None:
        self.reads = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self) -> int:
        self.reads += 1
        await self.gate.wait()
        return self.reads


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def source() -> Source:
    return Source()


async def test_a_second_look_within_the_minute_reads_nothing(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    assert await kept.value(source.read, max_age=SHARED_FOR) == 1
    clock.forward(SHARED_FOR - 5)
    assert await kept.value(source.read, max_age=SHARED_FOR) == 1


async def test_an_older_list_is_read_anew(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    await kept.value(source.read, max_age=SHARED_FOR)
    clock.forward(SHARED_FOR + 1)
    assert await kept.value(source.read, max_age=SHARED_FOR) == 2


async def test_a_list_from_before_a_change_is_never_used(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    await kept.value(source.read, max_age=SHARED_FOR)
    clock.forward(1)
    kept.changed()
    clock.forward(1)
    assert await kept.value(source.read, max_age=SHARED_FOR) == 2


async def test_a_list_that_was_being_read_when_the_change_came_serves_nobody_later(
    clock: MovableClock, source: Source
) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    source.gate.clear()
    first = asyncio.create_task(kept.value(source.read, max_age=SHARED_FOR))
    await asyncio.sleep(0)
    clock.forward(1)
    kept.changed()
    source.gate.set()
    assert await first == 1
    assert await kept.value(source.read, max_age=SHARED_FOR) == 2


async def test_who_comes_while_the_list_is_read_waits_for_it(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    source.gate.clear()
    looks = [asyncio.create_task(kept.value(source.read, max_age=SHARED_FOR)) for _ in range(5)]
    await asyncio.sleep(0)
    source.gate.set()
    assert await asyncio.gather(*looks) == [1] * 5


async def test_a_list_that_cannot_be_read_is_not_kept(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)

    async def fails() -> int:
        raise Unavailable("away")

    with pytest.raises(Unavailable):
        await kept.value(fails, max_age=SHARED_FOR)
    assert await kept.value(source.read, max_age=SHARED_FOR) == 1


async def test_what_goes_with_a_door_can_be_forgotten(source: Source) -> None:
    door = Door(ca_file=None, timeout=1, concurrency=1)
    kept = Snapshot.of(door, "users")
    await kept.value(source.read, max_age=SHARED_FOR)
    Snapshot.forget(door)
    assert await kept.value(source.read, max_age=SHARED_FOR) == 2


async def test_a_snapshot_belongs_to_one_door_and_one_name() -> None:
    door, other = (Door(ca_file=None, timeout=1, concurrency=1) for _ in range(2))
    assert Snapshot.of(door, "users") is Snapshot.of(door, "users")
    assert Snapshot.of(door, "users") is not Snapshot.of(door, "rules")
    assert Snapshot.of(door, "users") is not Snapshot.of(other, "users")


async def _same(found: int) -> int:
    return found


async def test_who_is_not_in_a_shared_list_is_looked_up_in_a_newer_one(clock: MovableClock, source: Source) -> None:
    """The clock does not move: a list of the same instant, but of an earlier look, is still an earlier list."""
    kept: Snapshot[int] = Snapshot(clock.now)
    assert await kept.search(source.read, _same, is_complete=lambda _: False) == 1
    assert await kept.search(source.read, _same, is_complete=lambda _: False) == 2


async def test_who_is_found_in_a_shared_list_needs_no_newer_one(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    for _ in range(3):
        assert await kept.search(source.read, _same, is_complete=lambda found: found == 1) == 1


async def test_a_search_never_uses_a_list_older_than_a_minute(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    await kept.search(source.read, _same, is_complete=bool)
    clock.forward(SHARED_FOR + 1)
    assert await kept.search(source.read, _same, is_complete=bool) == 2


async def test_an_absence_is_not_proved_by_a_list_begun_before_the_search(clock: MovableClock, source: Source) -> None:
    kept: Snapshot[int] = Snapshot(clock.now)
    source.gate.clear()
    first = asyncio.create_task(kept.search(source.read, _same, is_complete=lambda _: False))
    await asyncio.sleep(0)
    later = [asyncio.create_task(kept.search(source.read, _same, is_complete=lambda _: False)) for _ in range(4)]
    await asyncio.sleep(0)
    source.gate.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * 4
