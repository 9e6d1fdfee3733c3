"""The change feed: whoever waits for something to happen in the workspace waits here."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Feed:
    """A counter that only grows; `after` returns as soon as it has passed the given figure."""

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def changed(self) -> None:
        self.version += 1
        event, self._next = self._next, asyncio.Event()
        event.set()

    async def after(self, version: int) -> int:
        while self.version <= version:
            await self._next.wait()
        return self.version

    async def until(self, condition: Callable[[], T | None], seconds: float) -> T | None:
        """Return the first truthy answer; after `seconds` the condition is asked once more, then None."""
        try:
            async with asyncio.timeout(seconds):
                return await self._first(condition)
        except TimeoutError:
            return condition() or None

    async def _first(self, condition: Callable[[], T | None]) -> T:
        while True:
            version = self.version
            if found := condition():
                return found
            await self.after(version)
