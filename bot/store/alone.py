"""One serving process at a Postgres database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import Refusal
from bot.store.engine import is_sqlite, sync_url

_LOCK = 0x0FFB_0A2E
_TRIES = 20
_PAUSE = 0.5
"""A process that was killed lets go when Postgres notices that its connection is gone, within a few seconds."""


@asynccontextmanager
async def alone(url: str) -> AsyncIterator[None]:
    """Hold the database's advisory lock while the block runs; on SQLite the file's lock does this already.

    Unfinished work is given back to a restarted process by its name, which two live processes must not share.
    Raises Refusal where another process serves this database.
    """
    address = sync_url(url)
    if is_sqlite(address):
        yield
        return
    engine = create_async_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            for _ in range(_TRIES):
                if await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
                    break
                await asyncio.sleep(_PAUSE)
            else:
                raise Refusal("Another process serves this database; this version takes one.")
            yield
    finally:
        await engine.dispose()
