"""The simulator, as the handlers of its paths need it."""

from typing import Protocol

from sandbox.systems.clock import MovableClock
from sandbox.systems.vspc.state import VspcState


class Console(Protocol):
    """One console: what it remembers, what time it is there, and where it stands."""

    state: VspcState
    clock: MovableClock
    url: str
