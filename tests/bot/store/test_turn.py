"""People who wait for an answer write before the work in the background does."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.store.turn import Turn


async def _in_order(*ahead: bool) -> list[int]:
    """Let these come one after the other while somebody holds the turn; the places in which they got it."""
    turn, got = Turn(), list[int]()

    async def take(place: int, *, first: bool) -> None:
        async with turn.taken(ahead=first, seconds=30):
            got.append(place)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as waiting, turn.taken(ahead=False, seconds=30):
        for place, first in enumerate(ahead):
            waiting.create_task(take(place, first=first))
            await asyncio.sleep(0)
    return got


async def test_who_goes_ahead_is_before_all_others_that_wait() -> None:
    assert await _in_order(False, False, True, False, True) == [2, 4, 0, 1, 3]


async def test_equals_go_in_the_order_of_their_coming() -> None:
    assert await _in_order(False, False, False) == [0, 1, 2]
    assert await _in_order(True, True, True) == [0, 1, 2]


async def test_a_turn_that_does_not_come_in_time_is_given_up_and_blocks_nobody() -> None:
    turn = Turn()
    async with turn.taken(ahead=True, seconds=30):
        for ahead in (False, True):
            with pytest.raises(TimeoutError):
                async with AsyncExitStack() as held:
                    await held.enter_async_context(turn.taken(ahead=ahead, seconds=0))
    async with turn.taken(ahead=False, seconds=30):
        pass


async def test_an_error_in_the_block_gives_the_turn_back() -> None:
    turn = Turn()
    with pytest.raises(LookupError):
        async with turn.taken(ahead=False, seconds=30):
            raise LookupError
    async with turn.taken(ahead=False, seconds=30):
        pass
