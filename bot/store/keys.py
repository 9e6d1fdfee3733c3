"""One open case a person: all keys of a leaver belong to at most one open case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Leaver, fold
from bot.store.columns import storable
from bot.store.insert import insert
from bot.store.tables import open_keys

Reserved = tuple[str, str]


def keys_of(leaver: Leaver) -> tuple[Reserved, ...]:
    """What says who a person is, as (kind, folded value), in the one order in which keys are ever locked.

    *Other logins* are free text: they reserve nobody.
    """
    keys = {(key.kind.value, storable(fold(key.value))) for key in leaver.sure_keys}
    keys |= {("slack", storable(f"{leaver.team_id or ''}:{one}")) for one in leaver.slack_ids}
    return tuple(sorted(keys))


async def reserve(connection: AsyncConnection, case_id: int, keys: Sequence[Reserved]) -> bool:
    """Take the keys that nobody has; say whether that was all of them. Waits for a transaction that has just begun."""
    rows = [{"kind": kind, "value": value, "case_id": case_id} for kind, value in keys]
    statement = insert(connection, open_keys).values(rows).on_conflict_do_nothing().returning(open_keys.c.value)
    taken = await connection.execute(statement)
    return len(taken.all()) == len(keys)


async def holder(connection: AsyncConnection, keys: Sequence[Reserved]) -> int | None:
    """The open case that has one of these keys (the oldest, where there are more)."""
    among = tuple_(open_keys.c.kind, open_keys.c.value).in_(list(keys))
    found: int | None = await connection.scalar(select(func.min(open_keys.c.case_id)).where(among))
    return found


async def release(connection: AsyncConnection, case_id: int) -> None:
    """Let the person have a new case."""
    await connection.execute(delete(open_keys).where(open_keys.c.case_id == case_id))
