"""A database that takes no writes is not usable, though it can be read."""

from __future__ import annotations

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError

from bot.app.writes import Writes
from bot.store import SqlStore, open_store

_STUCK = text("CREATE TRIGGER stuck BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'no room'); END")
_FREE = text("DROP TRIGGER stuck")


async def test_a_database_that_takes_no_writes_is_noticed_within_seconds_and_again_once_it_does(
    migrated_sqlite_url: str,
) -> None:
    times = [0.0]
    writes = Writes(lambda: times[0])
    store = await open_store(migrated_sqlite_url)
    try:
        await writes.try_out(store)
        await _done(store, _STUCK)
        times[0] = 4.9
        await writes.try_out(store)
        times[0] = 5.0
        for _ in range(2):
            with pytest.raises(IntegrityError):
                await writes.try_out(store)
        await _done(store, _FREE)
        await writes.try_out(store)
    finally:
        await store.aclose()


async def _done(store: SqlStore, statement: TextClause) -> None:
    async with store.begin() as tx:
        await tx.connection.execute(statement)
