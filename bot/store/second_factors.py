"""Authenticator apps: one encrypted key a person, and how far its codes were used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.second_factor import SecondFactor
from bot.store.insert import insert
from bot.store.tables import second_factors


async def enrol(connection: AsyncConnection, user_id: str, secret: str, at: datetime) -> bool:
    """Keep a person's encrypted key; False where there is one already, which stays."""
    statement = insert(connection, second_factors).values(user_id=user_id, secret=secret, enrolled_at=at, failures=0)
    stored = await connection.execute(statement.on_conflict_do_nothing().returning(second_factors.c.user_id))
    return stored.one_or_none() is not None


async def revoke(connection: AsyncConnection, user_id: str) -> bool:
    """Forget a person's key; False where there is none."""
    theirs = second_factors.c.user_id == user_id
    return (await connection.execute(delete(second_factors).where(theirs))).rowcount == 1


async def hold(connection: AsyncConnection, user_id: str) -> SecondFactor | None:
    """Return a person's authenticator and hold it until the transaction ends; None where none is enrolled."""
    theirs = select(second_factors).where(second_factors.c.user_id == user_id).with_for_update()
    row = (await connection.execute(theirs)).one_or_none()
    return None if row is None else _read(row)


async def read_all(connection: AsyncConnection) -> tuple[SecondFactor, ...]:
    """Return all authenticators, by Slack id."""
    rows = await connection.execute(select(second_factors).order_by(second_factors.c.user_id))
    return tuple(_read(row) for row in rows)


async def use_step(connection: AsyncConnection, factor: SecondFactor, step: int) -> bool:
    """Use the codes up to a time step up, and forget the wrong ones; False where that step was used before."""
    columns = second_factors.c
    same = (columns.user_id == factor.user_id) & (columns.secret == factor.secret)
    unused = columns.last_step.is_(None) | (columns.last_step < step)
    used = update(second_factors).where(same, unused).values(last_step=step, failures=0, paused_until=None)
    return (await connection.execute(used)).rowcount == 1


async def keep_failures(connection: AsyncConnection, factor: SecondFactor) -> None:
    """Keep how many wrong codes in a row were given, and until when no code counts."""
    theirs = second_factors.c.user_id == factor.user_id
    counted = {"failures": factor.failures, "paused_until": factor.paused_until}
    await connection.execute(update(second_factors).where(theirs).values(**counted))


def _read(row: Row[tuple[object, ...]]) -> SecondFactor:
    return SecondFactor(row.user_id, row.secret, row.enrolled_at, row.last_step, row.failures, row.paused_until)
