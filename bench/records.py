"""What the bot wrote into its database, read beside it without a lock on anything."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from bot.store.engine import is_sqlite, sync_url

_OUTCOMES = "SELECT case_id, system, word FROM outcomes"
_ENDS = "SELECT system, ended_at FROM work WHERE case_id = :case AND kind = 'remove'"
_OPEN = "SELECT count(*) FROM work WHERE ended_at IS NULL"
_ENDED = "SELECT count(*) FROM cases WHERE ended_at IS NOT NULL"
_LAST = "SELECT max(ended_at) FROM work WHERE kind = 'remove'"
_MOVED = """
SELECT case_id, system FROM work WHERE kind = 'remove' AND ended_at >= :since
UNION SELECT case_id, system FROM intents WHERE at >= :since OR answered_at >= :since
"""
_UNDER_WAY = """
SELECT case_id, system FROM work JOIN {engine}workflow_status
ON workflow_uuid = 'remove:' || case_id || ':' || attempt || ':' || system AND status = 'PENDING'
WHERE kind = 'remove' AND ended_at IS NULL
"""
_UNPOSTED = "SELECT count(*) FROM outbox WHERE ts IS NULL"
_LATELY = "SELECT count(*) FROM work WHERE kind = 'remove' AND ended_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Records:
    """The database of one bot. Every method opens it anew."""

    url: str

    async def ends(self, case_id: int) -> dict[str, float | None]:
        """When the work in each system of a case had ended, its outcomes committed: seconds of the epoch, or None."""
        rows = await asyncio.to_thread(self._read, _ENDS, {"case": case_id})
        return {str(system): _epoch(at) for system, at in rows}

    async def words(self) -> dict[int, dict[str, str]]:
        """The outcome word of each system of each case."""
        found: dict[int, dict[str, str]] = {}
        for case_id, system, word in await asyncio.to_thread(self._read, _OUTCOMES):
            found.setdefault(int(str(case_id)), {})[str(system)] = str(word)
        return found

    async def open_work(self) -> int:
        """How many looks and removals are open."""
        return await self._number(_OPEN)

    async def ended_cases(self) -> int:
        """How many cases have ended."""
        return await self._number(_ENDED)

    async def removals_ended(self) -> int:
        """How many removals have ended."""
        return await self._number(_LATELY)

    async def unposted(self) -> int:
        """How many messages were never posted yet; edits that are due do not count."""
        return await self._number(_UNPOSTED)

    async def under_way(self) -> frozenset[tuple[int, str]]:
        """The removals that have begun, by the engine's rows, and not ended, by ours: case and system."""
        return await self._places(_UNDER_WAY.format(engine="" if is_sqlite(sync_url(self.url)) else "dbos."))

    async def moved_since(self, at: float) -> frozenset[tuple[int, str]]:
        """The removals that have sent something or ended since that time, in seconds of the epoch."""
        moment = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
        return await self._places(_MOVED, {"since": str(moment)})

    async def _places(self, statement: str, values: Mapping[str, object] | None = None) -> frozenset[tuple[int, str]]:
        rows = await asyncio.to_thread(self._read, statement, values)
        return frozenset((int(str(case_id)), str(system)) for case_id, system in rows)

    async def last_end(self) -> float:
        """When the last removal ended, in seconds of the epoch; 0 where there was none."""
        ((at,),) = await asyncio.to_thread(self._read, _LAST)
        return _epoch(at) or 0.0

    async def _number(self, statement: str) -> int:
        ((count,),) = await asyncio.to_thread(self._read, statement)
        return int(str(count))

    def _read(self, statement: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        address = sync_url(self.url)
        if is_sqlite(address):
            address = address.set(database=f"file:{Path(address.database or '')}").update_query_dict(
                {"mode": "ro", "uri": "true", "timeout": "30"}
            )
        engine = create_engine(address, poolclass=NullPool)
        with closing(engine.connect()) as connection:
            return [tuple(row) for row in connection.execute(text(statement), values or {})]


def _epoch(at: object) -> float | None:
    """Return a stored time, with a zone or in UTC without one, as seconds of the epoch."""
    if at is None:
        return None
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
