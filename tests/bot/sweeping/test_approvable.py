"""A group that becomes too small is noticed while a plan waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import CaseState, Person
from bot.sweeping.approvable import A_PASS, Approvable
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, account
from tests.bot.sweeping.conftest import Time

NOW = datetime.now(UTC)
MINUTE = timedelta(minutes=1)


async def said(time: Time, case_id: int = 1) -> int:
    return sum(key.startswith("nobody") for key in await time.wanted(case_id))


async def test_nothing_is_said_while_enough_people_could_approve(house: House, time: Time) -> None:
    await house.planned_in_crm()

    await time.approvable.sweep(NOW)

    assert await said(time) == 0


async def test_a_group_that_became_too_small_is_said_once(house: House, time: Time) -> None:
    await house.planned_in_crm()
    house.people.groups = {"S0SECURITY": ()}

    for minute in range(5):
        await time.approvable.sweep(NOW + minute * MINUTE)

    assert await said(time) == 1
    assert (await time.kinds()).count("nobody can approve") == 1
    assert (await house.view(1)).case.state is CaseState.WAITING


async def test_the_requester_does_not_count_among_those_who_could(house: House, time: Time) -> None:
    await house.planned_in_crm()
    house.people.groups = {"S0SECURITY": ("U0AMY",)}

    await time.approvable.sweep(NOW)

    assert await said(time) == 1


async def test_a_group_that_shrinks_again_later_is_said_again(house: House, time: Time) -> None:
    await house.planned_in_crm()
    house.people.groups = {"S0SECURITY": ()}
    await time.approvable.sweep(NOW)
    house.people.groups = {"S0SECURITY": ("U0BEN",)}
    await time.approvable.sweep(NOW + MINUTE)
    assert await house.store.notes(1) == {}

    house.people.groups = {"S0SECURITY": ()}
    await time.approvable.sweep(NOW + 2 * MINUTE)

    assert (await time.kinds()).count("nobody can approve") == 2


async def test_slack_is_asked_once_a_minute_also_where_the_clock_jumps_back(house: House, time: Time) -> None:
    await house.planned_in_crm()
    await time.approvable.sweep(NOW)
    house.people.groups = {"S0SECURITY": ()}

    await time.approvable.sweep(NOW + timedelta(seconds=59))
    assert await said(time) == 0

    await time.approvable.sweep(NOW - timedelta(hours=3))
    assert await said(time) == 1


async def test_where_slack_does_not_answer_nothing_is_said(house: House, time: Time) -> None:
    await house.planned_in_crm()
    house.people.silent = True

    await time.approvable.sweep(NOW)

    assert await said(time) == 0


async def test_a_system_that_asks_for_more_by_now_counts(house: House, time: Time) -> None:
    house.crm.accounts["1"] = account()
    await house.planned()
    house.crm.approvals = 3

    await time.approvable.sweep(NOW)

    assert await said(time) == 1


async def test_of_a_long_list_only_as_many_are_asked_about_as_are_enough_for_any_case(house: House, time: Time) -> None:
    await house.planned_in_crm()
    crowd = tuple(f"U0A{number}" for number in range(38))
    house.people.groups = {"S0SECURITY": ("U0AMY", "U0DANA", *crowd)}
    house.people.looked_up.clear()

    await time.approvable.sweep(NOW)

    assert house.people.looked_up == ["U0AMY", "U0DANA", "U0A0"]
    assert await said(time) == 0


async def test_people_whose_word_does_not_count_are_passed_over_before_the_list_is_called_too_short(
    house: House, time: Time
) -> None:
    await house.planned_in_crm()
    house.people.people = (AMY, replace(BEN, trusted=False), CHLOE, DANA)
    house.people.groups = {"S0SECURITY": ("U0AMY", "U0DANA", "U0BEN", "U0CHLOE")}

    await time.approvable.sweep(NOW)
    assert await said(time) == 0

    house.people.people = (AMY, replace(BEN, trusted=False), replace(CHLOE, trusted=False), DANA)
    await time.approvable.sweep(NOW + MINUTE)
    assert await said(time) == 1


async def test_an_approver_without_an_address_is_no_possible_approver(house: House, time: Time) -> None:
    await house.planned_in_crm()
    house.people.people = (AMY, replace(BEN, mail=None), DANA)
    house.people.groups = {"S0SECURITY": ("U0BEN",)}

    await time.approvable.sweep(NOW)

    assert await said(time) == 1


async def test_a_plan_that_needs_more_than_the_rules_of_today_gets_more_people_asked_about(
    house: House, time: Time
) -> None:
    house.people.groups = {"S0SECURITY": tuple(f"U0A{number}" for number in range(40))}
    house.govern(replace(POLICY, approvals=7))
    await house.planned_in_crm()
    await house.planned(email="erin@acme.test", systems=("crm",))
    weaker = replace(POLICY, approvals=1)
    chore = replace(time.approvable, policy=weaker)
    house.people.looked_up.clear()

    await chore.sweep(NOW)
    assert len(house.people.looked_up) == 3
    await chore.sweep(NOW)

    assert len(set(house.people.looked_up)) == 9
    assert await said(time) == 0


async def test_many_cases_are_counted_a_few_a_pass_and_none_again_while_the_lists_stay(
    house: House, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    count = Approvable._count

    async def noted(chore: Approvable, case_id: int, approvers: tuple[Person, ...]) -> None:
        counted.append(case_id)
        await count(chore, case_id, approvers)

    monkeypatch.setattr(Approvable, "_count", noted)
    house.govern(replace(POLICY, per_requester_per_day=100))
    for number in range(A_PASS + 2):
        house.crm.accounts = {"1": account(mail=f"leaver{number}@acme.test")}
        await house.planned(email=f"leaver{number}@acme.test", systems=("crm",))

    for second in range(3):
        await time.approvable.sweep(NOW + timedelta(seconds=second))
    assert sorted(counted) == list(range(1, A_PASS + 3))

    await time.approvable.sweep(NOW + MINUTE)
    assert len(counted) == A_PASS + 2

    house.people.groups = {"S0SECURITY": ()}
    await time.approvable.sweep(NOW + 2 * MINUTE)
    assert len(counted) == 2 * A_PASS + 2
