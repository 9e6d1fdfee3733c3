"""Named places that one process holds at a time, each taking with a higher number than the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, Interval, func, literal, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcTime
from bot.store.insert import insert
from bot.store.tables import slots

_LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as somebody holds it. `age` says how long ago that was renewed."""

    name: str
    holder: str
    fence: int
    age: timedelta


class Guard(Protocol):
    """Somebody who may write only as long as a place is theirs."""

    def claim(self) -> tuple[str, str, int]:
        """Return name, holder and fencing number of the place. Raises `Fenced` where it is known to be lost."""


Now = datetime | ColumnElement[datetime]
"""A time, or what the database is to take for the time when it comes to the statement."""


def now_there() -> ColumnElement[datetime]:
    """The time by Postgres's clock."""
    return type_coerce(func.clock_timestamp(), UtcTime())


def _after(now: Now, ttl: timedelta) -> Now:
    if isinstance(now, datetime):
        return now + ttl
    return type_coerce(func.clock_timestamp() + literal(ttl, Interval()), UtcTime())


async def lease(connection: AsyncConnection, name: str, holder: str, now: Now, ttl: timedelta) -> int | None:
    """Take the place where it is free or its time is over; return the fencing number, or None where it is held."""
    mine = {"holder": holder, "expires_at": _after(now, ttl), "renewed_at": now}
    first = insert(connection, slots).values(name=name, fence=1, **mine)
    over = first.on_conflict_do_update(
        index_elements=["name"],
        set_={"fence": slots.c.fence + 1, **mine},
        where=slots.c.expires_at <= now,
    )
    fence: int | None = (await connection.execute(over.returning(slots.c.fence))).scalar_one_or_none()
    return fence


async def renew(connection: AsyncConnection, name: str, holder: str, fence: int, now: Now, ttl: timedelta) -> bool:
    """Hold the place longer; False where its time was over or somebody else has it: then stop working."""
    still_mine = _mine(name, holder, fence) & (slots.c.expires_at > now)
    longer = update(slots).where(still_mine).values(expires_at=_after(now, ttl), renewed_at=now)
    return (await connection.execute(longer)).rowcount == 1


async def release(connection: AsyncConnection, name: str, holder: str, fence: int) -> None:
    """Give the place back; the number stays used."""
    await connection.execute(update(slots).where(_mine(name, holder, fence)).values(expires_at=_LONG_AGO))


async def holds(connection: AsyncConnection, name: str, holder: str, fence: int) -> bool:
    """Whether the place is still theirs by Postgres's clock. Until the transaction ends, `quiesce` waits for it."""
    in_time = slots.c.expires_at > now_there()
    found = select(slots.c.name).where(_mine(name, holder, fence), in_time)
    return (await connection.execute(found.with_for_update(read=True, key_share=True))).first() is not None


async def quiesce(connection: AsyncConnection, names: Sequence[str]) -> None:
    """Wait until no transaction is open any more that rests on one of these places. Postgres alone."""
    held = select(slots.c.name).where(slots.c.name.in_(names)).order_by(slots.c.name)
    await connection.execute(held.with_for_update())


async def held(connection: AsyncConnection, beginning: str, now: datetime) -> tuple[Place, ...]:
    """Return the places whose names begin so and that somebody holds, by name."""
    named = slots.c.name.startswith(beginning, autoescape=True) & (slots.c.expires_at > now)
    rows = await connection.execute(select(slots).where(named).order_by(slots.c.name))
    return tuple(Place(row.name, row.holder, row.fence, now - (row.renewed_at or now)) for row in rows)


def _mine(name: str, holder: str, fence: int) -> ColumnElement[bool]:
    return (slots.c.name == name) & (slots.c.holder == holder) & (slots.c.fence == fence)
