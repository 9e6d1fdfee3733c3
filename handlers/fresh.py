"""Answers that are reused for a short time, or shared by those who wait for them; one reading in flight each."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MINUTE = 60.0


def _looked_at(task: asyncio.Task[Any]) -> None:
    """Take note of a failure that nobody waits for any more, so that the loop does not complain of it."""
    if not task.cancelled():
        task.exception()


class Fresh(Generic[K, V]):
    """Answers no older than `seconds`, counted from when they were asked for. Failures are not kept."""

    def __init__(
        self,
        read: Callable[[K], Coroutine[Any, Any, V]],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._clock = clock
        self._known: dict[K, tuple[float, asyncio.Task[V]]] = {}

    async def get(self, key: K) -> V:
        """Return the answer; whoever asks while it is being read waits for the same reading."""
        now = self._clock()
        known = self._known.get(key)
        if known is None or now - known[0] >= self._seconds:
            self._forget_old(now)
            known = (now, asyncio.create_task(self._read(key)))
            known[1].add_done_callback(_looked_at)
            self._known[key] = known
        try:
            return await asyncio.shield(known[1])
        except Exception:
            if self._known.get(key) is known:
                del self._known[key]
            raise

    def _forget_old(self, now: float) -> None:
        old = [key for key, (at, task) in self._known.items() if task.done() and now - at >= self._seconds]
        for key in old:
            del self._known[key]


class SharedReading(Generic[K, V]):
    """Readings that begin after they were asked for: whoever asks during one waits for, and shares, the next one.

    In a minute `free` readings of a key begin at once; more of them begin `pause` seconds apart, since Slack counts.
    """

    def __init__(
        self,
        read: Callable[[K], Coroutine[Any, Any, V]],
        *,
        free: int = 60,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._read = read
        self._free = free
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._next: dict[K, asyncio.Task[V]] = {}
        self._running: dict[K, asyncio.Task[V]] = {}
        self._begun: dict[K, deque[float]] = {}

    async def get(self, key: K) -> V:
        """Return an answer that was begun after this call. Raises what the reading raises."""
        task = self._next.get(key)
        if task is None:
            task = asyncio.create_task(self._read_next(key, self._running.get(key)))
            task.add_done_callback(_looked_at)
            self._next[key] = task
        return await asyncio.shield(task)

    async def _read_next(self, key: K, before: asyncio.Task[V] | None) -> V:
        if before is not None:
            await asyncio.wait([before])
        await self._wait_in_line(key)
        task = self._next.pop(key)
        self._running[key] = task
        try:
            return await self._read(key)
        finally:
            if self._running.get(key) is task:
                del self._running[key]

    async def _wait_in_line(self, key: K) -> None:
        begun = self._begun.setdefault(key, deque())
        now = self._clock()
        while begun and now - begun[0] >= _MINUTE:
            begun.popleft()
        if len(begun) >= self._free and now - begun[-1] < self._pause:
            await self._sleep(self._pause - (now - begun[-1]))
        begun.append(self._clock())
