"""Cases: opened once, held while they change, moved by one conditional update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, delete, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import NO_CHANNEL, NOT_KNOWN, RELEASED, TRANSITIONS, Case, CaseState, CaseSystem, Hold, Request
from bot.ports.store import KeyTaken
from bot.store import codec, keys
from bot.store.columns import storable
from bot.store.tables import case_systems, cases

_MOVABLE: Final = frozenset(
    {"start_at", "expires_at", "ended_at", "turn", "attempt", "closing_note", "ended_by", "hold", "confirmed_by"}
)
_TRIES: Final = 5
_OF_CASE: Final[ColumnElement[int]] = bindparam("of_case")
_ITS_SYSTEM: Final = (
    case_systems.c.name,
    case_systems.c.label,
    case_systems.c.kind,
    case_systems.c.identity,
    case_systems.c.approvals,
    case_systems.c.owner,
    case_systems.c.second_factor,
)
_CASE: Final = (
    select(cases, *_ITS_SYSTEM)
    .join_from(cases, case_systems, isouter=True)
    .where(cases.c.id == _OF_CASE)
    .order_by(case_systems.c.position)
)
_STATE: Final = select(cases.c.state).where(cases.c.id == _OF_CASE).with_for_update()
"""What nearly every transaction reads, built once."""

Systems = tuple[CaseSystem, ...]
CaseRow = Row[*tuple[Any, ...]]


async def case_of_view(connection: AsyncConnection, view_id: str) -> int | None:
    """The case that this view opened. A second transaction with that view waits here for the first."""
    await one_at_a_time(connection, f"view:{view_id}")
    found: int | None = await connection.scalar(select(cases.c.id).where(cases.c.view_id == view_id))
    return found


async def opened_since(connection: AsyncConnection, user_id: str, since: datetime) -> int:
    """How many cases a person opened since then. A second transaction that asks this waits here for the first."""
    await one_at_a_time(connection, f"requester:{user_id}")
    theirs = (cases.c.requester_id == user_id) & (cases.c.opened_at >= since)
    return (await connection.execute(select(func.count()).where(theirs))).scalar_one()


async def one_at_a_time(connection: AsyncConnection, name: str) -> None:
    """Let the transactions that name this follow one another; on SQLite all writers do anyway."""
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtextextended(storable(name), 0))
        await connection.execute(select(lock))


async def open_case(
    connection: AsyncConnection,
    request: Request,
    systems: Sequence[CaseSystem],
    values: Mapping[str, object],
) -> Case | KeyTaken:
    """Create the case and reserve the person's keys, or say whose they are.

    `values` are the columns that the request does not hold.
    """
    if (again := await case_of_view(connection, request.view_id)) is not None:
        return (await read_cases(connection, cases.c.id == again))[0]
    wanted = keys.keys_of(request.leaver)
    for _ in range(_TRIES):
        savepoint = await connection.begin_nested()
        row = await _insert(connection, request, values)
        if await keys.reserve(connection, row.id, wanted):
            await savepoint.commit()
            await _insert_systems(connection, row.id, systems)
            return _case(row, tuple(systems))
        await savepoint.rollback()
        if (holder := await keys.holder(connection, wanted)) is not None:
            return KeyTaken(holder)
    raise TimeoutError("The person's keys were taken and freed by other cases all the time.")


async def _insert(connection: AsyncConnection, request: Request, values: Mapping[str, object]) -> CaseRow:
    statement = (
        insert(cases)
        .values(
            view_id=request.view_id,
            state=CaseState.LOOKING.value,
            leaver=codec.leaver.dump(request.leaver),
            requester=codec.person.dump(request.requester),
            requester_id=request.requester.user_id,
            reason=request.reason,
            when_at=request.when,
            turn=0,
            attempt=0,
            closing_note="",
            **values,
        )
        .returning(cases)
    )
    row: CaseRow = (await connection.execute(statement)).one()
    return row


async def _insert_systems(connection: AsyncConnection, case_id: int, systems: Sequence[CaseSystem]) -> None:
    rows = [
        {
            "case_id": case_id,
            "position": position,
            "name": system.name,
            "label": system.label,
            "kind": system.kind,
            "identity": system.identity,
            "approvals": system.approvals,
            "owner": system.owner,
            "second_factor": system.second_factor,
        }
        for position, system in enumerate(systems)
    ]
    if rows:
        await connection.execute(insert(case_systems), rows)


async def hold(connection: AsyncConnection, case_id: int) -> CaseState | None:
    """Hold the case until the transaction ends and say its state; None where there is no such case."""
    state = await connection.scalar(_STATE, {"of_case": case_id})
    return None if state is None else CaseState(state)


async def read_cases(connection: AsyncConnection, which: ColumnElement[bool] | None = None) -> tuple[Case, ...]:
    """All cases of that kind, newest first."""
    condition = true() if which is None else which
    systems = await _systems(connection, condition)
    rows = await connection.execute(select(cases).where(condition).order_by(cases.c.id.desc()))
    return tuple(_case(row, systems.get(row.id, ())) for row in rows)


async def read_case(connection: AsyncConnection, case_id: int) -> Case | None:
    """One case, None where there is none."""
    rows = (await connection.execute(_CASE, {"of_case": case_id})).all()
    if not rows:
        return None
    return _case(rows[0], tuple(_system(row) for row in rows if row.name is not None))


async def _systems(connection: AsyncConnection, condition: ColumnElement[bool]) -> dict[int, Systems]:
    ids = select(cases.c.id).where(condition)
    statement = select(case_systems).where(case_systems.c.case_id.in_(ids)).order_by(case_systems.c.position)
    found: dict[int, Systems] = {}
    for row in await connection.execute(statement):
        found[row.case_id] = (*found.get(row.case_id, ()), _system(row))
    return found


def _system(row: CaseRow) -> CaseSystem:
    return CaseSystem(
        row.name, row.label, row.kind, row.identity, row.approvals, row.owner, second_factor=row.second_factor
    )


async def move(connection: AsyncConnection, case: Case, to: CaseState, fields: Mapping[str, object]) -> Case | None:
    """Change state and columns where the state still is `case.state`; see the port."""
    if unknown := fields.keys() - _MOVABLE:
        raise ValueError(f"A move does not change {', '.join(sorted(unknown))}.")
    if to is not case.state and to not in TRANSITIONS[case.state]:
        raise ValueError(f"A case does not go from {case.state} to {to}.")
    statement = (
        update(cases)
        .where(cases.c.id == case.id, cases.c.state == case.state.value)
        .values(state=to.value, **_as_columns(fields))
        .returning(cases)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    await _move_keys(connection, case, to)
    return _case(row, case.systems)


def _as_columns(fields: Mapping[str, object]) -> dict[str, object]:
    hold = fields.get("hold")
    return {**fields, **({"hold": codec.hold.dump(hold)} if isinstance(hold, Hold) else {})}


async def _move_keys(connection: AsyncConnection, case: Case, to: CaseState) -> None:
    """Free the person's keys at the end, take them back after it: those that no newer case of the person has."""
    if to in RELEASED and case.state not in RELEASED:
        await keys.release(connection, case.id)
    elif case.state in RELEASED and to not in RELEASED:
        await keys.reserve(connection, case.id, keys.keys_of(case.leaver))


async def set_channel(connection: AsyncConnection, case_id: int, channel: str) -> None:
    """Let the case be told somewhere else."""
    await connection.execute(update(cases).where(cases.c.id == case_id).values(channel=channel))


async def untold(connection: AsyncConnection) -> tuple[Case, ...]:
    """The cases without a channel: those for which Slack has yet to say one, and open ones for which it said none."""
    over = cases.c.state.in_([state.value for state in RELEASED])
    return await read_cases(connection, (cases.c.channel == NOT_KNOWN) | ((cases.c.channel == NO_CHANNEL) & ~over))


async def delete_ended(connection: AsyncConnection, case_id: int) -> bool:
    """Delete a case, with the rows of all other tables that belong to it, where it has ended."""
    ended = cases.c.state.in_([state.value for state in RELEASED])
    return (await connection.execute(delete(cases).where(cases.c.id == case_id, ended))).rowcount == 1


def values_of(channel: str, *, discreet: bool, opened_at: datetime, expires_at: datetime) -> dict[str, object]:
    """The columns of a new case that its request does not hold."""
    return {"channel": channel, "discreet": discreet, "opened_at": opened_at, "expires_at": expires_at}


def _case(row: CaseRow, systems: Systems) -> Case:
    return Case(
        id=row.id,
        state=CaseState(row.state),
        leaver=codec.leaver.load(row.leaver),
        requester=codec.person.load(row.requester),
        reason=row.reason,
        systems=systems,
        channel=row.channel,
        discreet=row.discreet,
        opened_at=row.opened_at,
        when=row.when_at,
        start_at=row.start_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        turn=row.turn,
        attempt=row.attempt,
        closing_note=row.closing_note,
        ended_by=row.ended_by,
        confirmed_by=row.confirmed_by,
        hold=codec.hold.load(row.hold) if row.hold else None,
        redacted_at=row.redacted_at,
    )
