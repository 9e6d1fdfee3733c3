"""How often we may speak: posts and edits of messages, and log lines a minute."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta

EDITS_A_MINUTE = 45
"""`chat.update` allows 50 a minute for the whole app ("chat.update", tier 3)."""
_MINUTE = 60.0
APART = 1.2
"""Seconds between two edits of one message; what changes in between is shown by the later one."""
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 15.0
"""Seconds between two edits of a message that only follows the work: each pause is twice the one before."""
POSTS_AT_ONCE = 4
POSTS_A_SECOND = 0.95
"""A channel takes one message a second and a few at once ("Rate limits", chat.postMessage); we stay below."""
_REMEMBERED = 2000


class Onward:
    """A clock that never runs back: where the machine's is put back, it goes on from where it was."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._seen = datetime.min.replace(tzinfo=UTC)
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        now = self._now()
        self._ahead += max(self._seen - now, timedelta())
        self._seen = now
        return now + self._ahead


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


class Calm:
    """Makes a message that is edited again and again wait a little longer each time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def allows(self, message: Hashable) -> bool:
        """Whether it was left alone for long enough; one that was never shown may be."""
        at, pause = self._last.get(message, (0.0, 0.0))
        return self._clock() - at >= pause

    def shown(self, message: Hashable) -> None:
        """Note that it was posted or edited just now."""
        _, pause = self._last.pop(message, (0.0, FIRST_PAUSE / 2))
        self._last[message] = (self._clock(), min(2 * pause, LONGEST_PAUSE))
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)


class Room:
    """New messages a channel takes: a few at once, then about one a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, channel: str) -> bool:
        """Spend one post to this channel; False where it has to wait."""
        now = self._clock()
        left, at = self._left.get(channel, (float(POSTS_AT_ONCE), now))
        left = min(float(POSTS_AT_ONCE), left + (now - at) * POSTS_A_SECOND)
        self._left[channel] = (left - 1 if left >= 1 else left, now)
        return left >= 1


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
