"""Threads that write to the same SQLite file as the loop: they wait for their turn, and not for the file's lock.

SQLite lets a writer that finds the file locked sleep, longer each time, and look again; whoever holds the lock has
taken it again by then. Beside a loop that writes all the time a thread would wait for seconds, and be passed over.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from bot.store.turn import Release, Turn

_HELD: Final = "offboard_turn"
_LATE: Final = 5.0
"""Seconds after which a loop that ought to have said yes or no by then is taken to stand still."""
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


def stand_in_line(engine: Engine, turn: Turn, seconds: float) -> None:
    """Let each transaction of this engine take its turn before it first writes; to be called on the turn's loop.

    It goes ahead of the background's work: its writes are short, and nothing new begins before they are done. Where the
    turn does not come in that many seconds, and on the loop itself, which cannot wait, it goes for the file's lock.
    """
    threads = _Threads(turn, asyncio.get_running_loop(), seconds)
    event.listen(engine, "before_cursor_execute", threads.before)
    event.listen(engine, "checkin", threads.after)


class _Threads:
    """What the engine's events call, in whatever thread its transaction runs."""

    def __init__(self, turn: Turn, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._turn = turn
        self._loop = loop
        self._on_loop = threading.get_ident()
        self._seconds = seconds

    def before(self, connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        """Take the turn before a transaction's first write."""
        if _HELD not in connection.info and statement.lstrip().startswith(_WRITES) and self._may_wait():
            connection.info[_HELD] = self._take()

    def _may_wait(self) -> bool:
        return threading.get_ident() != self._on_loop and self._loop.is_running()

    def _take(self) -> Release | None:
        coming = asyncio.run_coroutine_threadsafe(self._turn.take(ahead=True, seconds=self._seconds), self._loop)
        concurrent.futures.wait([coming], self._seconds + _LATE)
        if not coming.done():
            coming.add_done_callback(self._too_late)
            return None
        return coming.result() if _has_come(coming) else None

    def _too_late(self, coming: concurrent.futures.Future[Release]) -> None:
        """Give a turn back that came when its thread no longer waited: the loop did not run meanwhile."""
        if _has_come(coming):
            self._give_back(coming.result())

    def _give_back(self, release: Release) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(release)

    def after(self, _: object, record: Any) -> None:  # noqa: ANN401 - the pool's own record, or the connection around it
        """Give the turn back once the transaction is over and its connection is the pool's again."""
        release = record.info.pop(_HELD, None)
        if release is not None:
            self._give_back(release)


def _has_come(coming: concurrent.futures.Future[Release]) -> bool:
    return not coming.cancelled() and coming.exception() is None
