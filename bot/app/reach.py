"""What is not reachable now may be later: ask again, quietly, until it answers or the program is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from handlers.identity import NotReachable

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds between two tries: doubled each time, up to the longest."""
SAID_EVERY = 60.0
"""Seconds between two log lines about the same absence."""


async def until_reached(stop: asyncio.Event, ask: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
    """Return the first answer of `ask`, or None where the program was told to stop before.

    `NotReachable` is tried again; everything else that `ask` raises is raised.
    """
    wait, last_said = FIRST_WAIT, float("-inf")
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        try:
            return await _unless(stop, ask())
        except NotReachable as error:
            if loop.time() - last_said >= SAID_EVERY:
                log.warning("%s Trying again.", error)
                last_said = loop.time()
            await _pause(stop, wait)
            wait = min(wait * 2, LONGEST_WAIT)
    return None


async def _unless(stop: asyncio.Event, asking: Coroutine[Any, Any, T]) -> T | None:
    """Return the answer, or None as soon as the program is told to stop: a silent server may take minutes."""
    question = asyncio.create_task(asking)
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((question, told), return_when=asyncio.FIRST_COMPLETED)
        return await question if question.done() else None
    finally:
        await _ended(question, told)


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
