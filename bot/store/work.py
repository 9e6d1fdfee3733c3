"""Which systems of a case are being worked on, and what was about to be written there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Account, Working, WorkKind
from bot.ports.store import Intent
from bot.store.tables import intents, work

# What every removal does several times, built once.
_ITS_CASE = (work.c.case_id == bindparam("of_case")) & work.c.ended_at.is_(None)
_ITS_OPEN = _ITS_CASE & (work.c.system == bindparam("in_system"))
_NOTE = update(work).where(_ITS_OPEN).values(says=bindparam("now"))
_OPEN = select(work.c.system, work.c.says).where(_ITS_CASE).order_by(work.c.id)


async def add_work(
    connection: AsyncConnection,
    case_id: int,
    kind: WorkKind,
    attempt: int,
    turn: int,
    systems: Sequence[str],
    at: datetime,
) -> None:
    """Note the pieces of work; each is new under its kind, attempt and system."""
    rows = [
        {
            "case_id": case_id,
            "kind": kind.value,
            "attempt": attempt,
            "turn": turn,
            "system": system,
            "says": "",
            "begun_at": at,
        }
        for system in systems
    ]
    if rows:
        await connection.execute(insert(work), rows)


async def end_work(
    connection: AsyncConnection, case_id: int, kind: WorkKind, attempt: int, system: str, at: datetime
) -> int | None:
    """End one piece and count what is open; the case must be held."""
    statement = (
        update(work)
        .where(
            work.c.case_id == case_id,
            work.c.kind == kind.value,
            work.c.attempt == attempt,
            work.c.system == system,
            work.c.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    if (await connection.execute(statement)).rowcount == 0:
        return None
    still_open = select(func.count()).where(work.c.case_id == case_id, work.c.ended_at.is_(None))
    return (await connection.execute(still_open)).scalar_one()


async def note_work(connection: AsyncConnection, case_id: int, system: str, says: str) -> None:
    """Say what is being done or waited for in a system that is being worked on."""
    await connection.execute(_NOTE, {"of_case": case_id, "in_system": system, "now": says})


async def working_of(connection: AsyncConnection, case_id: int) -> tuple[Working, ...]:
    """The systems with open work, each once, in the order in which it began."""
    said = {row.system: row.says for row in await connection.execute(_OPEN, {"of_case": case_id})}
    return tuple(Working(system, says) for system, says in said.items())


async def add_intent(
    connection: AsyncConnection, case_id: int, attempt: int, account: Account, step: str, key: str, at: datetime
) -> None:
    """Note a write before it is sent; the key must be new."""
    await connection.execute(
        insert(intents).values(
            key=key,
            case_id=case_id,
            attempt=attempt,
            system=account.system,
            account_id=account.id,
            step=step,
            at=at,
            request_id="",
        )
    )


async def case_of_intent(connection: AsyncConnection, key: str) -> int:
    """The case that a write belongs to. LookupError where no such write was noted."""
    found: int | None = await connection.scalar(select(intents.c.case_id).where(intents.c.key == key))
    if found is None:
        raise LookupError("No write was noted under this key.")
    return found


async def answer_intent(connection: AsyncConnection, key: str, answer: str, request_id: str, at: datetime) -> None:
    """Note what came back; a later answer to the same write replaces the earlier one."""
    values = {"answer": answer, "request_id": request_id, "answered_at": at}
    await connection.execute(update(intents).where(intents.c.key == key).values(values))


async def intents_of(connection: AsyncConnection, case_id: int, system: str, account_id: str) -> tuple[Intent, ...]:
    """All writes noted for an account in a case, oldest first."""
    its_own = (intents.c.case_id == case_id) & (intents.c.system == system) & (intents.c.account_id == account_id)
    rows = await connection.execute(select(intents).where(its_own).order_by(intents.c.id))
    return tuple(Intent(row.key, row.account_id, row.step, row.attempt, row.at, row.answer) for row in rows)
