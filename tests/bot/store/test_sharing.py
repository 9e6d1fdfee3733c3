"""What processes share: guarded writing, turns at a vendor, the daily looks. Two stores are two processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.errors import Fenced
from bot.store import SqlStore, open_store

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Held:
    """A place that its holder believes to have, for so many questions."""

    place: tuple[str, str, int]
    believes: int = 1_000

    def claim(self) -> tuple[str, str, int]:
        self.believes -= 1
        if self.believes < 0:
            raise Fenced
        return self.place


@pytest.fixture
async def pair(migrated_postgres_url: str) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Two processes at one Postgres."""
    stores = await open_store(migrated_postgres_url), await open_store(migrated_postgres_url)
    yield stores
    for store in stores:
        await store.aclose()


async def refusals(store: SqlStore) -> int:
    """How many events the chain of refusals has."""
    return len((await store.chain("refusals")).events)


async def test_whoever_holds_the_place_writes_as_always(pair: tuple[SqlStore, SqlStore]) -> None:
    store, _ = pair
    fence = await store.lease("executor-1", "a", MINUTE)
    assert fence is not None

    async with store.under(Held(("executor-1", "a", fence))).begin() as tx:
        await tx.audit(None, "refused", {}, {})

    assert await refusals(store) == 1


async def test_whoever_has_lost_the_place_without_knowing_it_writes_nothing(pair: tuple[SqlStore, SqlStore]) -> None:
    paused, other = pair
    fence = await paused.lease("executor-1", "a", -MINUTE)
    assert fence is not None
    await other.lease("executor-1", "b", MINUTE)

    with pytest.raises(Fenced):
        async with paused.under(Held(("executor-1", "a", fence))).begin() as tx:
            await tx.audit(None, "refused", {}, {})

    assert await refusals(other) == 0


async def test_whoever_was_paused_while_writing_is_told_as_soon_as_it_has_written(
    pair: tuple[SqlStore, SqlStore],
) -> None:
    store, _ = pair
    fence = await store.lease("executor-1", "a", MINUTE)
    assert fence is not None

    with pytest.raises(Fenced):
        async with store.under(Held(("executor-1", "a", fence), believes=1)).begin() as tx:
            await tx.audit(None, "refused", {}, {})

    assert await refusals(store) == 1


async def test_a_takeover_waits_for_what_the_dead_still_had_open(pair: tuple[SqlStore, SqlStore]) -> None:
    dying, other = pair
    fence = await dying.lease("executor-1", "a", MINUTE)
    assert fence is not None
    async with dying.under(Held(("executor-1", "a", fence))).begin() as tx:
        await tx.audit(None, "refused", {}, {})
        waiting = asyncio.create_task(other.quiesce(["executor-1"]))
        assert await dying.renew("executor-1", "a", fence, MINUTE), "a heartbeat waits for nobody"
        await other.ping()
        assert not waiting.done()
    await waiting

    assert await refusals(other) == 1


async def test_two_processes_together_take_no_more_turns_than_the_vendor_allows(
    pair: tuple[SqlStore, SqlStore],
) -> None:
    waits = await asyncio.gather(*(pair[number % 2].take("huawei GET /users", 5, 60.0) for number in range(12)))

    assert sum(wait == 0 for wait in waits) == 5
    assert sum(55 < wait <= 60 for wait in waits) == 5
    assert sum(115 < wait <= 120 for wait in waits) == 2


async def test_turns_under_one_key_leave_another_alone(store: SqlStore) -> None:
    assert await store.take("huawei GET /users", 1, 60.0) == 0
    assert await store.take("huawei DELETE /users", 1, 60.0) == 0
    assert await store.take("huawei GET /users", 1, 60.0) > 0


async def test_of_many_processes_one_looks_each_day(pair: tuple[SqlStore, SqlStore]) -> None:
    looked = await asyncio.gather(*(pair[number % 2].take_look("crm", DAY) for number in range(8)))

    assert sum(looked) == 1


async def test_a_look_is_due_again_when_its_time_has_come(store: SqlStore) -> None:
    assert await store.take_look("crm", DAY)
    assert not await store.take_look("crm", DAY)
    assert await store.take_look("crm", timedelta())


async def test_what_came_of_a_look_is_known_to_all_and_tells_what_came_of_the_one_before(store: SqlStore) -> None:
    await store.take_look("crm", DAY)
    assert await store.looks() == {}
    assert await store.note_look("crm", well=False) is None
    assert await store.note_look("crm", well=True) is False
    assert await store.looks() == {"crm": True}


async def test_who_is_alive_is_told_by_name_with_the_age_of_the_heartbeat(store: SqlStore) -> None:
    await store.lease("executor-2", "web.2:7:ab", MINUTE)
    await store.lease("executor-1", "web.1:6:cd", MINUTE)
    await store.lease("executor-3", "web.3:8:ef", -MINUTE)
    await store.lease("poster", "web.1:6:cd", MINUTE)

    held = await store.held("executor-")

    assert [(place.name, place.holder, place.fence) for place in held] == [
        ("executor-1", "web.1:6:cd", 1),
        ("executor-2", "web.2:7:ab", 1),
    ]
    assert all(timedelta() <= place.age < MINUTE for place in held)
