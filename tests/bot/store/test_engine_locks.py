"""SQLite's locks on the file, which the system drops when the process closes any handle on it that is not SQLite's."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bot.store import open_store, sync_engine_for_dbos
from tests.bot.store.samples import opened

_READ = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM cases'); c.close()"


def read_beside(file: Path) -> None:
    """Read the database in another process, as `offboard verify` does, and close it again."""
    subprocess.run([sys.executable, "-c", _READ, str(file)], check=True)  # noqa: S603 - our own interpreter


async def test_whoever_reads_the_file_beside_the_bot_does_not_throw_away_what_the_bot_writes_next(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "offboard.db"
    store = await open_store(migrated_sqlite_url)
    await store.ping()
    engine = sync_engine_for_dbos(migrated_sqlite_url)
    read_beside(file)

    await opened(store)

    with closing(sqlite3.connect(file)) as beside:
        assert beside.execute("SELECT count(*) FROM cases").fetchone() == (1,)
    engine.dispose()
    await store.aclose()
