"""What this process remembers about one entry, longer than one look: the list, and a key that was turned down."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from bot.errors import CredentialsRejected
from providers.http import Door
from providers.huawei_hss.rows import Row
from providers.snapshot import Snapshot

LOCKED_FOR = 300.0
"""Seconds for which the vendor locks a key after five wrong signatures; after one we ask no more for as long."""

_memories: WeakKeyDictionary[Door, Memory] = WeakKeyDictionary()


class Memory:
    """The last list, which saves calls (the vendor allows five a minute), and whether the key was turned down.

    `clock` is in seconds and never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._locked_until = -math.inf
        self.rows: Snapshot[tuple[Row, ...]] = Snapshot(clock)

    @staticmethod
    def of(door: Door) -> Memory:
        """Return the one memory that goes with a door: both belong to an entry and live as long as the process."""
        return _memories.setdefault(door, Memory())

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
