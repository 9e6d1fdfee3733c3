"""How long it takes until access is gone, system by system: from the request to the end of the work that took it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Float, case, extract, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Word, WorkKind
from bot.store.tables import cases, outcomes, work

BOUNDS: Final = (60, 300, 900, 3_600, 14_400, 86_400, 259_200, 604_800)
"""Upper ends of the classes, in seconds: a minute to a week."""
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Spread:
    """How many took at most each of `BOUNDS`, how many there are, and all their seconds together."""

    within: tuple[int, ...]
    number: int
    seconds: float


async def to_revoke(connection: AsyncConnection) -> Mapping[str, Spread]:
    """Return the spread for each system in which something was removed, over the cases that are kept."""
    removed = select(outcomes.c.case_id, outcomes.c.system).where(outcomes.c.word == Word.REMOVED.value).distinct()
    gone = removed.subquery()
    ended_at = func.max(work.c.ended_at)
    done = (work.c.kind == WorkKind.REMOVE.value) & work.c.ended_at.is_not(None)
    joined = work.join(gone, (gone.c.case_id == work.c.case_id) & (gone.c.system == work.c.system))
    took = _seconds(ended_at, cases.c.opened_at, is_sqlite=connection.dialect.name == "sqlite").label("took")
    each = (
        select(work.c.system, took)
        .select_from(joined.join(cases, cases.c.id == work.c.case_id))
        .where(done)
        .group_by(work.c.case_id, work.c.system, cases.c.opened_at)
        .subquery()
    )
    within = [func.sum(case((each.c.took <= bound, 1), else_=0)) for bound in BOUNDS]
    rows = await connection.execute(
        select(each.c.system, func.count(), func.sum(each.c.took), *within).group_by(each.c.system)
    )
    return {str(name): Spread(tuple(map(int, counts)), int(number), float(s)) for name, number, s, *counts in rows}


def _seconds(end: ColumnElement[object], begin: ColumnElement[object], *, is_sqlite: bool) -> ColumnElement[float]:
    if is_sqlite:
        return type_coerce((func.julianday(end) - func.julianday(begin)) * _DAY, Float())
    return type_coerce(extract("epoch", end - begin), Float())
