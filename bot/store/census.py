"""How much of everything the database holds, for the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Column, ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.speed import Spread, to_revoke
from bot.store.tables import cases, outbox, outcomes, work


@dataclass(frozen=True, slots=True)
class Census:
    """Counts by state and by outcome word, messages that wait, work under way, and how long access took to go."""

    cases: Mapping[str, int]
    outcomes: Mapping[str, int]
    posts_waiting: int
    work_open: int
    to_revoke: Mapping[str, Spread] = field(default_factory=dict)


async def count(connection: AsyncConnection) -> Census:
    """Count in the caller's transaction."""
    return Census(
        cases=await _by(connection, cases, cases.c.state),
        outcomes=await _by(connection, outcomes, outcomes.c.word),
        posts_waiting=await _where(connection, outbox, outbox.c.wanted > outbox.c.sent),
        work_open=await _where(connection, work, work.c.ended_at.is_(None)),
        to_revoke=await to_revoke(connection),
    )


async def _where(connection: AsyncConnection, table: Table, condition: ColumnElement[bool]) -> int:
    return int(await connection.scalar(select(func.count()).select_from(table).where(condition)) or 0)


async def _by(connection: AsyncConnection, table: Table, column: Column[str]) -> dict[str, int]:
    rows = await connection.execute(select(column, func.count()).select_from(table).group_by(column))
    return {str(name): int(number) for name, number in rows}
