"""How often somebody asked for what they may not see: counted per person, act and hour, not logged each time.

Whoever tries case numbers must neither grow a chain without end nor leave a trace in the chain of a case that they may
not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.upkeep import RefusalCount
from bot.store.insert import insert
from bot.store.tables import refusal_counts


async def count_refusal(connection: AsyncConnection, user_id: str, act: str, at: datetime) -> bool:
    """Count a refusal; True where it is the person's first of this act within the hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    statement = insert(connection, refusal_counts).values(user_id=user_id, act=act, hour=hour, count=1)
    again = {"count": refusal_counts.c["count"] + 1}
    counted = statement.on_conflict_do_update(index_elements=["user_id", "act", "hour"], set_=again)
    count: int = (await connection.execute(counted.returning(refusal_counts.c["count"]))).scalar_one()
    return count == 1


async def take_counts(connection: AsyncConnection, before: datetime) -> Sequence[RefusalCount]:
    """Return and forget the counts of hours that began before then."""
    over = refusal_counts.c.hour < before
    columns = (refusal_counts.c.user_id, refusal_counts.c.act, refusal_counts.c.hour, refusal_counts.c["count"])
    rows = (await connection.execute(select(*columns).where(over).order_by(refusal_counts.c.hour))).all()
    await connection.execute(delete(refusal_counts).where(over))
    return [RefusalCount(user_id, act, hour, count) for user_id, act, hour, count in rows]
