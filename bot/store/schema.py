"""Bringing a database to the schema that this program needs, without files outside the package."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, event, inspect, text

from bot.errors import ConfigurationError
from bot.store.engine import BUSY_SECONDS, is_sqlite, make_file, set_pragmas, sync_url
from bot.store.tables import REVISION

_LOCK = 0x0FFB_0A2D
"""The number of our advisory lock on Postgres, so that two hosts never migrate at once."""


async def migrate(url: str) -> None:
    """Create or upgrade the schema; does nothing where it is new enough. Works in a thread."""
    await asyncio.to_thread(migrate_now, url)


def migrate_now(url: str) -> None:
    """As `migrate`, and blocks."""
    address = sync_url(url)
    make_file(address)
    if is_sqlite(address):
        _use_wal(str(address.database))
        engine = create_engine(
            address, poolclass=NullPool, connect_args={"isolation_level": None, "timeout": BUSY_SECONDS}
        )
        event.listen(engine, "connect", set_pragmas)
        event.listen(engine, "begin", _begin_immediate)
    else:
        engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if (_found(connection) or "") < REVISION:
            _upgrade(connection)


def _use_wal(path: str) -> None:
    """Switch a new file to WAL for good; where two do so at once SQLite tells one so without waiting."""
    give_up_at = time.monotonic() + BUSY_SECONDS
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        while not _is_wal(connection):
            if time.monotonic() > give_up_at:
                raise ConfigurationError(
                    "The file in DATABASE_URL is locked by another program, or on a disk without WAL."
                )
            time.sleep(0.01)


def _is_wal(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - 12 MB that a program with a new enough schema does without
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def require_schema(connection: Connection) -> None:
    """Raise `ConfigurationError` where the schema is older than this program."""
    found = _found(connection)
    if found is None:
        raise ConfigurationError("The database has no tables yet: run `offboard migrate`.")
    if found < REVISION:
        raise ConfigurationError("The database is older than this program: run `offboard migrate`.")


def _found(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
