"""What the bot wrote into its SQLite file, read beside it without a lock on anything."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_OUTCOMES = "SELECT case_id, system, word FROM outcomes"
_ENDS = "SELECT system, ended_at FROM work WHERE case_id = ? AND kind = 'remove'"


@dataclass(frozen=True, slots=True)
class Records:
    """The database of one bot. Every method opens it anew, read-only."""

    path: Path

    async def ends(self, case_id: int) -> dict[str, float | None]:
        """When the work in each system of a case had ended, its outcomes committed: seconds of the epoch, or None."""
        rows = await asyncio.to_thread(self._read, _ENDS, case_id)
        return {str(system): _epoch(at) for system, at in rows}

    async def words(self) -> dict[int, dict[str, str]]:
        """The outcome word of each system of each case."""
        found: dict[int, dict[str, str]] = {}
        for case_id, system, word in await asyncio.to_thread(self._read, _OUTCOMES):
            found.setdefault(int(str(case_id)), {})[str(system)] = str(word)
        return found

    def _read(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(statement, values).fetchall()


def _epoch(at: object) -> float | None:
    """Return a stored time, which is in UTC and without a zone, as seconds of the epoch."""
    return None if at is None else datetime.fromisoformat(str(at)).replace(tzinfo=UTC).timestamp()
