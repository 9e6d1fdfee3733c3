"""Connections: which driver, which pragmas, which isolation."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import ConfigurationError
from bot.store.one_trip import connected

BUSY_SECONDS: Final = 30
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what retention deletes must not linger in free pages
    f"busy_timeout={BUSY_SECONDS * 1000}",
)
_LIMITS: Final = (f"lock_timeout = '{BUSY_SECONDS}s'", "idle_in_transaction_session_timeout = '20s'")
_DURABLE: Final = (
    "SELECT set_config(name, 'on', false) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'"
)
_POSTGRES: Final = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
_SQLITE: Final = frozenset({"sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"})
_WRITES: Final = "offboard_writes"


def sync_url(url: str) -> URL:
    """Return the address for a synchronous driver.

    Raises `ConfigurationError`, never with the address in its text, where it is neither a SQLite file nor Postgres.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise ConfigurationError("DATABASE_URL is not an address of a database.") from None
    if address.drivername in _POSTGRES:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in _SQLITE:
        raise ConfigurationError("DATABASE_URL begins with neither sqlite:/// nor postgresql://.")
    if address.database in {None, "", ":memory:"}:
        raise ConfigurationError("DATABASE_URL names no file: sqlite:///offboard.db would.")
    return address.set(drivername="sqlite")


def is_sqlite(url: URL) -> bool:
    """Whether this address is a file."""
    return url.get_backend_name() == "sqlite"


def make_file(url: URL) -> None:
    """Create a SQLite file for its owner's eyes only, and leave one that exists as it is.

    One that exists is not even opened: closing it again would drop all of SQLite's locks on it that this process
    holds ("How To Corrupt An SQLite Database File", POSIX advisory locks), and the next reader beside us would take
    itself for the last one and delete the log that we go on writing to.
    """
    if not is_sqlite(url) or url.database is None:
        return
    try:
        os.close(os.open(Path(url.database), os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise ConfigurationError(f"The file in DATABASE_URL cannot be opened: {error.strerror}.") from None


class Engines:
    """For writing, for reading and, on Postgres, for one statement `alone`, which commits by itself. One pool."""

    def __init__(self, url: str) -> None:
        address = sync_url(url)
        self.sqlite = is_sqlite(address)
        self._pool = _file_pool(address) if self.sqlite else _server_pool(address)
        self.writing = self._pool.execution_options(**_writing_options(sqlite=self.sqlite))
        self.alone = self._pool.execution_options(**({} if self.sqlite else {"isolation_level": "AUTOCOMMIT"}))
        self.reading = self._pool.execution_options(**_reading_options(sqlite=self.sqlite))

    async def aclose(self) -> None:
        """Close every connection; a SQLite connection's thread would keep the process alive."""
        await self._pool.dispose()


def _writing_options(*, sqlite: bool) -> dict[str, Any]:
    return {_WRITES: True} if sqlite else {"isolation_level": "READ COMMITTED"}


def _reading_options(*, sqlite: bool) -> dict[str, Any]:
    return {} if sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _file_pool(address: URL) -> AsyncEngine:
    pool = create_async_engine(
        address.set(drivername="sqlite+aiosqlite"),
        async_creator=partial(connected, str(address.database), BUSY_SECONDS),
        pool_size=5,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(pool.sync_engine, "connect", set_pragmas)
    event.listen(pool.sync_engine, "begin", _begin)
    return pool


def _server_pool(address: URL) -> AsyncEngine:
    pool = create_async_engine(address, pool_size=5, max_overflow=5, pool_pre_ping=True, hide_parameters=True)
    event.listen(pool.sync_engine, "connect", _set_limits)
    event.listen(pool.sync_engine, "handle_error", _hush)
    return pool


def _set_limits(connection: Any, _record: object) -> None:  # noqa: ANN401 - the adapter around the driver's connection
    """End what hangs: a wait for a row, and a transaction whose program no longer says anything.

    A commit has reached the disk when it returns, whatever the server's default is: an intent that is lost with the
    server would make a removal of ours look like somebody else's.
    """
    connection.autocommit = True
    with closing(connection.cursor()) as cursor:
        for limit in _LIMITS:
            cursor.execute(f"SET {limit}")
        cursor.execute(_DURABLE)
    connection.autocommit = False


def _hush(context: ExceptionContext) -> None:
    """Keep an error to its first line: in the details Postgres repeats what stands in the row."""
    error = context.original_exception
    if isinstance(error, psycopg.Error):
        error.args = (error.diag.message_primary or type(error).__name__,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = error.args


def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - two drivers' connections come here
    """Make a new SQLite connection durable and patient."""
    with closing(connection.cursor()) as cursor:
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Begin what the driver does not: a writer waits for the lock here, not in the middle of its work."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sync_engine_for_dbos(url: str) -> Engine:
    """Return an engine of its own on the same database, for the execution engine's threads; the caller disposes it.

    On SQLite every transaction that writes begins IMMEDIATE, by the driver, because that library also begins by hand.
    """
    address = sync_url(url)
    if not is_sqlite(address):
        return create_engine(address, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
    make_file(address)
    engine = create_engine(
        address,
        connect_args={"isolation_level": "IMMEDIATE", "timeout": BUSY_SECONDS},
        pool_size=8,
        max_overflow=8,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_pragmas_outside)
    return engine


def _set_pragmas_outside(connection: sqlite3.Connection, record: object) -> None:
    """Set them outside a transaction: `synchronous` and `foreign_keys` are not heeded inside one."""
    connection.commit()
    set_pragmas(connection, record)
