"""How many accounts of one system are going: what the limit on a system's share is held against."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import PlanState, WorkKind
from bot.store import codec
from bot.store.tables import intents, plans, work


async def going_since(connection: AsyncConnection, system: str, since: datetime) -> frozenset[tuple[int, str]]:
    """Case and id of every account that something was sent for since then, or that a run under way is to take."""
    sent = select(intents.c.case_id, intents.c.account_id).where(intents.c.system == system, intents.c.at >= since)
    found = {(int(row.case_id), str(row.account_id)) for row in await connection.execute(sent.distinct())}
    return frozenset(found | await _under_way(connection, system))


async def _under_way(connection: AsyncConnection, system: str) -> set[tuple[int, str]]:
    """Return what was approved for the runs that are at work in the system; what they have sent is among it."""
    its_own = (work.c.kind == WorkKind.REMOVE.value) & (work.c.system == system) & work.c.ended_at.is_(None)
    approved = (plans.c.case_id == work.c.case_id) & (plans.c.state == PlanState.APPROVED.value)
    statement = select(plans.c.case_id, plans.c.systems).join(work, approved).where(its_own)
    return {
        (int(row.case_id), account.id)
        for row in await connection.execute(statement)
        for planned in codec.planned.load(row.systems)
        if planned.name == system
        for account in planned.chosen
    }
