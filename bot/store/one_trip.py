"""SQLite's driver with one trip to its thread for each statement, where it makes four: cursor, execute, rows, close.

A click is a dozen statements, and while it has its turn nobody else writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import aiosqlite

Rows = Sequence[Any]
_CHUNK: Final = 64
"""Rows that the driver would bring at a time, were it asked for them one by one."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a statement left: its columns (None where it has none), its rows, and the driver's two numbers."""

    description: Any = None
    rows: Rows = ()
    rowcount: int = -1
    lastrowid: int | None = None


class OneTrip(aiosqlite.Connection):
    """A connection of which SQLAlchemy asks what it would ask of the driver's own."""

    def daemonic(self) -> Self:
        """Let the process end while this connection is open, as SQLAlchemy does with those that it makes."""
        self._thread.daemon = True
        return self

    async def rollback(self) -> None:
        """Go to the thread only where something was begun: the pool asks for this after every commit too."""
        if self.in_transaction:
            await super().rollback()

    def cursor(self) -> Cursor:  # type: ignore[override]  # the driver's goes to the thread for it
        return Cursor(self)

    async def done(self, sql: str, values: Iterable[Any], *, many: bool) -> Done:
        """Carry a statement out and bring all its rows."""
        found: Done = await self._execute(_done, self._conn, sql, values, many)  # type: ignore[no-untyped-call]  # it is
        return found


def _done(connection: sqlite3.Connection, sql: str, values: Iterable[Any], many: bool) -> Done:
    cursor = connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)  # type: ignore[arg-type]  # both take what came
        rows = cursor.fetchall() if cursor.description else ()
        return Done(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


@dataclass(slots=True)
class Cursor:
    """The part of a cursor that SQLAlchemy uses; its rows are here as soon as the statement is done."""

    connection: OneTrip
    arraysize: int = 1
    _done: Done = field(default_factory=Done)

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, values: Iterable[Any] = ()) -> Self:
        self._done = await self.connection.done(sql, values, many=False)
        return self

    async def executemany(self, sql: str, values: Iterable[Any]) -> Self:
        self._done = await self.connection.done(sql, values, many=True)
        return self

    async def fetchall(self) -> Rows:
        return self._done.rows

    async def close(self) -> None:
        """Nothing is open: the thread has closed its cursor already."""

    @property
    def description(self) -> Any:  # noqa: ANN401 - the driver's own, passed on
        return self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid


async def connected(path: str, seconds: float) -> OneTrip:
    """Open a file, on which transactions are begun by hand; a locked one is waited for so long."""
    connection = OneTrip(lambda: sqlite3.connect(path, timeout=seconds, isolation_level=None), _CHUNK).daemonic()
    await connection
    return connection
