"""The seals' rows: signed lists of how far the audit chains went."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Head
from bot.evidence import seals
from bot.evidence.keys import Signer
from bot.evidence.seals import Seal
from bot.store.tables import audit_chains, audit_heads

_NEWEST_FIRST: Final = audit_heads.c.number.desc()
_SEALED: Final = (
    update(audit_chains).where(audit_chains.c.name == bindparam("chain")).values(sealed=bindparam("to_seq"))
)


async def seal(connection: AsyncConnection, signer: Signer, at: datetime) -> Seal | None:
    """Sign the heads that moved since the last seal, in the caller's transaction; None where none has."""
    await one_at_a_time(connection)
    moved = await _moved(connection)
    if not moved:
        return None
    before = (await connection.execute(select(audit_heads).order_by(_NEWEST_FIRST).limit(1))).one_or_none()
    last = seals.first() if before is None else seals.head_of(_seal(before))
    made = seals.make(signer, last, moved, at)
    row = {"at": at, "number": last.seq + 1, "message": made.message}
    await connection.execute(insert(audit_heads).values(**row, key_id=made.key_id, signature=made.signature))
    await connection.execute(_SEALED, [{"chain": head.chain, "to_seq": head.seq} for head in moved])
    return made


async def _moved(connection: AsyncConnection) -> tuple[Head, ...]:
    further = audit_chains.c.seq > audit_chains.c.sealed
    rows = await connection.execute(select(audit_chains).where(further).order_by(audit_chains.c.name))
    return tuple(Head(row.name, row.seq, row.hash) for row in rows)


async def one_at_a_time(connection: AsyncConnection) -> None:
    """Let sealing transactions follow one another on Postgres; on SQLite all writers do."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("seals", 0))))


async def read(connection: AsyncConnection) -> tuple[Seal, ...]:
    """All seals, oldest first."""
    rows = await connection.execute(select(audit_heads).order_by(audit_heads.c.number))
    return tuple(_seal(row) for row in rows)


def _seal(row: Row[*tuple[Any, ...]]) -> Seal:
    return Seal(row.message, row.key_id, row.signature)
