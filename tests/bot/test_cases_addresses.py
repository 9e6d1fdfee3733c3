"""A decider's address that is another than at the last decision is logged and told to the admins; nothing waits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model import CaseState, CaseView, Person
from bot.policy import Limits
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account

LATER = datetime(2040, 1, 1, tzinfo=UTC)


async def told(house: House, case_id: int) -> set[str]:
    """Who gets a direct message about a changed address."""
    posts = await house.store.due_posts(LATER, 99)
    return {post.channel for post in posts if post.case_id == case_id and post.key.startswith("dm:address:")}


async def logged(house: House, case_id: int) -> list[object]:
    events = (await house.store.chain(f"case:{case_id}")).events
    return [json.loads(one.body)["facts"]["user"] for one in events if one.kind == "address changed"]


def changes_address(house: House, who: Person) -> None:
    others = tuple(one for one in (AMY, BEN, CHLOE, ROOT, OTTO, DANA) if one.user_id != who.user_id)
    house.people.people = (*others, replace(who, mail="somebody.else@acme.test"))


@pytest.fixture
async def second(house: House) -> CaseView:
    """A second case whose plan waits; Ben has approved the first one, and his address is another since."""
    house.govern(replace(POLICY, admins=("U0ROOT", "S0ADMINS")))
    house.people.groups = {"S0SECURITY": ("U0BEN", "U0CHLOE"), "S0ADMINS": ("U0OTTO",)}
    house.crm.accounts["1"] = account()
    await house.ran()
    house.crm.accounts["2"] = account(id="2", mail="erin@acme.test")
    changes_address(house, BEN)
    return await house.planned(email="erin@acme.test")


async def test_an_approval_with_another_address_counts_and_every_admin_is_told(house: House, second: CaseView) -> None:
    assert (await house.approved(second)).ok

    assert (await house.view(2)).case.state is CaseState.RUNNING
    assert await told(house, 2) == {"U0ROOT", "U0OTTO"}
    assert await logged(house, 2) == ["U0BEN"]


async def test_a_decline_with_another_address_is_told_too(house: House, second: CaseView) -> None:
    plan = second.plans[0]

    assert (await house.cases.decline(2, plan.turn, plan.digest, BEN.user_id, BEN.team_id, "not her")).ok

    assert await told(house, 2) == {"U0ROOT", "U0OTTO"}


async def test_nobody_is_told_where_the_address_is_the_one_of_last_time(house: House, second: CaseView) -> None:
    assert (await house.approved(second, CHLOE)).ok

    assert (await told(house, 2), await logged(house, 2)) == (set(), [])


async def test_a_change_is_told_once(house: House, second: CaseView) -> None:
    await house.approved(second)
    third = await house.planned(email="frida@acme.test", systems=("crm",))
    house.crm.accounts["3"] = account(id="3", mail="gil@acme.test")
    third = await house.planned(email="gil@acme.test", systems=("crm",))

    await house.approved(third)

    assert await told(house, third.case.id) == set()


@pytest.mark.parametrize("act", ["release", "break glass"])
async def test_release_and_break_glass_with_another_address_are_told_too(house: House, act: str) -> None:
    limits = Limits(per_day=1) if act == "release" else Limits()
    house.govern(replace(POLICY, limits=limits, break_glass=True))
    async with house.store.begin() as tx:
        await tx.note_decider(ROOT.user_id, "root@acme.test")
    house.crm.accounts["1"] = account()
    view = await house.planned()
    changes_address(house, ROOT)
    who = (ROOT.user_id, ROOT.team_id)
    if act == "release":
        async with house.store.begin() as tx:
            await tx.note_start(1, 99, ())
        await house.approved(view)
        assert (await house.cases.release(1, *who, "agreed")).ok
    else:
        plan = view.plans[0]
        assert (await house.cases.break_glass(1, plan.turn, plan.digest, *who, "now", "dana@acme.test")).ok

    assert await told(house, 1) == {"U0ROOT"}
    assert await logged(house, 1) == ["U0ROOT"]


async def test_a_refused_click_leaves_no_address_behind(house: House, second: CaseView) -> None:
    changes_address(house, AMY)

    assert not (await house.approved(second, AMY)).ok

    async with house.store.begin() as tx:
        assert not await tx.note_decider(AMY.user_id, "amy@acme.test")
