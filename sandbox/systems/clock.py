"""The clock that the simulators go by; a test moves it instead of waiting."""

import time


class MovableClock:
    """The machine's clock plus what it was moved by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time() + self._ahead

    def forward(self, seconds: float) -> None:
        self._ahead += seconds
