"""What the bot wrote into its database, read beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import NullPool, Select, create_engine, select

from bot.model import CaseState, Sight, Word
from bot.store.engine import sync_url
from bot.store.tables import cases, looks, outbox, outcomes, plans

_OPEN = (CaseState.LOOKING, CaseState.WAITING, CaseState.APPROVED, CaseState.RUNNING, CaseState.PAUSED)


@dataclass(frozen=True, slots=True)
class Ended:
    """One account's outcome as it stands in the database."""

    case_id: int
    system: str
    account: str
    word: Word


@dataclass(frozen=True, slots=True)
class Records:
    """The database of one bot. Every method opens it anew and changes nothing."""

    url: str

    async def states(self) -> dict[int, CaseState]:
        """Where each case stands."""
        return {row.id: CaseState(row.state) for row in await self._read(select(cases.c.id, cases.c.state))}

    async def unended(self) -> list[int]:
        """The cases in which the bot or an approver still has something to do."""
        return [case_id for case_id, state in (await self.states()).items() if state in _OPEN]

    async def outcomes(self) -> list[Ended]:
        """Every account's outcome."""
        rows = await self._read(select(outcomes))
        return [Ended(row.case_id, row.system, row.account_id, Word(row.word)) for row in rows]

    async def approved(self) -> set[int]:
        """The cases of which a plan was approved."""
        return {row.case_id for row in await self._read(select(plans.c.case_id).where(plans.c.state == "approved"))}

    async def unread(self) -> set[tuple[int, str]]:
        """The systems that could not be read for a case: case and name."""
        rows = await self._read(select(looks.c.case_id, looks.c.system, looks.c.discovery))
        return {(row.case_id, row.system) for row in rows if json.loads(row.discovery)["sight"] == Sight.NOT_READ}

    async def unsent(self) -> list[tuple[int, str]]:
        """The messages that wait in the outbox: case and key."""
        statement = select(outbox.c.case_id, outbox.c.key).where(outbox.c.wanted > outbox.c.sent)
        return [(row.case_id, row.key) for row in await self._read(statement)]

    async def _read(self, statement: Select[Any]) -> Sequence[Any]:
        return await asyncio.to_thread(self._read_now, statement)

    def _read_now(self, statement: Select[Any]) -> Sequence[Any]:
        engine = create_engine(sync_url(self.url), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return connection.execute(statement).all()
        finally:
            engine.dispose()
