"""What time does to a case; a second pass at the same time does nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import CaseState, CaseView, PlanState, Word
from bot.ports import Membership
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, account

DAY = timedelta(days=1)


@pytest.fixture
async def later(house: House) -> CaseView:
    """A case that is approved and begins in two days."""
    house.crm.accounts["1"] = account()
    view = await house.planned(when=datetime.now(UTC) + 2 * DAY)
    assert (await house.approved(view)).ok
    return await house.view(1)


def due(view: CaseView) -> datetime:
    assert view.case.start_at is not None
    return view.case.start_at


async def swept(house: House, now: datetime) -> CaseView:
    """The case after two passes, the second of which must change nothing."""
    await house.sweeper.sweep(now)
    once, events = await house.view(1), (await house.store.chain("case:1")).events
    queue = list(house.engine.queue)
    await house.sweeper.sweep(now)
    assert await house.view(1) == once
    assert (await house.store.chain("case:1")).events == events
    assert house.engine.queue == queue
    return once


async def test_a_plan_that_nobody_approved_in_time_expires_and_frees_the_person(house: House) -> None:
    view = await house.planned_in_crm()
    assert view.case.expires_at is not None

    view = await swept(house, view.case.expires_at)

    assert (view.case.state, view.plans[0].state) == (CaseState.EXPIRED, PlanState.VOID)
    assert not (await house.approved(replace(view, plans=(replace(view.plans[0], state=PlanState.WAITING),)))).ok
    assert (await house.opened()).id == 2


async def test_a_plan_does_not_expire_a_moment_too_early(house: House) -> None:
    view = await house.planned_in_crm()
    assert view.case.expires_at is not None

    assert await swept(house, view.case.expires_at - timedelta(microseconds=1)) == view


async def test_a_clock_that_jumps_back_by_hours_expires_and_starts_nothing(house: House, later: CaseView) -> None:
    for hours in (1, 30, 3000):
        assert await swept(house, datetime.now(UTC) - timedelta(hours=hours)) == later


async def test_a_case_that_runs_or_has_ended_never_expires(house: House) -> None:
    view = await house.planned_in_crm()
    await house.approved(view)
    running = await house.view(1)
    assert await swept(house, datetime.now(UTC) + 100 * DAY) == running
    await house.engine.drain()
    ended = await house.view(1)
    assert await swept(house, datetime.now(UTC) + 100 * DAY) == ended


async def test_a_second_plan_that_nobody_approves_leaves_its_account_and_the_case_to_people(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.accounts["1"] = account(weight=("admin",))
    view = await house.run(view)
    assert view.case.expires_at is not None

    view = await swept(house, view.case.expires_at)

    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.REFUSED)
    assert view.plans[1].state is PlanState.VOID
    assert not house.crm.writes()


async def test_a_case_begins_when_it_is_due(house: House, later: CaseView) -> None:
    view = await swept(house, due(later))

    assert (view.case.state, view.case.attempt) == (CaseState.RUNNING, 1)
    await house.engine.drain()
    assert (await house.view(1)).word("crm") is Word.REMOVED


async def test_a_case_does_not_begin_before_it_is_due(house: House, later: CaseView) -> None:
    assert await swept(house, due(later) - timedelta(microseconds=1)) == later


async def test_an_approval_for_a_day_far_ahead_holds_on_that_day(house: House) -> None:
    house.govern(replace(POLICY, approval_expiry=timedelta(microseconds=1)))
    house.crm.accounts["1"] = account()
    view = await house.planned(when=datetime.now(UTC) + 30 * DAY)
    await house.approved(view)

    await swept(house, due(await house.view(1)))
    await house.engine.drain()

    assert (await house.view(1)).word("crm") is Word.REMOVED


async def test_a_case_whose_approver_has_lost_the_right_asks_again(house: House, later: CaseView) -> None:
    house.people.groups = {"S0SECURITY": ("U0CHLOE",)}

    view = await swept(house, due(later))

    assert (view.case.state, view.case.start_at) == (CaseState.WAITING, None)
    assert view.case.expires_at is not None
    assert view.open_plan is not None
    assert not house.engine.queue
    assert (await house.approved(view, CHLOE)).ok


async def test_an_approver_who_has_the_right_again_may_approve_again(house: House, later: CaseView) -> None:
    house.people.groups = {"S0SECURITY": ("U0CHLOE",)}
    view = await swept(house, due(later))
    house.people.groups = {"S0SECURITY": ("U0BEN",)}

    assert (await house.approved(view, BEN)).ok
    assert (await house.view(1)).case.state is CaseState.APPROVED


async def test_a_rule_that_grew_stronger_since_the_approval_counts_at_the_start(house: House, later: CaseView) -> None:
    house.govern(replace(POLICY, approvals=2))

    view = await swept(house, due(later))

    assert view.case.state is CaseState.WAITING
    assert (await house.approved(view, CHLOE)).ok
    assert (await house.view(1)).case.state is CaseState.APPROVED


async def test_where_slack_does_not_say_who_may_the_start_is_tried_again_later(house: House, later: CaseView) -> None:
    house.people.silent = True
    assert await swept(house, due(later)) == later

    house.people.silent = False
    assert (await swept(house, due(later))).case.state is CaseState.RUNNING


async def test_a_case_cancelled_meanwhile_does_not_begin(
    house: House, later: CaseView, caplog: pytest.LogCaptureFixture
) -> None:
    plain = house.people.members

    async def cancelled_meanwhile(ids: Sequence[str], *, of: AbstractSet[str] | None = None) -> Membership:
        async with house.store.begin() as tx:
            held = await tx.case(1)
            assert held is not None
            await tx.move(held, CaseState.CANCELLED)
        house.people.members = plain  # type: ignore[method-assign]
        return await plain(ids, of=of)

    house.people.members = cancelled_meanwhile  # type: ignore[method-assign]

    assert (await swept(house, due(later))).case.state is CaseState.CANCELLED
    assert not house.engine.queue
    assert not caplog.records


async def test_a_case_that_breaks_does_not_keep_the_others_from_their_time(
    house: House, later: CaseView, caplog: pytest.LogCaptureFixture
) -> None:
    second = await house.planned(email="erin@acme.test", systems=("crm",))
    house.crm.accounts["2"] = account(id="2", mail="finn@acme.test")
    third = await house.planned(email="finn@acme.test")
    plain = house.people.members

    async def breaks(ids: Sequence[str], *, of: AbstractSet[str] | None = None) -> Membership:
        raise KeyError(AMY.mail)

    house.people.members = breaks  # type: ignore[method-assign]
    assert third.case.expires_at is not None
    await house.sweeper.sweep(third.case.expires_at)

    assert (await house.view(third.case.id)).case.state is CaseState.EXPIRED
    assert (await house.view(1)).case.state is CaseState.APPROVED
    assert second.case.state is CaseState.NEEDS_PEOPLE
    assert "case 1: KeyError" in caplog.text
    assert "amy" not in caplog.text
    house.people.members = plain  # type: ignore[method-assign]
    assert (await swept(house, due(later))).case.state is CaseState.RUNNING


async def test_a_system_that_asks_for_more_approvals_by_now_holds_up_a_due_start(house: House, later: CaseView) -> None:
    house.crm.approvals = 2

    view = await swept(house, due(later))

    assert (view.case.state, view.plans[0].state) == (CaseState.WAITING, PlanState.WAITING)
    assert not house.crm.writes()


class Breaks:
    """A chore that never comes to an end."""

    async def sweep(self, now: datetime) -> None:
        raise KeyError(AMY.mail, now)


async def test_a_chore_that_fails_keeps_no_case_from_its_time(house: House, caplog: pytest.LogCaptureFixture) -> None:
    view = await house.planned_in_crm()
    assert view.case.expires_at is not None

    await replace(house.sweeper, chores=(Breaks(),)).sweep(view.case.expires_at)

    assert (await house.view(1)).case.state is CaseState.EXPIRED
    assert "Breaks failed: KeyError" in caplog.text
    assert "amy" not in caplog.text
