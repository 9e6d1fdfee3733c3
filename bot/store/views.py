"""All that a message about a case can show."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import CaseView
from bot.store.cases import read_case
from bot.store.outcomes import outcomes_of
from bot.store.plans import approvals_of, looks_of, plans_of
from bot.store.work import working_of


async def view(connection: AsyncConnection, case_id: int) -> CaseView | None:
    """Read a case wholly. The connection must show one moment, or hold the case.

    `admins` and `approvers` stand in the configuration, not in the database, and are left empty.
    """
    found = await read_case(connection, case_id)
    if found is None:
        return None
    return CaseView(
        case=found,
        plans=await plans_of(connection, case_id),
        approvals=await approvals_of(connection, case_id),
        outcomes=await outcomes_of(connection, case_id),
        looks=await looks_of(connection, case_id),
        working=await working_of(connection, case_id),
    )
