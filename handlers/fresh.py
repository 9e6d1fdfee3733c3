"""Answers that are reused for a short time, with one refresh in flight."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


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
