"""What this process remembers about one entry, longer than one look: the vendor allows five lists a minute."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from bot.errors import CredentialsRejected
from providers.http import Door
from providers.huawei_hss.rows import Row

SHARED_FOR = 60.0
"""Seconds for which a look may use a list that another look has read."""
LOCKED_FOR = 300.0
"""Seconds for which the vendor locks a key after five wrong signatures; after one we ask no more for as long."""

_memories: WeakKeyDictionary[Door, Memory] = WeakKeyDictionary()


class Memory:
    """The last list, and whether the key was turned down. `clock` is in seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._rows: tuple[Row, ...] = ()
        self._began = -math.inf
        self._changed = -math.inf
        self._locked_until = -math.inf

    @staticmethod
    def of(door: Door) -> Memory:
        """Return the one memory that goes with a door: both belong to an entry and live as long as the process."""
        return _memories.setdefault(door, Memory())

    async def rows(self, read: Callable[[], Awaitable[tuple[Row, ...]]], *, max_age: float) -> tuple[Row, ...]:
        """Return a whole list that was begun at most `max_age` seconds before this call; 0 means begun after it.

        One list is read at a time; callers that wait share the next one. None from before a change is ever used.
        """
        oldest = self._clock() - max_age
        async with self._lock:
            if self._began < oldest or self._began <= self._changed:
                began = self._clock()
                self._rows = await read()
                self._began = began
            return self._rows

    def changed(self) -> None:
        """Note that something was, or may have been, changed just now."""
        self._changed = self._clock()

    def turned_down(self) -> None:
        """Note that the vendor did not accept the key."""
        self._locked_until = self._clock() + LOCKED_FOR

    def must_be_usable(self) -> None:
        """Raise `CredentialsRejected` within five minutes after the key was turned down, without asking anybody."""
        if self._clock() < self._locked_until:
            raise CredentialsRejected(
                "Huawei Cloud did not accept the key within the last five minutes; it is not asked again before they"
                " are over, because repeated wrong signatures lock a key"
            )
