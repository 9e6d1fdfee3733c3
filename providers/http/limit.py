"""How many calls a credential may make in a time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

_shared: dict[str, Limit] = {}


class Turns(Protocol):
    """Turns that several processes share."""

    async def take(self, key: str, calls: int, per: float) -> float:
        """Take the next free turn, of `calls` in any `per` seconds; return the seconds until it comes."""


class Limit:
    """At most `calls` calls in any window of `per` seconds; who comes later waits, in order.

    A window, not a bucket that refills: a bucket lets nearly twice as many through in its first window, and
    vendors count windows.
    """

    def __init__(self, calls: int, per: float, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._per = per
        self._clock = clock
        self._sleep = sleep
        self._turns: deque[float] = deque(maxlen=calls)

    async def turn(self) -> None:
        """Wait for the next free turn and take it."""
        now = self._clock()
        at = max(now, self._turns[0] + self._per) if len(self._turns) == self._turns.maxlen else now
        self._turns.append(at)
        if at > now:
            await self._sleep(at - now)

    @staticmethod
    def shared(key: str, calls: int, per: float) -> Limit:
        """Return the one limit of this process for `key`: endpoint and credential, never the name of an entry.

        Two entries that log on as one user draw from one limit. Put no secret in the key.
        """
        return _shared.setdefault(key, Limit(calls, per))
