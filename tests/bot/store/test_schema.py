from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from bot.errors import ConfigurationError
from bot.store import migrate, migrate_now, open_store, schema, sync_engine_for_dbos
from bot.store import migrations as migrations_package
from bot.store.tables import REVISION, metadata


@pytest.fixture
def migrated(database_url: str) -> Iterator[Engine]:
    """A synchronous engine on a migrated database."""
    migrate_now(database_url)
    engine = sync_engine_for_dbos(database_url)
    yield engine
    engine.dispose()


def test_the_migrations_make_exactly_the_tables(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_keys_and_rules_of_the_tables(migrated: Engine) -> None:
    looked_at = inspect(migrated)
    for table in metadata.sorted_tables:
        assert looked_at.get_pk_constraint(table.name)["constrained_columns"] == [
            column.name for column in table.primary_key
        ]
        rules = {
            foreign["name"]: foreign["options"].get("ondelete") for foreign in looked_at.get_foreign_keys(table.name)
        }
        assert rules == {str(rule.name): rule.ondelete for rule in table.foreign_key_constraints}


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    store = await open_store(database_url)
    async with store.begin() as tx:
        await tx.audit(None, "refused", {}, {})
    await store.aclose()
    await migrate(database_url)
    store = await open_store(database_url)
    assert [head.seq for head in await store.heads()] == [1]
    await store.aclose()


async def test_those_that_migrate_at_once_do_not_meet(database_url: str) -> None:
    together = threading.Barrier(4)
    await asyncio.gather(*(asyncio.to_thread(_migrate_together, together, database_url) for _ in range(4)))
    await (await open_store(database_url)).aclose()


def _migrate_together(together: threading.Barrier, url: str) -> None:
    together.wait()
    migrate_now(url)


def test_a_file_that_another_program_never_lets_go_of_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0)
    with closing(sqlite3.connect(tmp_path / "offboard.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ConfigurationError, match="another program"):
            migrate_now(f"sqlite:///{tmp_path / 'offboard.db'}")


async def test_a_database_without_tables_is_not_opened(database_url: str) -> None:
    with pytest.raises(ConfigurationError, match="offboard migrate"):
        await open_store(database_url)


async def test_a_database_of_an_older_program_is_not_opened(database_url: str) -> None:
    await migrate(database_url)
    engine = sync_engine_for_dbos(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    with pytest.raises(ConfigurationError, match="older"):
        await open_store(database_url)


async def test_a_file_is_for_its_owner_only(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path / 'offboard.db'}")
    store = await open_store(f"sqlite:///{tmp_path / 'offboard.db'}")
    async with store.begin() as tx:
        await tx.audit(None, "refused", {}, {})
        modes = await asyncio.to_thread(_modes, tmp_path)
    await store.aclose()
    assert modes == {"offboard.db": 0o600, "offboard.db-wal": 0o600, "offboard.db-shm": 0o600}


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_path_with_a_percent_sign_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "100%s"
    folder.mkdir()
    migrate_now(f"sqlite:///{folder / 'offboard.db'}")
    assert (folder / "offboard.db").stat().st_size > 0


def test_the_tables_need_the_newest_migration() -> None:
    scripts = ScriptDirectory(str(Path(migrations_package.__file__).parent))
    assert scripts.get_heads() == [REVISION]
