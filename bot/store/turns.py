"""Turns at a vendor that all processes share: who may call when, so that together they keep its limit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cases import one_at_a_time
from bot.store.tables import call_turns


async def take(connection: AsyncConnection, key: str, calls: int, per: timedelta, now: datetime) -> timedelta:
    """Take the next free turn under this key and return how long it is until then; who asks first comes first.

    At most `calls` turns lie in any window of `per`. A turn that is taken and not used is lost.
    """
    await one_at_a_time(connection, f"turn:{key}")
    mine = call_turns.c.key == key
    last = select(call_turns.c.at).where(mine).order_by(call_turns.c.at.desc()).limit(calls)
    taken = list((await connection.execute(last)).scalars())
    at = max(now, taken[-1] + per) if len(taken) == calls else now
    await connection.execute(insert(call_turns).values(key=key, at=at))
    await connection.execute(delete(call_turns).where(mine, call_turns.c.at < now - per))
    return at - now
