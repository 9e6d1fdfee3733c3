"""Whether the database takes writes: one that is full or read-only is read without a complaint."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.store import SqlStore

_APART = 5.0


@dataclass(slots=True)
class Writes:
    """What was seen of it last. Asked ever so often, it writes once in five seconds while that goes well."""

    clock: Callable[[], float] = time.monotonic
    _went_well: float | None = None

    async def try_out(self, store: SqlStore) -> None:
        """Raise the driver's error where the database cannot be read or not be written."""
        await store.ping()
        now = self.clock()
        if self._went_well is not None and now - self._went_well < _APART:
            return
        self._went_well = None
        await store.touch()
        self._went_well = now
