"""Background tasks that are kept, whose errors are logged, and that are waited for at the end."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


def described(error: BaseException) -> str:
    """Return an error's type and places, innermost first; not its text, which may quote what people typed."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


def report(what: str, error: BaseException) -> None:
    """Log that something ended with an error that nobody expected."""
    log.error("%s ended with %s", what, described(error))


class Tasks:
    """A set of running tasks. The loop alone would let a task be collected while it runs."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Start work in the background; never raises, neither here nor later."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, seconds: float) -> None:
        """Wait for what runs, at most that long; what is left then is cancelled."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        left = tuple(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            report(task.get_name(), error)
