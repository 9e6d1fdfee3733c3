"""A retry rests on approvals that still count; where they do not, it asks anew and sends nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import errors
from bot.cases import Said
from bot.model import CaseState, CaseView, Person, Word
from bot.policy import Limits
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account

NO = errors.Refused("a backup job uses the user")


async def press(house: House, act: str, by: Person = ROOT, system: str = "crm") -> Said:
    assert act == "retry"
    return await house.cases.retry(1, system, by.user_id, by.team_id)


@pytest.fixture
async def stuck(house: House) -> CaseView:
    """A case whose CRM said no; Otto owns the CRM."""
    house.crm.accounts["1"] = account()
    house.crm.owner = "U0OTTO"
    house.crm.do_errors = [NO]
    return await house.ran()


async def leaves_the_approvers(house: House) -> None:
    """Ben, who approved, is no approver any more; Chloe is."""
    house.people.groups = {"S0SECURITY": ("U0CHLOE",)}


@pytest.mark.parametrize("who", [ROOT, OTTO])
async def test_a_retry_after_the_approver_has_left_sends_nothing_and_asks_anew(
    house: House, stuck: CaseView, who: Person
) -> None:
    await leaves_the_approvers(house)

    said = await press(house, "retry", who)
    await house.engine.drain()

    view = await house.view(1)
    assert said.ok
    assert "no longer count" in said.text
    assert len(house.crm.writes()) == 1, "the one of the first run"
    assert (view.case.state, view.case.attempt, view.word("crm")) == (CaseState.WAITING, 1, None)
    assert view.open_plan is not None
    assert [one.id for one in view.open_plan.chosen()] == ["1"]


async def test_the_new_plan_of_a_retry_runs_when_somebody_else_approves_it(house: House, stuck: CaseView) -> None:
    await leaves_the_approvers(house)
    await press(house, "retry")

    view = await house.view(1)
    assert not (await house.approved(view, BEN)).ok
    assert (await house.approved(view, CHLOE)).ok
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)


async def test_the_new_plan_of_a_retry_that_is_declined_leaves_the_account_and_sends_nothing(
    house: House, stuck: CaseView
) -> None:
    await leaves_the_approvers(house)
    await press(house, "retry")
    plan = (await house.view(1)).plans[-1]

    assert (await house.cases.decline(1, plan.turn, plan.digest, CHLOE.user_id, CHLOE.team_id, "not now")).ok
    house.people.groups = {"S0SECURITY": ("U0BEN",)}
    await press(house, "retry")
    await house.engine.drain()

    view = await house.view(1)
    assert len(house.crm.writes()) == 1
    assert view.case.state is CaseState.WAITING, "what was declined is not approved by the older plan"


async def test_a_retry_by_more_approvals_than_were_needed_then_asks_anew(house: House, stuck: CaseView) -> None:
    house.govern(replace(POLICY, approvals=2))

    assert "no longer count" in (await press(house, "retry")).text
    await house.engine.drain()

    assert len(house.crm.writes()) == 1


async def test_a_retry_of_an_account_that_a_person_chose_asks_anew_for_that_one(house: House) -> None:
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    view = await house.planned()
    first = view.plans[0]
    who = (CHLOE.user_id, CHLOE.team_id)
    assert (await house.cases.choose(1, first.turn, first.digest, *who, [("crm", "2")], "her manager says so")).ok
    house.crm.do_errors = [NO]
    await house.approved(await house.view(1), BEN)
    await house.engine.drain()
    await leaves_the_approvers(house)

    await press(house, "retry")

    plan = (await house.view(1)).open_plan
    assert plan is not None
    assert [one.id for one in plan.chosen()] == ["2"]
    assert [one.picked.by for one in plan.systems[0].accounts if one.picked] == ["U0CHLOE"]


async def test_a_retry_whose_account_a_rule_protects_by_now_only_looks(house: House, stuck: CaseView) -> None:
    await leaves_the_approvers(house)
    house.govern(replace(POLICY, protected=("dana@*",)))

    assert (await press(house, "retry")).ok
    await house.engine.drain()

    view = await house.view(1)
    assert len(house.crm.writes()) == 1
    assert (view.word("crm"), view.open_plan) == (Word.REFUSED, None)


async def test_a_retry_keeps_the_proof_of_what_ended_well(house: House) -> None:
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    view = await house.planned()
    plan = view.plans[0]
    who = (CHLOE.user_id, CHLOE.team_id)
    both = [("crm", "1"), ("crm", "2")]
    assert (await house.cases.choose(1, plan.turn, plan.digest, *who, both, "both are hers")).ok
    house.crm.do_errors = [NO]
    await house.approved(await house.view(1), BEN)
    await house.engine.drain()
    before = [one for one in (await house.view(1)).outcomes if one.word is Word.REMOVED]
    assert len(before) == 1

    await press(house, "retry")
    await house.engine.drain()

    view = await house.view(1)
    assert view.case.state is CaseState.CLOSED
    assert before[0] in view.outcomes


async def test_a_retry_that_cannot_ask_while_another_plan_waits_starts_nothing(house: House) -> None:
    house.crm.accounts["1"] = account()
    house.wiki.accounts["1"] = account("wiki")
    house.crm.do_errors = [NO]
    view = await house.planned()
    house.wiki.accounts["1"] = account("wiki", weight=("admin",))
    await house.approved(view)
    await house.engine.drain()
    await leaves_the_approvers(house)
    before = await house.view(1)

    said = await press(house, "retry", system="crm")

    assert not said.ok
    assert await house.view(1) == before
    assert not house.engine.queue
    assert (await house.store.chain("case:1")).events[-1].kind == "refused"


async def test_the_requester_who_owns_the_system_does_not_start_a_removal_alone(house: House, stuck: CaseView) -> None:
    house.crm.owner = AMY.user_id

    said = await press(house, "retry", AMY)

    assert (said.ok, said.who) == (False, POLICY.admins)
    assert await house.view(1) == stuck
    assert (await house.store.chain("case:1")).events[-1].kind == "refused"


async def test_the_requesters_second_id_does_not_start_a_removal_alone_either(house: House, stuck: CaseView) -> None:
    second = replace(OTTO, mail="amy+crm@acme.test")
    house.people.people = (AMY, BEN, CHLOE, ROOT, second, DANA)

    assert not (await press(house, "retry", second)).ok
    assert await house.view(1) == stuck


async def test_a_retry_counts_against_the_limit_of_the_approver_on_whose_word_it_rests(
    house: House, stuck: CaseView
) -> None:
    house.govern(replace(POLICY, limits=Limits(per_approver_per_day=1)))

    assert "limit" in (await press(house, "retry")).text
    assert (await house.view(1)).case.state is CaseState.PAUSED


@pytest.mark.parametrize("still", [True, False])
async def test_a_retry_rests_on_break_glass_while_it_is_switched_on(house: House, *, still: bool) -> None:
    house.govern(replace(POLICY, break_glass=True, approvals=2))
    house.crm.do_errors = [NO]
    plan = (await house.planned_in_crm()).plans[0]
    who = (ROOT.user_id, ROOT.team_id)
    assert (await house.cases.break_glass(1, plan.turn, plan.digest, *who, "now", "dana@acme.test")).ok
    await house.engine.drain()
    house.govern(replace(POLICY, break_glass=still, approvals=2))

    await press(house, "retry")
    await house.engine.drain()

    view = await house.view(1)
    expected = (CaseState.CLOSED, 2) if still else (CaseState.WAITING, 1)
    assert (view.case.state, len(house.crm.writes())) == expected


async def test_a_retry_of_a_break_glass_run_asks_anew_when_its_admin_is_no_admin_any_more(house: House) -> None:
    house.govern(replace(POLICY, break_glass=True, admins=("U0ROOT", "U0OTTO")))
    house.crm.do_errors = [NO]
    plan = (await house.planned_in_crm()).plans[0]
    who = (ROOT.user_id, ROOT.team_id)
    assert (await house.cases.break_glass(1, plan.turn, plan.digest, *who, "now", "dana@acme.test")).ok
    await house.engine.drain()
    house.govern(replace(POLICY, break_glass=True, admins=("U0OTTO",)))

    await press(house, "retry", OTTO)

    assert (await house.view(1)).case.state is CaseState.WAITING
