"""How often we may speak: edits a minute, and log lines a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable

EDITS_A_MINUTE = 45
"""`chat.update` allows 50 a minute for the whole app ("chat.update", tier 3)."""
_MINUTE = 60.0
APART = 1.2
"""Seconds between two edits of one message; what changes in between is shown by the later one."""


class Budget:
    """One shared allowance of edits."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: deque[tuple[float, Hashable]] = deque()

    def allows(self, message: Hashable) -> bool:
        """Say whether this message may be edited now; nothing is spent."""
        now = self._clock()
        while self._spent and now - self._spent[0][0] >= _MINUTE:
            self._spent.popleft()
        too_soon = any(one == message and now - at < APART for at, one in self._spent)
        return not too_soon and len(self._spent) < EDITS_A_MINUTE

    def take(self, message: Hashable) -> bool:
        """Spend one edit on this message; False where it has to wait."""
        if not self.allows(message):
            return False
        self._spent.append((self._clock(), message))
        return True


class Seldom:
    """Lets each thing be said once in a while."""

    def __init__(self, seconds: float = _MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._said: dict[str, float] = {}

    def may_say(self, what: str) -> bool:
        now = self._clock()
        if now - self._said.get(what, -self._seconds) < self._seconds:
            return False
        self._said[what] = now
        return True
