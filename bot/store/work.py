"""Which systems of a case are being worked on, and what was about to be written there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Account, Working, WorkKind
from bot.ports.store import Intent
from bot.store.tables import intents, work

# What every removal does several times, built once.
_ITS_CASE = (work.c.case_id == bindparam("of_case")) & work.c.ended_at.is_(None)
_ITS_OPEN = _ITS_CASE & (work.c.system == bindparam("in_system"))
_NOTE = update(work).where(_ITS_OPEN).values(says=bindparam("now"))
_OPEN = select(work.c.system, work.c.says).where(_ITS_CASE).order_by(work.c.id)
_PIECE = _ITS_OPEN & (work.c.kind == bindparam("of_kind")) & (work.c.attempt == bindparam("of_attempt"))
_END = update(work).where(_PIECE).values(ended_at=bindparam("when", type_=work.c.ended_at.type))
_STILL_OPEN = select(func.count()).select_from(work).where(_ITS_CASE)
_INTEND = insert(intents)
_NOTED = (intents.c.case_id == bindparam("of_case")) & (intents.c.key == bindparam("of_key"))
_ANSWERED: dict[str, ColumnElement[Any]] = {
    "answer": bindparam("answered"),
    "request_id": bindparam("under"),
    "answered_at": bindparam("when"),
}
_ANSWER = update(intents).where(_NOTED).values(_ANSWERED)
_ITS_ACCOUNT = (
    (intents.c.case_id == bindparam("of_case"))
    & (intents.c.system == bindparam("in_system"))
    & (intents.c.account_id == bindparam("of_account"))
)
_INTENTS = select(intents).where(_ITS_ACCOUNT).order_by(intents.c.id)


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
    piece = {"of_case": case_id, "of_kind": kind.value, "of_attempt": attempt, "in_system": system, "when": at}
    if (await connection.execute(_END, piece)).rowcount == 0:
        return None
    return (await connection.execute(_STILL_OPEN, {"of_case": case_id})).scalar_one()


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
    row = {"key": key, "case_id": case_id, "attempt": attempt, "system": account.system, "account_id": account.id}
    await connection.execute(_INTEND, {**row, "step": step, "at": at, "request_id": ""})


async def answer_intent(
    connection: AsyncConnection, case_id: int, key: str, answer: str, request_id: str, at: datetime
) -> None:
    """Note what came back; a later answer to the same write replaces the earlier one.

    LookupError where the case has no such write.
    """
    asked = {"of_case": case_id, "of_key": key, "answered": answer, "under": request_id, "when": at}
    if (await connection.execute(_ANSWER, asked)).rowcount == 0:
        raise LookupError("No write was noted under this key.")


async def intents_of(connection: AsyncConnection, case_id: int, system: str, account_id: str) -> tuple[Intent, ...]:
    """All writes noted for an account in a case, oldest first."""
    rows = await connection.execute(_INTENTS, {"of_case": case_id, "in_system": system, "of_account": account_id})
    return tuple(Intent(row.key, row.account_id, row.step, row.attempt, row.at, row.answer) for row in rows)
