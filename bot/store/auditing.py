"""The whole audit, read chain by chain: a log of many cases does not fit in memory at once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.evidence.seals import Seal
from bot.store import chains, seals
from bot.store.tables import audit_chains, audit_events, audit_values


class AuditLog:
    """The audit as one transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def names(self) -> tuple[str, ...]:
        """Every chain of which anything is left: its head, an event or a value."""
        columns = (audit_chains.c.name, audit_events.c.chain, audit_values.c.chain)
        found = {name for column in columns for name in await self._connection.scalars(select(column).distinct())}
        return tuple(sorted(found))

    async def chain(self, name: str) -> chains.Chain:
        """One chain, whole."""
        return await chains.read(self._connection, name)

    async def seals(self) -> tuple[Seal, ...]:
        """All seals, oldest first."""
        return await seals.read(self._connection)
