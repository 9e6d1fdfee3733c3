"""A clock that stands until it is moved, so that what a test counts in a second does not depend on the machine."""

from sandbox.systems.clock import MovableClock


class StillClock(MovableClock):
    def __init__(self, at: float = 1_790_000_000.0) -> None:
        super().__init__()
        self._at = at

    def now(self) -> float:
        return self._at + self._ahead
