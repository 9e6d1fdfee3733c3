"""Who is called to mind of what waits, how often, and when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model import CaseState, CaseView
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import account
from tests.bot.sweeping.conftest import Time

DAY = timedelta(days=1)


def half_over(view: CaseView) -> datetime:
    assert view.case.expires_at is not None
    return view.case.expires_at - POLICY.approval_expiry / 2


async def test_approvers_are_reminded_once_at_half_of_the_time(house: House, time: Time) -> None:
    view = await house.planned_in_crm()

    for late in (timedelta(0), timedelta(hours=1), timedelta(hours=20)):
        await time.reminders.sweep(half_over(view) + late)

    assert [key for key in await time.wanted() if key.startswith("remind")] == ["remind:1"]
    assert (await time.kinds()).count("reminded") == 1
    assert (await house.view(1)).case == view.case


async def test_nobody_is_reminded_before_half_of_the_time(house: House, time: Time) -> None:
    view = await house.planned_in_crm()

    await time.reminders.sweep(half_over(view) - timedelta(microseconds=1))

    assert "remind:1" not in await time.wanted()


async def test_nobody_is_reminded_of_what_expires_in_the_same_moment(house: House, time: Time) -> None:
    view = await house.planned_in_crm()
    assert view.case.expires_at is not None

    await time.reminders.sweep(view.case.expires_at)

    assert "remind:1" not in await time.wanted()


async def test_a_clock_that_jumps_back_reminds_nobody_again(house: House, time: Time) -> None:
    view = await house.planned_in_crm()
    await time.reminders.sweep(half_over(view))
    events = await time.kinds()

    await time.reminders.sweep(half_over(view) - 5 * DAY)
    await time.reminders.sweep(half_over(view))

    assert await time.kinds() == events


async def test_a_decided_plan_reminds_nobody(house: House, time: Time) -> None:
    view = await house.planned_in_crm()
    await house.approved(view)

    await time.reminders.sweep(half_over(view))

    assert "remind:1" not in await time.wanted()


async def test_a_plan_that_follows_is_called_to_mind_for_itself(house: House, time: Time) -> None:
    view = await house.planned_in_crm()
    await time.reminders.sweep(half_over(view))
    house.crm.accounts["1"] = account(weight=("admin",))
    second = await house.run(view)

    await time.reminders.sweep(half_over(second))

    assert [key for key in await time.wanted() if key.startswith("remind")] == ["remind:1", "remind:2"]


async def stuck(house: House) -> CaseView:
    """A case that needs people, because the account came through the removal unchanged."""
    house.crm.accounts["1"] = account()
    house.crm.deaf = True
    view = await house.ran()
    assert view.case.state is CaseState.NEEDS_PEOPLE
    return view


async def test_people_are_called_after_a_day_and_once_that_day(house: House, time: Time) -> None:
    await stuck(house)
    begun = datetime.now(UTC) + timedelta(minutes=1)

    for hours in (1, 23):
        await time.reminders.sweep(begun + timedelta(hours=hours))
    assert not [key for key in await time.wanted() if key.startswith("overdue")]

    await time.reminders.sweep(begun + DAY)
    await time.reminders.sweep(begun + DAY)

    assert [key for key in await time.wanted() if key.startswith("overdue")] == ["overdue:1"]


async def test_people_are_called_no_more_than_three_times(house: House, time: Time) -> None:
    await stuck(house)
    begun = datetime.now(UTC) + timedelta(minutes=1)

    for number in range(1, 8):
        await time.reminders.sweep(begun + number * DAY)

    assert [key for key in await time.wanted() if key.startswith("overdue")] == ["overdue:1", "overdue:2", "overdue:3"]


async def test_people_are_not_called_for_a_case_that_is_closed(house: House, time: Time) -> None:
    view = await stuck(house)
    for system in view.case.systems:
        await house.cases.skip(1, system.name, "U0ROOT", "T0ACME", "stays")
    assert (await house.view(1)).case.state is CaseState.CLOSED

    await time.reminders.sweep(datetime.now(UTC) + 5 * DAY)

    assert not [key for key in await time.wanted() if key.startswith("overdue")]


async def test_a_case_that_the_leaver_would_see_is_told_elsewhere_first(house: House, time: Time) -> None:
    house.crm.accounts["1"] = account()
    view = await house.planned(user_id="U0DANA", email="")
    house.people.channels["C0CASES"] = {"U0DANA"}

    await time.reminders.sweep(half_over(view))

    assert (await house.view(1)).case.channel == "C0SENSITIVE"


async def test_a_longer_time_for_approvals_moves_the_reminder(house: House) -> None:
    house.govern(replace(POLICY, approval_expiry=timedelta(hours=10)))
    view = await house.planned_in_crm()
    time = Time(house)
    assert view.case.expires_at is not None

    await time.reminders.sweep(view.case.expires_at - timedelta(hours=5))

    assert "remind:1" in await time.wanted()
