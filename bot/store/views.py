"""All that a message about a case can show."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Case, CaseView
from bot.store.cases import read_case
from bot.store.outcomes import outcomes_of
from bot.store.plans import approvals_of, looks_of, plans_of
from bot.store.work import working_of


async def view(connection: AsyncConnection, case_id: int) -> CaseView | None:
    """Read a case wholly. The connection must show one moment, or hold the case.

    `admins` and `approvers` stand in the configuration, not in the database, and are left empty.
    """
    found = await read_case(connection, case_id)
    return None if found is None else await view_of(connection, found)


async def view_of(connection: AsyncConnection, case: Case) -> CaseView:
    """Read what belongs to a case that was read in the same transaction."""
    case_id = case.id
    return CaseView(
        case=case,
        plans=await plans_of(connection, case_id),
        approvals=await approvals_of(connection, case_id),
        outcomes=await outcomes_of(connection, case_id),
        looks=await looks_of(connection, case_id),
        working=await working_of(connection, case_id),
    )
