"""The database at the start: whose file it is, and in plain words why it cannot be used."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.engine import migrate_engine
from bot.errors import ConfigurationError, OffboardError, Refusal
from bot.store import migrate
from bot.store.engine import BUSY_SECONDS, sync_url
from handlers.identity import NotReachable

_PASSING = (
    "starting up",
    "shutting down",
    "too many",
    "not yet accepting",
    "in recovery",
    "remaining connection slots",
)
"""What Postgres says where it refuses a connection only for now."""
_LACKS_RIGHT = "42501"
"""`insufficient_privilege` ("PostgreSQL Error Codes")."""


def database_file(address: str) -> Path | None:
    """Return the SQLite file of a database address, or None on Postgres."""
    try:
        url = make_url(address)
    except Exception:  # noqa: BLE001 — the library raises many kinds, and its texts may hold the password
        raise ConfigurationError("DATABASE_URL: not an address of a database") from None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


async def upgrade(address: str) -> None:
    """Create or upgrade our tables and, on Postgres, where a process may start without an engine, the engine's."""
    await migrate(address)
    if database_file(address) is None:
        await asyncio.to_thread(migrate_engine, sync_url(address).render_as_string(hide_password=False))


async def must_be_writable(address: str) -> None:
    """Raise `sqlite3.OperationalError` where a SQLite file may not be changed; changes nothing. Works in a thread."""
    file = database_file(address)
    if file is not None:
        await asyncio.to_thread(_write_nothing, file)


def _write_nothing(file: Path) -> None:
    """Write what stands there already, and take it back: on a file that is read-only SQLite begins all the same."""
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("ROLLBACK")


@contextmanager
def in_words() -> Iterator[None]:
    """Raise in plain words what the database's driver raises inside; what is a defect of ours passes as it is.

    `NotReachable` may be tried again, `Refusal` and `ConfigurationError` may not.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _of_file(error) from None
    except DBAPIError as error:
        known = explained(error)
        if known is None:
            raise
        raise known from None


def explained(error: DBAPIError) -> OffboardError | None:
    """Return what a driver's error means to an operator, None where it is not about the database's being usable.

    The text never quotes the driver's: a password with an unescaped sign may stand there as the name of a host.
    """
    if isinstance(error.orig, sqlite3.Error):
        return _of_file(error.orig)
    said = str(error.orig)
    if getattr(error.orig, "sqlstate", None) == _LACKS_RIGHT:
        return Refusal("DATABASE_URL: this database user lacks a right: it must own its schema.")
    if not isinstance(error, OperationalError):
        return None
    if "FATAL" in said and not any(word in said for word in _PASSING):
        return Refusal("DATABASE_URL: Postgres refuses the connection; check user, password and database name.")
    return NotReachable("The database in DATABASE_URL could not be reached.")


def _of_file(error: sqlite3.Error) -> ConfigurationError:
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return ConfigurationError(f"DATABASE_URL: the file cannot be used as a database ({name})")
