"""How long it takes until access is gone, as the database counts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bot.model import Outcome, Word
from bot.ports import WorkKind
from bot.store import SqlStore
from bot.store.tables import cases
from tests.bot.store.samples import NOON, leaver, opened, request

GONE = Outcome("vspc", "7", Word.REMOVED, "The user was deleted.", NOON)


async def ended(store: SqlStore, number: int, hours: float, *outcomes: Outcome) -> None:
    """A case that was asked for so many hours before its removals in the console ended."""
    case = await opened(store, request(f"V{number}", leaver(f"p{number}@example.com")))
    async with store.begin() as tx:
        begun = await tx.now() - timedelta(hours=hours)
        await tx.connection.execute(update(cases).where(cases.c.id == case.id).values(opened_at=begun))
        for attempt in (1, 2):
            await tx.add_work(case.id, WorkKind.REMOVE, attempt, 1, ["vspc"])
            await tx.end_work(case.id, WorkKind.REMOVE, attempt, "vspc")
        for outcome in outcomes:
            await tx.put_outcome(case.id, 1, outcome)


async def test_each_case_counts_once_a_system_from_the_request_on(store: SqlStore) -> None:
    await ended(store, 1, 0, GONE, replace(GONE, account_id="8"))
    await ended(store, 2, 2, GONE)

    (spread,) = (await store.census()).to_revoke.values()

    assert (spread.number, spread.within) == (2, (1, 1, 1, 1, 2, 2, 2, 2))
    assert 7_190 < spread.seconds < 7_290


async def test_what_was_not_removed_counts_nowhere(store: SqlStore) -> None:
    await ended(store, 1, 1, replace(GONE, word=Word.REFUSED))

    assert (await store.census()).to_revoke == {}
