"""A long list that several looks share for a minute, since vendors count calls and long lists take long."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from providers.http import Door

SHARED_FOR = 60.0
"""Seconds for which a look may use a list that another look has read."""
MOST_SHARED = 100_000
"""Entries of the longest list that is kept between looks: some ten megabytes of names."""

T = TypeVar("T")

_of_doors: WeakKeyDictionary[Door, dict[str, Snapshot[Any]]] = WeakKeyDictionary()


class Snapshot(Generic[T]):
    """The last list. For looks only: what is read before a change, or proves one, is always asked anew.

    `clock` is in seconds and never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: T | None = None
        self._began = -math.inf
        self._changed = -math.inf

    @staticmethod
    def of(door: Door, name: str) -> Snapshot[Any]:
        """Return the one snapshot of this name that goes with a door: both live as long as the process."""
        return _of_doors.setdefault(door, {}).setdefault(name, Snapshot())

    @staticmethod
    def forget(door: Door) -> None:
        """Let the next look through this door read every list anew."""
        for kept in _of_doors.get(door, {}).values():
            kept.changed()

    async def value(self, read: Callable[[], Awaitable[T]], *, max_age: float) -> T:
        """Return a whole list that was begun at most `max_age` seconds before this call; 0 means begun after it.

        One list is read at a time; callers that wait share the next one. None from before a change is ever used.
        """
        oldest = self._clock() - max_age
        async with self._lock:
            kept = self._kept
            if kept is None or self._began < oldest or self._began <= self._changed:
                began, self._kept = self._clock(), None
                kept = await read()
                self._kept, self._began = kept, began
            return kept

    def changed(self) -> None:
        """Note that something was, or may have been, changed just now."""
        self._changed = self._clock()
        self._kept = None
