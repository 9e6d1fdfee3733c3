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
R = TypeVar("R")

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
        self._number = 0
        """How many lists were begun: the number of the last one. Exact where two readings of a clock may be equal."""

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

        One list is read at a time; callers that wait share the next one. None from before a change is ever used. A
        look uses `search` instead: what is missing in an older list may be there by now.
        """
        return (await self._at_least(read, max_age, after=self._number if max_age <= 0 else 0))[0]

    async def search(
        self,
        read: Callable[[], Awaitable[T]],
        compare: Callable[[T], Awaitable[R]],
        *,
        is_complete: Callable[[R], bool],
    ) -> R:
        """Return what `compare` finds in the shared list, or in one begun after this call where that is not complete.

        A list of up to a minute ago may bring a match and never an absence: an account that was made within that
        minute is not in it. `is_complete` says whether a result rests on no absence, e.g. every key was found; a
        result from a list begun after this call is final, whatever it is.
        """
        before = self._number
        shared, number = await self._at_least(read, SHARED_FOR, after=0)
        found = await compare(shared)
        if number > before or is_complete(found):
            return found
        return await compare((await self._at_least(read, math.inf, after=before))[0])

    async def _at_least(self, read: Callable[[], Awaitable[T]], max_age: float, *, after: int) -> tuple[T, int]:
        """Return a list of at most this age and with a higher number than `after`, and its number."""
        oldest = self._clock() - max_age
        async with self._lock:
            kept = self._kept
            if kept is None or self._number <= after or self._began < oldest or self._began <= self._changed:
                began, self._kept = self._clock(), None
                self._number += 1
                kept = await read()
                self._kept, self._began = kept, began
            return kept, self._number

    def changed(self) -> None:
        """Note that something was, or may have been, changed just now."""
        self._changed = self._clock()
        self._kept = None
