"""Withdraw and Stop: a yes can be taken back until the run begins; a stopped run sends nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import errors
from bot.cases import Said
from bot.model import CaseState, Person, PlanState, Word
from bot.policy import Limits
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, DELETE, DISABLE, OTTO, ROOT, FakeSystem, account


async def withdrawn(house: House, by: Person = BEN) -> Said:
    return await house.cases.withdraw(1, by.user_id, by.team_id)


async def stopped(house: House, by: Person = BEN) -> Said:
    return await house.cases.stop(1, by.user_id, by.team_id)


async def last(house: House) -> str:
    """The kind of the case's last event."""
    return (await house.store.chain("case:1")).events[-1].kind


async def test_an_approval_is_taken_back_and_no_longer_counts(house: House) -> None:
    house.govern(replace(POLICY, approvals=2))
    view = await house.planned_in_crm()
    await house.approved(view, BEN)

    assert (await withdrawn(house)).ok

    assert await last(house) == "approval withdrawn"
    assert (await house.view(1)).approvals == ()
    assert "1 of 2" in (await house.approved(view, CHLOE)).text
    assert (await house.approved(view, BEN)).ok
    assert (await house.view(1)).case.state is CaseState.RUNNING


async def test_an_approval_taken_back_before_the_date_lets_the_plan_wait_again(house: House) -> None:
    house.crm.accounts["1"] = account()
    start = datetime.now(UTC) + timedelta(days=1)
    await house.approved(await house.planned(when=start))

    assert (await withdrawn(house)).ok

    view = await house.view(1)
    assert (view.case.state, view.plans[0].state, view.case.start_at) == (CaseState.WAITING, PlanState.WAITING, None)
    await house.sweeper.sweep(start)
    assert not house.engine.queue


async def test_an_approval_taken_back_of_a_held_case_lets_the_plan_wait_again(house: House) -> None:
    house.crm.accounts["9"] = account(id="9", mail="erin@acme.test")
    await house.ran(email="erin@acme.test")
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    house.crm.accounts["1"] = account()
    view = await house.planned()
    await house.approved(view)
    assert (await house.view(view.case.id)).case.state is CaseState.PAUSED

    assert (await house.cases.withdraw(view.case.id, BEN.user_id, BEN.team_id)).ok

    view = await house.view(view.case.id)
    assert (view.case.state, view.case.hold) == (CaseState.WAITING, None)


@pytest.mark.parametrize("who", [CHLOE, AMY, DANA, ROOT])
async def test_nobody_takes_back_what_somebody_else_gave(house: House, who: Person) -> None:
    house.govern(replace(POLICY, approvals=2))
    await house.approved(await house.planned_in_crm(), BEN)
    before = await house.view(1)

    assert not (await withdrawn(house, who)).ok
    assert await house.view(1) == before
    assert (await last(house) == "refused") is (who is not DANA)


async def test_an_approval_whose_run_has_begun_is_not_taken_back(house: House) -> None:
    await house.approved(await house.planned_in_crm())

    assert not (await withdrawn(house)).ok
    assert (await house.view(1)).case.state is CaseState.RUNNING


@pytest.mark.parametrize("who", [ROOT, BEN, CHLOE])
async def test_a_stopped_run_sends_nothing_and_what_was_not_sent_stays(house: House, who: Person) -> None:
    house.wiki.accounts["1"] = account("wiki")
    await house.approved(await house.planned_in_crm())

    assert (await stopped(house, who)).ok
    assert (await house.view(1)).case.state is CaseState.PAUSED
    await house.engine.drain()

    view = await house.view(1)
    assert (house.crm.writes(), house.wiki.writes()) == ([], [])
    assert {outcome.word for outcome in view.outcomes} == {Word.REFUSED}
    assert all("stopped" in outcome.sentence for outcome in view.outcomes)
    assert view.case.state is CaseState.NEEDS_PEOPLE


async def test_of_a_removal_under_way_only_the_next_step_is_not_sent(house: House) -> None:
    async def press_stop(system: FakeSystem) -> None:
        assert (await stopped(house)).ok

    house.crm.planned = (DISABLE, DELETE)
    house.crm.deaf = True
    await house.approved(await house.planned_in_crm())
    plain = house.crm.do

    async def stops_after_the_first(*args: object) -> object:
        answer = await plain(*args)  # type: ignore[arg-type]
        house.crm.planned = (DELETE,)
        await press_stop(house.crm)
        return answer

    house.crm.do = stops_after_the_first  # type: ignore[method-assign,assignment]

    await house.engine.drain()

    view = await house.view(1)
    assert house.crm.writes() == ["disable 1"]
    (outcome,) = view.of_system("crm")
    assert (outcome.word, view.case.state) == (Word.REFUSED, CaseState.NEEDS_PEOPLE)


async def test_what_was_sent_before_the_stop_is_still_proved_gone(house: House) -> None:
    await house.approved(await house.planned_in_crm())
    plain = house.crm.do

    async def stops_right_after(*args: object) -> object:
        answer = await plain(*args)  # type: ignore[arg-type]
        assert (await stopped(house)).ok
        return answer

    house.crm.do = stops_right_after  # type: ignore[method-assign,assignment]

    await house.engine.drain()

    view = await house.view(1)
    assert (view.word("crm"), view.case.state) == (Word.REMOVED, CaseState.CLOSED)


@pytest.mark.parametrize("who", [AMY, OTTO, DANA])
async def test_nobody_else_stops_a_run(house: House, who: Person) -> None:
    await house.approved(await house.planned_in_crm())

    assert not (await stopped(house, who)).ok
    assert (await house.view(1)).case.state is CaseState.RUNNING
    assert (await last(house) == "refused") is (who is not DANA)


async def test_what_does_not_run_is_not_stopped(house: House) -> None:
    await house.planned_in_crm()

    assert not (await stopped(house)).ok
    assert not (await house.cases.stop(7, BEN.user_id, BEN.team_id)).ok


async def test_a_stopped_system_goes_on_by_an_admins_retry_and_not_by_its_owners(house: House) -> None:
    house.crm.owner = OTTO.user_id
    await house.approved(await house.planned_in_crm())
    await stopped(house)
    await house.engine.drain()

    assert not (await house.cases.retry(1, "crm", OTTO.user_id, OTTO.team_id)).ok
    assert (await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)).ok
    await house.engine.drain()

    view = await house.view(1)
    assert (view.word("crm"), view.case.state, view.case.hold) == (Word.REMOVED, CaseState.CLOSED, None)


async def test_a_plan_that_waits_beside_a_stopped_run_is_over_and_its_accounts_stay(house: House) -> None:
    house.crm.accounts["1"] = account()
    house.wiki.accounts["1"] = account("wiki")
    house.crm.do_errors = [errors.Refused("a backup job uses the user")]
    view = await house.planned()
    house.wiki.accounts["1"] = account("wiki", weight=("admin",))
    await house.approved(view)
    await house.engine.drain()
    await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)

    assert (await stopped(house)).ok
    await house.engine.drain()

    view = await house.view(1)
    assert (view.open_plan, view.case.state) == (None, CaseState.NEEDS_PEOPLE)
    assert {outcome.word for outcome in view.outcomes} == {Word.REFUSED}
    assert house.wiki.writes() == []
