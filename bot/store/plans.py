"""What was seen, what would be done about it, and who said yes."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Executable, bindparam, delete, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.identifiers import loosen
from bot.model import Approval, Discovery, Plan, PlanState
from bot.store import codec
from bot.store.insert import insert, insert_in
from bot.store.tables import approvals, looks, plans

# What a view of a case reads, built once.
_OF_CASE: Final[ColumnElement[int]] = bindparam("of_case")
_LOOKS: Final = select(looks.c.discovery).where(looks.c.case_id == _OF_CASE).order_by(looks.c.system)
_PLANS: Final = select(plans).where(plans.c.case_id == _OF_CASE).order_by(plans.c.turn)
_APPROVALS: Final = select(approvals).where(approvals.c.case_id == _OF_CASE).order_by(approvals.c.id)


async def put_look(connection: AsyncConnection, case_id: int, discovery: Discovery, at: datetime) -> None:
    """Keep the latest look at a system in place of the one before."""
    seen = {"case_id": case_id, "system": discovery.system, "discovery": codec.discovery.dump(discovery), "at": at}
    await connection.execute(_putting(connection.dialect.name), seen)


@cache
def _putting(dialect: str) -> Executable:
    """Return the statement of `put_look`, built once for each kind of database."""
    statement = insert_in(dialect, looks)
    seen = {"discovery": statement.excluded.discovery, "at": statement.excluded.at}
    return statement.on_conflict_do_update(index_elements=["case_id", "system"], set_=seen)


async def looks_of(connection: AsyncConnection, case_id: int) -> tuple[Discovery, ...]:
    """The latest look at each system."""
    return tuple(codec.discovery.load(text) for text in await connection.scalars(_LOOKS, {"of_case": case_id}))


async def add_plan(connection: AsyncConnection, plan: Plan) -> None:
    """Store a plan; its turn must be new in the case."""
    await connection.execute(
        plain_insert(plans).values(
            case_id=plan.case_id,
            turn=plan.turn,
            digest=plan.digest,
            systems=codec.planned.dump(plan.systems),
            needed=plan.needed,
            state=plan.state.value,
            made_at=plan.made_at,
        )
    )


async def set_plan_state(connection: AsyncConnection, case_id: int, turn: int, was: PlanState, to: PlanState) -> bool:
    """Change the state where it still is `was`."""
    same = (plans.c.case_id == case_id) & (plans.c.turn == turn) & (plans.c.state == was.value)
    return (await connection.execute(update(plans).where(same).values(state=to.value))).rowcount == 1


async def plans_of(connection: AsyncConnection, case_id: int) -> tuple[Plan, ...]:
    """All plans of a case, oldest first."""
    rows = await connection.execute(_PLANS, {"of_case": case_id})
    return tuple(
        Plan(
            case_id=row.case_id,
            turn=row.turn,
            digest=row.digest,
            systems=codec.planned.load(row.systems),
            needed=row.needed,
            state=PlanState(row.state),
            made_at=row.made_at,
        )
        for row in rows
    )


async def add_approval(connection: AsyncConnection, case_id: int, approval: Approval) -> bool:
    """Store a yes; False where that person said it before, under this Slack id or another with the same address."""
    statement = insert(connection, approvals).values(
        case_id=case_id,
        turn=approval.turn,
        digest=approval.digest,
        user_id=approval.user_id,
        team_id=approval.team_id,
        mail=approval.mail,
        mail_folded=loosen(approval.mail) if approval.mail else None,
        why=approval.why,
        at=approval.at,
    )
    stored = await connection.execute(statement.on_conflict_do_nothing().returning(approvals.c.id))
    return stored.one_or_none() is not None


async def drop_approval(connection: AsyncConnection, case_id: int, turn: int, user_id: str, team_id: str) -> bool:
    """Take a person's yes back; False where there is none. The audit keeps that it was given."""
    given = (approvals.c.case_id == case_id) & (approvals.c.turn == turn)
    theirs = given & (approvals.c.user_id == user_id) & (approvals.c.team_id == team_id)
    return (await connection.execute(delete(approvals).where(theirs))).rowcount == 1


async def approvals_of(connection: AsyncConnection, case_id: int) -> tuple[Approval, ...]:
    """All approvals of a case, oldest first."""
    rows = await connection.execute(_APPROVALS, {"of_case": case_id})
    return tuple(Approval(row.turn, row.digest, row.user_id, row.team_id, row.mail, row.why, row.at) for row in rows)
