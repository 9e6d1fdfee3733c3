"""What ten thousand cases cost that wait for approval: processor and memory of the idle bot with them and without."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bench.case import open_case
from bench.figures import Goal, Row
from bench.memory import settled
from bench.scene import REQUESTERS, Setting, scene

CASES = 10_000
_SECONDS = 20.0
_MOST_TIME, _MOST_MEMORY = Goal("more", 2.0), Goal("more", 60.0)
_NUMBERS = "WITH RECURSIVE number(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
_UNIQUE = {"view_id", "value", "key"}
"""Columns of which no two rows may have the same: they get the number of their case."""


async def waiting_cases(cases: int = CASES) -> list[Row]:
    """Measure the idle bot with one case that waits, then with so many copies of it, in a new process each."""
    async with scene(Setting(leavers=1)) as set_up:
        bot = set_up.play.bot
        await open_case(set_up, set_up.leavers[0], REQUESTERS[0])
        few = await _idle(bot.pid)
        await bot.stop()
        await asyncio.to_thread(copied, set_up.play.folder / "offboard.db", cases)
        await bot.start()
        many = await _idle(bot.pid)
    what = f"{cases:,} cases wait for approval"
    return [
        Row(f"{what}: processor", "%", {"without": few[0], "with": many[0], "more": many[0] - few[0]}, goal=_MOST_TIME),
        Row(f"{what}: memory", "MB", {"without": few[1], "with": many[1], "more": many[1] - few[1]}, goal=_MOST_MEMORY),
    ]


async def _idle(pid: int) -> tuple[float, float]:
    """Per cent of a core, over twenty seconds, and RSS in MB, of a process that has settled."""
    memory = await settled(pid)
    before = processor_seconds(pid)
    await asyncio.sleep(_SECONDS)
    return 100 * (processor_seconds(pid) - before) / _SECONDS, memory.rss


def processor_seconds(pid: int) -> float:
    """Return what a process has used so far, of its own and of the system's time."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def copied(path: Path, cases: int) -> None:
    """Copy the only case of a database, with all rows that belong to it, until there are so many."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        _copy_rows(database, "cases", "id = 1", cases)
        for table in _tables_of_cases(database):
            _copy_rows(database, table, "case_id = 1", cases)
        for table, column in (("audit_chains", "name"), ("audit_events", "chain"), ("audit_values", "chain")):
            _copy_rows(database, table, f"{column} = 'case:1'", cases)
        database.execute("COMMIT")


def _tables_of_cases(database: sqlite3.Connection) -> list[str]:
    statement = """
        SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND c.name = 'case_id'
    """
    return [str(name) for (name,) in database.execute(statement).fetchall()]


def _copy_rows(database: sqlite3.Connection, table: str, which: str, cases: int) -> None:
    """Repeat these rows for the cases 2 to `cases`."""
    columns = [str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")]
    kept = [name for name in columns if name != "id" or table == "cases"]
    chosen = ", ".join(_anew(table, name) for name in kept)
    target = ", ".join(f'"{name}"' for name in kept)
    copying = f"INSERT INTO {table} ({target}) {_NUMBERS} SELECT {chosen} FROM {table}, number WHERE {which}"  # noqa: S608  # names of our own tables
    database.execute(copying, (cases,))


def _anew(table: str, column: str) -> str:
    if column == "case_id" or (table, column) == ("cases", "id"):
        return "n"
    if table.startswith("audit_") and column in {"name", "chain"}:
        return "'case:' || n"
    if table in {"cases", "open_keys", "intents"} and column in _UNIQUE:
        return f'"{column}" || n'
    return f'"{column}"'
