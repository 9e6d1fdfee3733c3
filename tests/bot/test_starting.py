"""A run begins within the limits; beyond them the case pauses, and an admin lets it go on with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import errors
from bot.cases import Said
from bot.model import CaseState, CaseView, HoldKind, Person, PlanState, Word
from bot.policy import Limits
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account


async def second(house: House) -> CaseView:
    """A second person's case whose plan waits, where the first one has run already."""
    house.crm.accounts["1"] = account()
    await house.ran()
    house.crm.accounts["2"] = account(id="2", mail="erin@acme.test")
    return await house.planned(email="erin@acme.test")


async def released(house: House, by: Person = ROOT, reason: str = "agreed with the works council") -> Said:
    return await house.cases.release(2, by.user_id, by.team_id, reason)


@pytest.mark.parametrize("limits", [Limits(per_hour=1), Limits(per_day=1), Limits(per_approver_per_day=1)])
async def test_a_run_beyond_a_limit_pauses_the_case_and_asks_an_admin(house: House, limits: Limits) -> None:
    house.govern(replace(POLICY, limits=limits))
    view = await second(house)

    said = await house.approved(view)

    view = await house.view(2)
    assert said.ok
    assert "limit" in said.text
    assert view.case.state is CaseState.PAUSED
    assert view.case.hold is not None
    assert (view.case.hold.kind, view.case.hold.systems) == (HoldKind.LIMIT, ("crm", "wiki"))
    assert not house.engine.queue
    await house.engine.drain()
    assert "2" in house.crm.accounts


async def test_an_admin_releases_a_held_case_and_the_reason_is_kept(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    await house.approved(await second(house))

    assert (await released(house)).ok
    await house.engine.drain()

    view = await house.view(2)
    assert (view.case.state, view.word("crm"), view.case.hold) == (CaseState.CLOSED, Word.REMOVED, None)
    chain = await house.store.chain("case:2")
    (event,) = [one for one in chain.events if one.kind == "released"]
    assert "agreed with the works council" in {value.value for value in chain.values if value.seq == event.seq}


@pytest.mark.parametrize(("who", "reason"), [(BEN, "a reason"), (ROOT, "  ")])
async def test_nobody_but_an_admin_with_a_reason_lets_it_go_on(house: House, who: Person, reason: str) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    await house.approved(await second(house))

    assert not (await released(house, who, reason)).ok
    assert (await house.view(2)).case.state is CaseState.PAUSED
    assert not house.engine.queue


async def test_a_case_that_no_limit_holds_is_not_released(house: House) -> None:
    await second(house)

    assert not (await released(house)).ok


async def test_a_released_case_whose_approver_lost_the_right_asks_again(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    await house.approved(await second(house))
    house.people.groups = {"S0SECURITY": ("U0CHLOE",)}

    assert (await released(house)).ok

    view = await house.view(2)
    assert (view.case.state, view.plans[0].state, view.case.hold) == (CaseState.WAITING, PlanState.WAITING, None)
    assert not house.engine.queue


async def test_the_limit_of_one_approver_does_not_hold_what_another_approves(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_approver_per_day=1)))
    view = await second(house)

    await house.approved(view, CHLOE)

    assert (await house.view(2)).case.state is CaseState.RUNNING


async def test_a_limit_is_rolling_and_yesterdays_runs_do_not_count(house: House) -> None:
    view = await second(house)
    async with house.store.begin() as tx:
        now = await tx.now()
        assert await tx.started_since(None, now - timedelta(hours=1)) == 1
        assert await tx.started_since(BEN.user_id, now - timedelta(hours=1)) == 1
        assert await tx.started_since(CHLOE.user_id, now - timedelta(hours=1)) == 0
        assert await tx.started_since(None, now + timedelta(seconds=1)) == 0
    assert view.case.state is CaseState.WAITING


async def test_a_retry_is_held_by_a_limit_too_and_runs_in_its_system_only_when_released(house: House) -> None:
    house.crm.accounts["1"] = account()
    house.crm.do_errors = [errors.Refused("a backup job uses the user")]
    await house.ran()
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    house.wiki.journal.clear()

    said = await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)

    assert "limit" in said.text
    assert (await house.view(1)).case.state is CaseState.PAUSED
    assert (await house.cases.release(1, ROOT.user_id, ROOT.team_id, "needed today")).ok
    await house.engine.drain()
    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)
    assert house.wiki.journal == []


async def test_a_held_case_that_never_ran_can_be_cancelled(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    await house.approved(await second(house))

    assert (await house.cases.cancel(2, ROOT.user_id, ROOT.team_id)).ok
    assert (await house.view(2)).case.state is CaseState.CANCELLED


async def test_a_due_start_is_held_by_a_limit_like_any_other(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    house.crm.accounts["1"] = account()
    await house.ran()
    house.crm.accounts["2"] = account(id="2", mail="erin@acme.test")
    soon = datetime.now(UTC) + timedelta(minutes=1)
    await house.approved(await house.planned(email="erin@acme.test", when=soon))

    await house.sweeper.sweep(soon)

    assert (await house.view(2)).case.state is CaseState.PAUSED
    assert not house.engine.queue


async def test_a_run_that_would_take_more_than_its_share_of_a_system_waits_for_an_admin(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(share_of_system=0.1)))
    house.crm.size = 10
    view = await second(house)

    said = await house.approved(view)

    held = (await house.view(2)).case
    assert "limit" in said.text
    assert held.state is CaseState.PAUSED
    assert held.hold is not None
    assert "2 of 10 users of CRM would be taken away within a day" in held.hold.says
    assert (await released(house)).ok
    await house.engine.drain()
    assert (await house.view(2)).word("crm") is Word.REMOVED


async def test_what_other_runs_are_about_to_take_counts_before_they_have_sent_it(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(share_of_system=0.1)))
    house.crm.size = 10
    first = await house.planned_in_crm()
    house.crm.accounts["2"] = account(id="2", mail="erin@acme.test")
    view = await house.planned(email="erin@acme.test")
    await house.approved(first)

    await house.approved(view)

    assert (await house.view(2)).case.state is CaseState.PAUSED


@pytest.mark.parametrize("size", [None, 20])
async def test_a_system_that_is_large_or_tells_no_size_holds_no_run_up(house: House, size: int | None) -> None:
    house.govern(replace(POLICY, limits=Limits(share_of_system=0.1)))
    house.crm.size = size
    view = await second(house)

    assert (await house.run(view)).word("crm") is Word.REMOVED


async def test_a_day_later_what_went_counts_no_more(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(share_of_system=0.1)))
    house.crm.size = 10
    await second(house)

    async with house.store.begin() as tx:
        today = await tx.going_since("crm", await tx.now() - timedelta(days=1))
        tomorrow = await tx.going_since("crm", await tx.now() + timedelta(minutes=1))
        elsewhere = await tx.going_since("wiki", await tx.now() - timedelta(days=1))

    assert (today, tomorrow, elsewhere) == (frozenset({(1, "1")}), frozenset(), frozenset())


async def held_retry(house: House) -> None:
    """A retry of the CRM that a limit holds; Ben had approved."""
    house.crm.accounts["1"] = account()
    house.crm.do_errors = [errors.Refused("a backup job uses the user")]
    await house.ran()
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)
    assert (await house.view(1)).case.state is CaseState.PAUSED


async def test_a_held_retry_whose_approver_lost_the_right_is_not_released_but_asks_again(house: House) -> None:
    await held_retry(house)
    house.people.groups = {"S0SECURITY": ("U0CHLOE",)}

    said = await house.cases.release(1, ROOT.user_id, ROOT.team_id, "needed today")
    await house.engine.drain()

    view = await house.view(1)
    assert "no longer count" in said.text
    assert (view.case.state, view.case.hold, len(house.crm.writes())) == (CaseState.WAITING, None, 1)
    assert view.open_plan is not None
    assert [one.id for one in view.open_plan.chosen()] == ["1"]
    house.govern(POLICY)
    assert (await house.approved(view, CHLOE)).ok
    await house.engine.drain()
    assert (await house.view(1)).case.state is CaseState.CLOSED


async def test_an_admin_without_an_address_releases_nothing(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    await house.approved(await second(house))
    nameless = replace(ROOT, mail=None)
    house.people.people = (AMY, BEN, CHLOE, nameless, OTTO, DANA)

    assert not (await released(house)).ok
    assert (await house.view(2)).case.state is CaseState.PAUSED


async def glass_broken(house: House) -> Said:
    plan = (await house.view(2)).plans[0]
    who = (ROOT.user_id, ROOT.team_id)
    return await house.cases.break_glass(2, plan.turn, plan.digest, *who, "an attack is under way", "erin@acme.test")


@pytest.mark.parametrize("limits", [Limits(per_hour=1), Limits(per_day=1)])
async def test_break_glass_goes_beyond_the_pace_of_all_runs(house: House, limits: Limits) -> None:
    house.govern(replace(POLICY, limits=limits, break_glass=True))
    await second(house)

    assert (await glass_broken(house)).ok
    assert (await house.view(2)).case.state is CaseState.RUNNING


async def test_break_glass_never_goes_beyond_the_share_of_a_system(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(share_of_system=0.1), break_glass=True))
    house.crm.size = 10
    await second(house)

    said = await glass_broken(house)
    await house.engine.drain()

    assert "limit" in said.text
    assert (await house.view(2)).case.state is CaseState.PAUSED
    assert "2" in house.crm.accounts
    assert (await released(house)).ok
    assert (await house.view(2)).case.state is CaseState.RUNNING


async def test_a_run_held_after_break_glass_is_not_released_once_that_is_switched_off(house: House) -> None:
    rules = replace(POLICY, limits=Limits(share_of_system=0.1), break_glass=True, approvals=2)
    house.govern(replace(rules, approvals=1))
    house.crm.size = 10
    await second(house)
    house.govern(rules)
    await glass_broken(house)
    house.govern(replace(rules, break_glass=False))

    await released(house)

    assert (await house.view(2)).case.state is CaseState.WAITING
    assert not house.engine.queue
