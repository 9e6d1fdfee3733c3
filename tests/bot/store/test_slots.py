from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.store import SqlStore

MINUTE = timedelta(minutes=1)
OVER = timedelta(seconds=-1)


async def test_a_place_is_held_by_one(store: SqlStore) -> None:
    assert await store.lease("poster", "a", MINUTE) == 1
    assert await store.lease("poster", "b", MINUTE) is None
    assert await store.lease("slot:1", "b", MINUTE) == 1


async def test_of_many_one_gets_the_place(store: SqlStore) -> None:
    fences = await asyncio.gather(*(store.lease("poster", f"p{turn}", MINUTE) for turn in range(20)))
    assert [fence for fence in fences if fence is not None] == [1]


async def test_a_place_whose_time_is_over_goes_to_the_next_with_a_higher_number(store: SqlStore) -> None:
    first = await store.lease("poster", "a", OVER)
    second = await store.lease("poster", "b", MINUTE)
    assert (first, second) == (1, 2)
    assert not await store.renew("poster", "a", 1, MINUTE)


async def test_a_holder_holds_on(store: SqlStore) -> None:
    assert await store.lease("poster", "a", MINUTE) == 1
    assert await store.renew("poster", "a", 1, MINUTE)
    assert not await store.renew("poster", "a", 2, MINUTE)
    assert not await store.renew("poster", "b", 1, MINUTE)
    assert await store.lease("poster", "b", MINUTE) is None


async def test_a_lapsed_holder_has_to_take_the_place_anew(store: SqlStore) -> None:
    assert await store.lease("poster", "a", OVER) == 1
    assert not await store.renew("poster", "a", 1, MINUTE)
    assert await store.lease("poster", "a", MINUTE) == 2


async def test_a_place_given_back_is_free_at_once_and_its_number_stays_used(store: SqlStore) -> None:
    await store.lease("poster", "a", MINUTE)
    await store.release("poster", "b", 1)
    assert await store.lease("poster", "b", MINUTE) is None
    await store.release("poster", "a", 1)
    assert await store.lease("poster", "b", MINUTE) == 2
