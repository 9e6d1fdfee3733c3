"""Who sees which cases; nobody sees the case about themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import Refused
from bot.model import Person
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, person


@pytest.fixture
async def two_cases(house: House) -> None:
    """Amy asked for Dana's offboarding, Ben for Otto's; Otto owns the CRM."""
    house.govern(replace(POLICY, requesters=("U0AMY", "U0BEN")))
    house.crm.owner = "U0OTTO"
    await house.opened()
    await house.cases.open(house.form(email="otto@acme.test"), BEN.user_id, BEN.team_id)


async def seen(house: House, who: Person) -> list[str]:
    listed = await house.cases.visible(who.user_id, who.team_id)
    alone = [await house.cases.status(case, who.user_id, who.team_id) for case in (1, 2)]
    assert sorted(view.case.id for view in listed) == [view.case.id for view in alone if view is not None]
    return [view.case.leaver.address for view in listed]


@pytest.mark.usefixtures("two_cases")
@pytest.mark.parametrize("who", [BEN, CHLOE, ROOT])
async def test_approvers_and_admins_see_all_cases_newest_first(house: House, who: Person) -> None:
    assert await seen(house, who) == ["otto@acme.test", "dana@acme.test"]


@pytest.mark.usefixtures("two_cases")
async def test_a_requester_sees_what_they_asked_for(house: House) -> None:
    assert await seen(house, AMY) == ["dana@acme.test"]


@pytest.mark.usefixtures("two_cases")
async def test_an_owner_sees_all_but_the_case_about_themselves(house: House) -> None:
    assert await seen(house, OTTO) == ["dana@acme.test"]


@pytest.mark.usefixtures("two_cases")
async def test_a_leaver_sees_nothing(house: House) -> None:
    assert await seen(house, DANA) == []


async def test_whom_other_logins_led_to_sees_nothing_unless_a_list_says_so(house: House) -> None:
    house.people.people = (*house.people.people, person("U0ERIN", "erin@acme.test"))
    await house.opened(other_logins=("erin@acme.test",))
    erin = ("U0ERIN", "T0ACME")

    assert await house.cases.visible(*erin) == ()
    house.govern(replace(POLICY, requesters=("U0AMY", "U0ERIN")))
    assert await house.cases.visible(*erin) == ()
    house.govern(replace(POLICY, admins=("U0ERIN",)))
    assert len(await house.cases.visible(*erin)) == 1


@pytest.mark.usefixtures("two_cases")
async def test_a_guest_sees_nothing_even_where_a_list_names_them(house: House) -> None:
    house.people.people = (replace(BEN, trusted=False),)

    assert await seen(house, BEN) == []


@pytest.mark.usefixtures("two_cases")
async def test_a_case_that_is_not_there_is_not_shown(house: House) -> None:
    assert await house.cases.status(99, ROOT.user_id, ROOT.team_id) is None


async def waits(house: House, who: Person) -> frozenset[int]:
    views = [await house.view(case) for case in (1, 2) if await house.store.view(case)]
    return await house.cases.waits_for(views, who.user_id, who.team_id)


async def test_a_plan_waits_for_those_who_could_approve_it_until_they_have(house: House) -> None:
    house.govern(replace(POLICY, approvals=2))
    view = await house.planned_in_crm()
    assert [bool(await waits(house, who)) for who in (BEN, CHLOE, AMY, ROOT, OTTO, DANA)] == [True, True, *[False] * 4]

    await house.approved(view)

    assert [bool(await waits(house, who)) for who in (BEN, CHLOE)] == [False, True]


async def test_a_plan_never_waits_for_its_requester_or_its_leaver_though_they_approve_others(house: House) -> None:
    house.govern(replace(POLICY, approvers=("U0AMY", "U0DANA", "U0BEN")))
    await house.planned_in_crm()
    assert [bool(await waits(house, who)) for who in (AMY, DANA, BEN)] == [False, False, True]


async def test_a_system_that_did_not_end_well_waits_for_its_present_owner_and_the_admins(house: House) -> None:
    house.crm.do_errors.append(Refused("the vendor said no"))
    await house.run(await house.planned_in_crm())
    house.crm.owner = "U0CHLOE"
    assert [bool(await waits(house, who)) for who in (ROOT, CHLOE, BEN, AMY)] == [True, True, False, False]


async def test_nothing_waits_in_a_case_that_is_over(house: House) -> None:
    await house.run(await house.planned_in_crm())
    assert await waits(house, ROOT) == frozenset()


async def kinds(house: House, chain: str) -> list[str]:
    return [event.kind for event in (await house.store.chain(chain)).events]


@pytest.mark.usefixtures("two_cases")
async def test_who_reads_where_a_case_stands_is_in_its_audit(house: House) -> None:
    view = await house.cases.read_status(1, BEN.user_id, BEN.team_id)

    assert view is not None
    assert view.case.id == 1
    (event,) = [one for one in (await house.store.chain("case:1")).events if one.kind == "status read"]
    assert '"user":"U0BEN"' in event.body


@pytest.mark.usefixtures("two_cases")
async def test_who_may_not_read_it_learns_nothing_and_leaves_no_trace_in_the_case(house: House) -> None:
    before = await kinds(house, "case:1")

    assert await house.cases.read_status(1, DANA.user_id, DANA.team_id) is None
    assert await house.cases.read_status(99, DANA.user_id, DANA.team_id) is None

    assert await kinds(house, "case:1") == before
    assert (await kinds(house, "refusals")).count("refused") == 1
