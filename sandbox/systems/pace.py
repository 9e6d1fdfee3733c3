"""A rate limit: so many calls in so many seconds, by the movable clock."""

from collections import deque


class Pace:
    """Admits `count` calls in any `seconds`; a call that is turned away does not count."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._admitted: deque[float] = deque()

    def admits(self, now: float) -> bool:
        while self._admitted and self._admitted[0] <= now - self._seconds:
            self._admitted.popleft()
        if len(self._admitted) >= self._count:
            return False
        self._admitted.append(now)
        return True
