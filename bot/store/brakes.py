"""What brakes need: which runs began when and on whose word, and what has to be looked at again later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import DueLook, Recheck
from bot.store.columns import Number, UtcTime, Words
from bot.store.insert import insert
from bot.store.tables import metadata

starts = Table(
    "starts",
    metadata,
    Column("case_id", Number, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Words, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
)
"""Runs that began, one row a person on whose approval they rest; an empty id where they rest on nobody's."""

rechecks = Table(
    "rechecks",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("case_id", Number, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("system", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("taken_at", UtcTime),
    Column("done_at", UtcTime),
    UniqueConstraint("case_id", "system", "name"),
    Index(None, "due_at"),
    sqlite_autoincrement=True,
)


async def started_since(connection: AsyncConnection, user_id: str | None, since: datetime) -> int:
    """How many runs have begun since then: all, or those that rest on one person's approval."""
    which = starts.c.at >= since if user_id is None else (starts.c.at >= since) & (starts.c.user_id == user_id)
    runs = select(starts.c.case_id, starts.c.attempt).where(which).distinct().subquery()
    return (await connection.execute(select(func.count()).select_from(runs))).scalar_one()


async def note_start(
    connection: AsyncConnection, case_id: int, attempt: int, users: Iterable[str], at: datetime
) -> None:
    """Note that a run begins."""
    rows = [{"case_id": case_id, "attempt": attempt, "user_id": user, "at": at} for user in sorted(set(users)) or [""]]
    await connection.execute(plain_insert(starts), rows)


async def add_rechecks(connection: AsyncConnection, case_id: int, due: Iterable[DueLook]) -> tuple[DueLook, ...]:
    """Ask for later looks, and say which are new; one that is asked for already, or was made, stays as it is."""
    asked = {(look.system, look.name): look for look in due}
    rows = [
        {"case_id": case_id, "system": look.system, "name": look.name, "due_at": look.due_at, "tries": 0}
        for look in asked.values()
    ]
    if not rows:
        return ()
    statement = insert(connection, rechecks).on_conflict_do_nothing(index_elements=["case_id", "system", "name"])
    stored = await connection.execute(statement.returning(rechecks.c.system, rechecks.c.name), rows)
    new = {(row.system, row.name) for row in stored}
    return tuple(look for which, look in asked.items() if which in new)


async def drop_rechecks(connection: AsyncConnection, case_id: int, system: str) -> None:
    """Forget the later looks at a system that is tried again."""
    its_own = (rechecks.c.case_id == case_id) & (rechecks.c.system == system)
    await connection.execute(delete(rechecks).where(its_own))


async def due_rechecks(connection: AsyncConnection, now: datetime, limit: int) -> tuple[Recheck, ...]:
    """Looks that are due and that nobody was sent to make yet, the oldest first."""
    due = (rechecks.c.due_at <= now) & rechecks.c.taken_at.is_(None) & rechecks.c.done_at.is_(None)
    rows = await connection.execute(select(rechecks).where(due).order_by(rechecks.c.due_at, rechecks.c.id).limit(limit))
    return tuple(Recheck(row.id, row.case_id, row.system, row.name, row.due_at, row.tries) for row in rows)


async def rechecks_of(connection: AsyncConnection, case_id: int) -> tuple[Recheck, ...]:
    """All later looks of a case that are still to be made."""
    open_ones = (rechecks.c.case_id == case_id) & rechecks.c.done_at.is_(None)
    rows = await connection.execute(select(rechecks).where(open_ones).order_by(rechecks.c.id))
    return tuple(Recheck(row.id, row.case_id, row.system, row.name, row.due_at, row.tries) for row in rows)


async def take_recheck(connection: AsyncConnection, recheck: Recheck, at: datetime) -> bool:
    """Note that somebody was sent to look; False where that was so already."""
    free = (rechecks.c.id == recheck.id) & rechecks.c.taken_at.is_(None) & (rechecks.c.tries == recheck.tries)
    return (await connection.execute(update(rechecks).where(free).values(taken_at=at))).rowcount == 1


async def end_recheck(
    connection: AsyncConnection, recheck_id: int, tries: int, at: datetime, again_at: datetime | None
) -> bool:
    """Note that a look was made, or when to try it again; False where that was noted before."""
    same = (rechecks.c.id == recheck_id) & (rechecks.c.tries == tries) & rechecks.c.done_at.is_(None)
    if again_at is None:
        values: dict[str, object] = {"done_at": at}
    else:
        values = {"due_at": again_at, "taken_at": None, "tries": tries + 1}
    return (await connection.execute(update(rechecks).where(same).values(values))).rowcount == 1
