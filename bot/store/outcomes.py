"""How each account and system of a case ended."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Executable, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Outcome
from bot.store import codec
from bot.store.insert import insert_in
from bot.store.tables import outcomes

_OF_CASE = (
    select(outcomes.c.outcome)
    .where(outcomes.c.case_id == bindparam("of_case"))
    .order_by(outcomes.c.system, outcomes.c.account_id)
)


async def put_outcome(connection: AsyncConnection, case_id: int, attempt: int, outcome: Outcome) -> None:
    """Store how an account ended, in place of what stood there."""
    row = {
        "case_id": case_id,
        "system": outcome.system,
        "account_id": outcome.account_id,
        "attempt": attempt,
        "word": outcome.word.value,
        "outcome": codec.outcome.dump(outcome),
    }
    await connection.execute(_putting(connection.dialect.name), row)


@cache
def _putting(dialect: str) -> Executable:
    """Return the statement of `put_outcome`, built once for each kind of database."""
    statement = insert_in(dialect, outcomes)
    new = {name: statement.excluded[name] for name in ("attempt", "word", "outcome")}
    return statement.on_conflict_do_update(index_elements=["case_id", "system", "account_id"], set_=new)


async def drop_outcomes(connection: AsyncConnection, case_id: int, system: str) -> None:
    """Forget how a system ended."""
    its_own = (outcomes.c.case_id == case_id) & (outcomes.c.system == system)
    await connection.execute(delete(outcomes).where(its_own))


async def drop_outcome(connection: AsyncConnection, case_id: int, system: str, account_id: str) -> None:
    """Forget how one account ended."""
    its_own = (outcomes.c.case_id == case_id) & (outcomes.c.system == system) & (outcomes.c.account_id == account_id)
    await connection.execute(delete(outcomes).where(its_own))


async def outcomes_of(connection: AsyncConnection, case_id: int) -> tuple[Outcome, ...]:
    """All outcomes of a case, by system and account."""
    return tuple(codec.outcome.load(text) for text in await connection.scalars(_OF_CASE, {"of_case": case_id}))
