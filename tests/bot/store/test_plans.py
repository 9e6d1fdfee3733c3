from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model import Discovery, PlanState, Sight
from bot.store import SqlStore
from tests.bot.store.samples import LOOK, approval, opened, plan


async def test_a_plan_is_read_as_it_was_made(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_plan(plan(case, 2))
        await tx.add_plan(plan(case, 1))
    view = await store.view(case.id)
    assert view is not None
    assert view.plans == (plan(case, 1), plan(case, 2))


async def test_a_turn_has_one_plan(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_plan(plan(case))
    with pytest.raises(IntegrityError):
        async with store.begin() as tx:
            await tx.add_plan(plan(case))


async def test_a_plans_state_changes_once(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_plan(plan(case))
        assert await tx.set_plan_state(case.id, 1, PlanState.WAITING, PlanState.APPROVED)
        assert not await tx.set_plan_state(case.id, 1, PlanState.WAITING, PlanState.VOID)
        assert not await tx.set_plan_state(case.id, 2, PlanState.WAITING, PlanState.VOID)
        view = await tx.view(case.id)
    assert view is not None
    assert [made.state for made in view.plans] == [PlanState.APPROVED]


async def test_the_latest_look_stands_for_its_system(store: SqlStore) -> None:
    case = await opened(store)
    later = Discovery("vspc", Sight.NOT_READ, reason="did not answer")
    async with store.begin() as tx:
        await tx.put_look(case.id, LOOK)
        await tx.put_look(case.id, replace(LOOK, system="chat"))
        await tx.put_look(case.id, later)
    view = await store.view(case.id)
    assert view is not None
    assert view.looks == (replace(LOOK, system="chat"), later)


async def test_a_person_approves_a_plan_once(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_plan(plan(case))
        await tx.add_plan(plan(case, 2))
        assert await tx.add_approval(case.id, approval("U1"))
        assert not await tx.add_approval(case.id, approval("U1"))
        assert await tx.add_approval(case.id, approval("U2"))
        assert await tx.add_approval(case.id, approval("U1", turn=2))
    view = await store.view(case.id)
    assert view is not None
    assert view.approvals == (approval("U1"), approval("U2"), approval("U1", turn=2))


async def test_two_slack_ids_of_one_address_are_one_approver(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_plan(plan(case))
        assert await tx.add_approval(case.id, approval("U1", "a@example.com"))
        assert not await tx.add_approval(case.id, approval("U2", "A@Example.com"))
        assert await tx.add_approval(case.id, approval("U3", "b@example.com"))


async def test_a_plan_that_is_not_there_cannot_be_approved(store: SqlStore) -> None:
    case = await opened(store)
    with pytest.raises(IntegrityError):
        async with store.begin() as tx:
            await tx.add_approval(case.id, approval("U1"))
