"""Who writes next where one may write at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager


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
        async with AsyncExitStack() as held:
            async with asyncio.timeout(seconds):
                if not ahead:
                    await held.enter_async_context(self._behind)
                await held.enter_async_context(self._queue)
            yield
