"""A newer version is started on the database of an older one, on which a case was running when that one died."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

import bot.store
from bot.store.tables import metadata
from sandbox.stage import Staging, stage
from sandbox.systems.all import ENTRIES
from sandbox.systems.faults import Fault
from sandbox.walk import approve, disagreements, open_case, standing

DANA = "dana@acme.test"
LABELS = {label for _, label in ENTRIES.values()}
OLDER = "0002"
"""The revision of the version before several processes could share a database."""


def made_older(file: Path) -> None:
    """Put in the file's place one of the older revision, with all rows as far as that had room for them."""
    older = file.with_name("older.db")
    config = Config()
    config.set_main_option("script_location", str(Path(bot.store.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{older}", poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, OLDER)
    engine.dispose()
    with closing(sqlite3.connect(older, isolation_level=None)) as database:
        database.execute("ATTACH ? AS newer", (str(file),))
        _take_over(database)
        database.execute("DETACH newer")
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    older.replace(file)


def _take_over(database: sqlite3.Connection) -> None:
    """Copy what both know, and the execution engine's own tables as they are."""
    known = {name for (name,) in database.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    made = database.execute(
        "SELECT name, sql FROM newer.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "AND tbl_name NOT IN (SELECT name FROM main.sqlite_master) ORDER BY type DESC"
    ).fetchall()
    ours = {*metadata.tables, *(str(index.name) for table in metadata.tables.values() for index in table.indexes)}
    for name, sql in made:
        if name not in ours:
            database.execute(sql)
    rows = database.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (name,) in rows.fetchall():
        if name != "alembic_version" and (name in known or name not in ours):
            _copy(database, name)


def _copy(database: sqlite3.Connection, table: str) -> None:
    columns = ", ".join(f'"{row[1]}"' for row in database.execute(f'PRAGMA main.table_info("{table}")'))
    database.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM newer."{table}"')  # noqa: S608 - names of our own tables


@pytest.mark.parametrize("kind", ["vspc", "rsa_cas"])
async def test_a_case_that_an_older_version_was_running_is_ended_by_the_newer_one(kind: str) -> None:
    async with stage(Staging(limits=False, slack_limits=False)) as play:
        before = standing(play, DANA)
        pid, killed_at = play.bot.pid, Fault("act", method="DELETE", path="/users/")
        killed_at.act = lambda: os.kill(pid, signal.SIGKILL)
        play.world.by_kind[kind].faults.add(killed_at)
        thread = await open_case(play, DANA)
        await approve(thread)
        assert await play.bot.ended(60) is not None
        made_older(play.folder / "offboard.db")

        await play.bot.start()

        await play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 90)
        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(play, DANA, thread.words(), before) == []
        assert all(simulator.journal.unread_writes() == [] for simulator in play.world.by_kind.values())
        code, said = await play.bot.run("verify", "--database")
        assert code == 0, said
