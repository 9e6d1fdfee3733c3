"""What of a system went within a day, or is about to go."""

from __future__ import annotations

from datetime import timedelta

from bot.model import CaseState, PlanState
from bot.ports import WorkKind
from bot.store import SqlStore
from tests.bot.store.samples import ACCOUNT, opened, plan

DAY = timedelta(days=1)


async def approved(store: SqlStore, state: PlanState = PlanState.APPROVED) -> None:
    """A running case whose run is to take one account of the console."""
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_plan(plan(case))
        await tx.set_plan_state(case.id, 1, PlanState.WAITING, state)
        waiting = await tx.move(case, CaseState.WAITING)
        assert waiting is not None
        await tx.move(waiting, CaseState.RUNNING)
        await tx.add_work(case.id, WorkKind.REMOVE, 1, 1, ["vspc"])


async def test_what_a_run_is_to_take_counts_until_the_run_has_ended(store: SqlStore) -> None:
    await approved(store)
    async with store.begin() as tx:
        since = await tx.now() - DAY
        assert await tx.going_since("vspc", since) == {(1, "7")}
        assert await tx.going_since("chat", since) == frozenset()
        await tx.end_work(1, WorkKind.REMOVE, 1, "vspc")
        assert await tx.going_since("vspc", since) == frozenset()


async def test_what_nobody_approved_does_not_count(store: SqlStore) -> None:
    await approved(store, PlanState.VOID)
    async with store.begin() as tx:
        assert await tx.going_since("vspc", await tx.now() - DAY) == frozenset()


async def test_what_was_sent_counts_for_as_long_as_is_asked_and_each_account_once(store: SqlStore) -> None:
    await approved(store)
    async with store.begin() as tx:
        for step in ("disable", "delete"):
            assert await tx.add_intent(1, 1, ACCOUNT, step, f"key of {step}")
        await tx.end_work(1, WorkKind.REMOVE, 1, "vspc")
    async with store.begin() as tx:
        now = await tx.now()
        assert await tx.going_since("vspc", now - DAY) == {(1, "7")}
        assert await tx.going_since("vspc", now + timedelta(minutes=1)) == frozenset()
