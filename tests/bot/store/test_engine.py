from __future__ import annotations

import asyncio
import gc
import sqlite3
import traceback
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Insert, insert, text
from sqlalchemy.exc import IntegrityError

from bot.errors import ConfigurationError
from bot.ports import Store
from bot.store import SqlStore, open_store, sync_engine_for_dbos, views
from bot.store.engine import sync_url
from bot.store.tables import open_keys
from tests.bot.store.samples import opened


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgres_means_one_driver(scheme: str) -> None:
    assert sync_url(f"{scheme}://u:p@db.test:5433/offboard?sslmode=require").render_as_string(hide_password=False) == (
        "postgresql+psycopg://u:p@db.test:5433/offboard?sslmode=require"
    )


def test_a_file_may_be_relative_or_absolute() -> None:
    assert sync_url("sqlite:///offboard.db").database == "offboard.db"
    assert sync_url("sqlite:////srv/offboard.db").database == "/srv/offboard.db"


@pytest.mark.parametrize(
    "url",
    ["", "hunter2", "mysql://root:hunter2@db/x", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://x:hunter2@y"],
)
def test_an_address_of_no_use_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as refused:
        sync_url(url)
    assert "hunter2" not in str(refused.value)


async def test_a_folder_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        await open_store(f"sqlite:///{tmp_path / 'missing' / 'offboard.db'}")


async def test_a_file_is_durable_and_patient(migrated_sqlite_url: str) -> None:
    store = await open_store(migrated_sqlite_url)
    async with store.begin() as tx:
        found = [
            (await tx.connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    await store.aclose()
    assert found == ["wal", 2, 1, 30_000]


def test_the_execution_engines_connections_are_as_durable(sqlite_url: str) -> None:
    engine = sync_engine_for_dbos(sqlite_url)
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert found == ["wal", 2, 1, 30_000]


async def test_a_writer_holds_the_file_before_its_first_write(migrated_sqlite_url: str, tmp_path: Path) -> None:
    store = await open_store(migrated_sqlite_url)
    with closing(sqlite3.connect(tmp_path / "offboard.db", timeout=0, isolation_level=None)) as other:
        async with store.begin():
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    await store.aclose()


async def test_a_reader_does_not_hold_the_file(store: SqlStore) -> None:
    async with store._engines.reading.begin() as reading:
        before = await views.view(reading, 1)
        case = await opened(store)
        assert (before, await views.view(reading, case.id)) == (None, None)


async def test_on_postgres_what_hangs_is_ended(migrated_postgres_url: str) -> None:
    store = await open_store(migrated_postgres_url)
    async with store.begin() as tx:
        found = [
            (await tx.connection.execute(text(f"SHOW {name}"))).scalar_one()
            for name in ("lock_timeout", "idle_in_transaction_session_timeout", "transaction_isolation")
        ]
    await store.aclose()
    assert found == ["30s", "20s", "read committed"]


async def test_an_error_of_the_database_does_not_repeat_what_stands_there(store: SqlStore) -> None:
    await opened(store)
    case = (await store.cases())[0]
    clash = insert(open_keys).values(kind="mail", value="dana.fox@example.com", case_id=case.id)
    with pytest.raises(IntegrityError) as refused:
        await _execute(store, clash)
    told = "".join(traceback.format_exception(refused.value))
    assert "dana.fox" not in told
    assert "unique" in told.casefold()


async def _execute(store: SqlStore, statement: Insert) -> None:
    async with store.begin() as tx:
        await tx.connection.execute(statement)


async def test_readers_see_the_last_commit_while_somebody_writes(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.want(case.id, "root")
        held = await tx.case(case.id)
        assert held is not None
        await tx.move(held, held.state, closing_note="not yet")
        assert await store.cases() == (case,)
    assert (await store.cases())[0].closing_note == "not yet"


async def test_a_view_is_one_moment_of_the_case(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        assert await tx.view(case.id) == await store.view(case.id)


async def test_the_store_is_the_port(store: SqlStore) -> None:
    port: Store = store
    await port.ping()
    async with port.begin() as tx:
        assert (await tx.now()).utcoffset() is not None
        assert await tx.now() == await tx.now()


async def test_a_cancelled_writer_leaves_the_way_free(store: SqlStore) -> None:
    case = await opened(store)
    inside = asyncio.Event()

    async def write() -> None:
        async with store.begin() as tx:
            await tx.want(case.id, "root")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.begin() as tx:
        await tx.want(case.id, "dm:requester", channel="U1")
        now = await tx.now()
    assert [post.key for post in await store.due_posts(now, 10)] == ["dm:requester"]


async def test_a_closed_store_leaves_nothing_open(migrated_url: str) -> None:
    store = await open_store(migrated_url)
    await asyncio.gather(*(store.ping() for _ in range(20)))
    await store.aclose()
    del store
    gc.collect()
