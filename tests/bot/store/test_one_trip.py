"""The SQLite connection that goes to its thread once for a statement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import pytest

from bot.store.one_trip import OneTrip, connected


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OneTrip]:
    ready = await connected(str(tmp_path / "shelf.db"), 1)
    await ready.cursor().execute("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT UNIQUE)")
    yield ready
    await ready.close()


async def test_a_statement_brings_its_columns_and_all_its_rows(connection: OneTrip) -> None:
    await connection.cursor().executemany("INSERT INTO books (title) VALUES (?)", [("Emma",), ("Persuasion",)])

    cursor = await connection.cursor().execute("SELECT id, title FROM books WHERE id > ? ORDER BY id", (0,))

    assert [column[0] for column in cursor.description] == ["id", "title"]
    assert await cursor.fetchall() == [(1, "Emma"), (2, "Persuasion")]


async def test_a_write_says_how_many_rows_it_changed_and_the_last_id(connection: OneTrip) -> None:
    cursor = await connection.cursor().execute("INSERT INTO books (title) VALUES (?)", ("Emma",))

    assert (cursor.rowcount, cursor.lastrowid, cursor.description) == (1, 1, None)
    assert await cursor.fetchall() == ()


async def test_a_statement_that_fails_raises_the_drivers_error_and_the_next_one_works(connection: OneTrip) -> None:
    await connection.cursor().execute("INSERT INTO books (title) VALUES (?)", ("Emma",))
    with pytest.raises(aiosqlite.IntegrityError):
        await connection.cursor().execute("INSERT INTO books (title) VALUES (?)", ("Emma",))

    assert await (await connection.cursor().execute("SELECT count(*) FROM books")).fetchall() == [(1,)]


async def test_the_thread_of_a_connection_does_not_keep_the_process_alive(connection: OneTrip) -> None:
    assert connection._thread.daemon


async def test_a_rollback_takes_back_what_was_begun_and_is_nothing_where_nothing_was(connection: OneTrip) -> None:
    await connection.cursor().execute("BEGIN")
    await connection.cursor().execute("INSERT INTO books (title) VALUES (?)", ("Emma",))
    await connection.rollback()
    await connection.rollback()

    rows = await connection.cursor().execute("SELECT count(*) FROM books")
    assert await rows.fetchall() == [(0,)]
    assert not connection.in_transaction
