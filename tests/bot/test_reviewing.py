"""Whoever opens a whole plan may decide on it, and is in the audit with the ground."""

from __future__ import annotations

from bot.cases import Said
from bot.model import CaseView
from tests.bot.conftest import House
from tests.bot.fakes import BEN, ROOT


async def test_who_opens_the_whole_plan_gets_it_and_is_in_the_audit_with_the_ground(house: House) -> None:
    waiting = await house.planned_in_crm()
    plan = waiting.plans[0]

    found = await house.cases.review(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, 2)

    assert isinstance(found, CaseView)
    assert found.plans == waiting.plans
    event = (await house.store.chain("case:1")).events[-1]
    assert event.kind == "plan reviewed"
    assert all(part in event.body for part in ('"user":"U0BEN"', '"why":"in S0SECURITY"', '"page":2', plan.digest))


async def test_an_open_review_ends_with_the_plan(house: House) -> None:
    waiting = await house.planned_in_crm()
    plan = waiting.plans[0]
    await house.cases.cancel(1, ROOT.user_id, ROOT.team_id)

    found = await house.cases.review(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, 1)

    assert isinstance(found, Said)
    assert not found.ok
    assert (await house.store.chain("case:1")).events[-1].kind == "refused"


async def test_every_decision_is_in_the_audit_with_its_ground(house: House) -> None:
    plan = (await house.planned_in_crm()).plans[0]
    await house.cases.decline(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, "not her")

    (event,) = [one for one in (await house.store.chain("case:1")).events if one.kind == "declined"]
    assert '"why":"in S0SECURITY"' in event.body
