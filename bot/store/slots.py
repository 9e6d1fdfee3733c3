"""Named places that one process holds at a time, each taking with a higher number than the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.insert import insert
from bot.store.tables import slots

_LONG_AGO = datetime.fromtimestamp(0, UTC)


async def lease(connection: AsyncConnection, name: str, holder: str, now: datetime, ttl: timedelta) -> int | None:
    """Take the place where it is free or its time is over; return the fencing number, or None where it is held."""
    first = insert(connection, slots).values(name=name, holder=holder, fence=1, expires_at=now + ttl)
    over = first.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "fence": slots.c.fence + 1, "expires_at": now + ttl},
        where=slots.c.expires_at <= now,
    )
    fence: int | None = (await connection.execute(over.returning(slots.c.fence))).scalar_one_or_none()
    return fence


async def renew(connection: AsyncConnection, name: str, holder: str, fence: int, now: datetime, ttl: timedelta) -> bool:
    """Hold the place longer; False where its time was over or somebody else has it: then stop working."""
    still_mine = _mine(name, holder, fence) & (slots.c.expires_at > now)
    return (await connection.execute(update(slots).where(still_mine).values(expires_at=now + ttl))).rowcount == 1


async def release(connection: AsyncConnection, name: str, holder: str, fence: int) -> None:
    """Give the place back; the number stays used."""
    await connection.execute(update(slots).where(_mine(name, holder, fence)).values(expires_at=_LONG_AGO))


def _mine(name: str, holder: str, fence: int) -> ColumnElement[bool]:
    return (slots.c.name == name) & (slots.c.holder == holder) & (slots.c.fence == fence)
