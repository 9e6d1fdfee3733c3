"""Who writes next where one may write at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, asynccontextmanager

Release = Callable[[], None]


class Turn:
    """One holder at a time, in order of coming; but whoever goes `ahead` waits for no more than the holder.

    Of those who do not go ahead at most one stands in the queue proper; the others wait behind a lock of their own.
    """

    def __init__(self) -> None:
        self._queue = asyncio.Lock()
        self._behind = asyncio.Lock()

    @asynccontextmanager
    async def taken(self, *, ahead: bool, seconds: float) -> AsyncGenerator[None]:
        """Hold the turn while the block runs. TimeoutError where it does not come in time."""
        release = await self.take(ahead=ahead, seconds=seconds)
        try:
            yield
        finally:
            release()

    async def take(self, *, ahead: bool, seconds: float) -> Release:
        """Wait for the turn; it is held until what is returned is called. TimeoutError where it comes too late."""
        with ExitStack() as held:
            async with asyncio.timeout(seconds):
                for lock in (self._queue,) if ahead else (self._behind, self._queue):
                    await lock.acquire()
                    held.callback(lock.release)
            return held.pop_all().close
