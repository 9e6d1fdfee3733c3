"""What was said once in a case because time passed, and words about the whole database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, Text, cast, delete, exists, func, literal, or_, select, text, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import CaseState
from bot.store.columns import Number, UtcTime
from bot.store.insert import insert
from bot.store.tables import cases, meta, metadata

notices = Table(
    "notices",
    metadata,
    Column("case_id", Number, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)


async def note_once(connection: AsyncConnection, case_id: int, name: str, at: datetime) -> bool:
    """Note that something was said; False where that was noted before."""
    statement = insert(connection, notices).values(case_id=case_id, name=name, at=at)
    stored = await connection.execute(statement.on_conflict_do_nothing().returning(notices.c.name))
    return stored.one_or_none() is not None


async def drop_note(connection: AsyncConnection, case_id: int, name: str) -> None:
    """Forget that it was said."""
    await connection.execute(delete(notices).where(notices.c.case_id == case_id, notices.c.name == name))


async def notes_of(connection: AsyncConnection, case_id: int) -> Mapping[str, datetime]:
    """All that was said in a case, and when."""
    rows = await connection.execute(select(notices).where(notices.c.case_id == case_id))
    return {row.name: row.at for row in rows}


async def due_cases(connection: AsyncConnection, now: datetime) -> tuple[int, ...]:
    """The cases that expire or begin at that time, the newest first."""
    expires = (cases.c.state == CaseState.WAITING.value) & (cases.c.expires_at <= now)
    begins = (cases.c.state == CaseState.APPROVED.value) & (cases.c.start_at <= now)
    return tuple(await connection.scalars(select(cases.c.id).where(or_(expires, begins)).order_by(cases.c.id.desc())))


async def waiting(connection: AsyncConnection) -> tuple[int, ...]:
    """The cases that wait for approvals, the newest first."""
    which = cases.c.state == CaseState.WAITING.value
    return tuple(await connection.scalars(select(cases.c.id).where(which).order_by(cases.c.id.desc())))


async def reminded_not_yet(connection: AsyncConnection, until: datetime) -> tuple[int, ...]:
    """The cases that wait, expire before then, and whose newest plan was not called to mind."""
    name = literal("remind:") + cast(cases.c.turn, Text)
    said = exists(literal(1)).where(notices.c.case_id == cases.c.id, notices.c.name == name)
    which = (cases.c.state == CaseState.WAITING.value) & (cases.c.expires_at <= until) & ~said
    return tuple(await connection.scalars(select(cases.c.id).where(which).order_by(cases.c.id)))


async def needing_people(connection: AsyncConnection, since: datetime, last_note: str) -> tuple[int, ...]:
    """The cases that need people since before then, but for those in which the last note was said."""
    said = exists(literal(1)).where(notices.c.case_id == cases.c.id, notices.c.name == last_note)
    lately = exists(literal(1)).where(notices.c.case_id == cases.c.id, notices.c.at > since)
    which = (cases.c.state == CaseState.NEEDS_PEOPLE.value) & (cases.c.ended_at <= since) & ~said & ~lately
    return tuple(await connection.scalars(select(cases.c.id).where(which).order_by(cases.c.id)))


async def flag(connection: AsyncConnection, name: str) -> str | None:
    """What is kept under that name."""
    found: str | None = await connection.scalar(select(meta.c.value).where(meta.c.name == name))
    return found


async def set_flag(connection: AsyncConnection, name: str, value: str) -> None:
    """Keep a word under a name, in place of what stood there."""
    statement = insert(connection, meta).values(name=name, value=value)
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


async def drop_flag(connection: AsyncConnection, name: str) -> bool:
    """Forget it; False where there is none."""
    return (await connection.execute(delete(meta).where(meta.c.name == name))).rowcount == 1


async def last_case(connection: AsyncConnection) -> int | None:
    """The highest number of a case."""
    found: int | None = await connection.scalar(select(func.max(cases.c.id)))
    return found


async def number_after(connection: AsyncConnection, case_id: int) -> None:
    """Let the database count cases from there on, where it has not come so far by itself."""
    if connection.dialect.name == "sqlite":
        await _number_after_in_file(connection, case_id)
        return
    counted = await connection.scalar(text("SELECT nextval(pg_get_serial_sequence('cases', 'id'))"))
    if counted is None or counted <= case_id:
        statement = text("SELECT setval(pg_get_serial_sequence('cases', 'id'), :number)")
        await connection.execute(statement, {"number": case_id})


_COUNTED = Table("sqlite_sequence", type(metadata)(), Column("name", Text), Column("seq", Number))
"""Where SQLite keeps the highest number that a table has given ("SQLite Autoincrement")."""


async def _number_after_in_file(connection: AsyncConnection, case_id: int) -> None:
    here = _COUNTED.c.name == "cases"
    counted = await connection.scalar(select(_COUNTED.c.seq).where(here))
    if counted is None:
        await connection.execute(plain_insert(_COUNTED).values(name="cases", seq=case_id))
    elif counted < case_id:
        await connection.execute(update(_COUNTED).where(here).values(seq=case_id))
