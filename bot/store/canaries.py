"""The daily looks into each system: whose turn it is, and what came of the last one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.insert import insert
from bot.store.tables import canaries


async def take(connection: AsyncConnection, system: str, every: timedelta, now: datetime) -> bool:
    """Take the look into a system where the last one is that long ago; False where it is not, or somebody took it."""
    first = insert(connection, canaries).values(system=system, looked_at=now)
    again = first.on_conflict_do_update(
        index_elements=["system"], set_={"looked_at": now}, where=canaries.c.looked_at <= now - every
    )
    return (await connection.execute(again.returning(canaries.c.system))).first() is not None


async def note(connection: AsyncConnection, system: str, *, well: bool) -> bool | None:
    """Note what came of the look; return what came of the one before, None where there was none."""
    here = canaries.c.system == system
    before: bool | None = await connection.scalar(select(canaries.c.well).where(here))
    await connection.execute(update(canaries).where(here).values(well=well))
    return before


async def found(connection: AsyncConnection) -> Mapping[str, bool]:
    """Say of each system that was looked into whether it was well."""
    rows = await connection.execute(select(canaries.c.system, canaries.c.well).where(canaries.c.well.is_not(None)))
    return {str(row.system): bool(row.well) for row in rows}
