"""Where the bot cannot tell whose an account is, a person may; and an admin may break the glass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases import Said
from bot.model import CaseState, CaseView, Match, Person, PlanState, Word, facts
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account

REASON = "her manager knows which"


async def choose(
    house: House, view: CaseView, *ids: str, by: Person = BEN, reason: str = REASON, system: str = "crm"
) -> Said:
    """Press Choose on the newest plan of the view."""
    plan = view.plans[-1]
    accounts = [(system, one) for one in ids]
    return await house.cases.choose(1, plan.turn, plan.digest, by.user_id, by.team_id, accounts, reason)


async def broken(house: House, by: Person = ROOT, reason: str = "she is at the door", typed: str = "") -> Said:
    """Break the glass over the newest plan."""
    plan = (await house.view(1)).plans[-1]
    typed = typed or "dana@acme.test"
    return await house.cases.break_glass(1, plan.turn, plan.digest, by.user_id, by.team_id, reason, typed)


@pytest.fixture
async def doubled(house: House) -> CaseView:
    """Two accounts of one address in the CRM, and one that is chosen in the wiki; the plan waits."""
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    house.wiki.accounts["1"] = account("wiki")
    return await house.planned()


@pytest.fixture
async def alone(house: House) -> CaseView:
    """Two accounts of one address in the CRM and nothing else: the case ended by itself and needs people."""
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    view = await house.planned()
    assert (view.case.state, view.plans[0].state) == (CaseState.NEEDS_PEOPLE, PlanState.EMPTY)
    return view


@pytest.mark.parametrize("waits", [True, False], ids=["before the run", "after the case has ended by itself"])
async def test_the_account_that_was_not_chosen_says_so_and_not_that_none_was(house: House, waits: bool) -> None:
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    if waits:
        house.wiki.accounts["1"] = account("wiki")
    assert (await choose(house, await house.planned(), "2")).ok

    view = await house.run(await house.view(1))

    (left,) = [one for one in view.outcomes if (one.system, one.account_id) == ("crm", "1")]
    assert (left.word, left.sentence) == (Word.MANUAL, "A person chose another account here, and not this one.")


async def test_a_choice_makes_a_new_plan_that_needs_approvals_of_its_own(house: House, doubled: CaseView) -> None:
    assert (await choose(house, doubled, "2")).ok

    view = await house.view(1)
    first, second = view.plans
    assert (first.state, second.state, second.turn) == (PlanState.VOID, PlanState.WAITING, 2)
    assert first.digest != second.digest
    assert [(one.system, one.id) for one in second.chosen()] == [("crm", "2"), ("wiki", "1")]
    old = await house.cases.approve(1, 1, first.digest, CHLOE.user_id, CHLOE.team_id, lambda _: "")
    assert not old.ok
    view = await house.run(view)
    assert (house.crm.writes(), house.wiki.writes()) == (["delete 2"], ["delete 1"])
    assert [one.word for one in view.of_system("crm")] == [Word.MANUAL, Word.REMOVED]


async def test_an_approval_given_before_a_choice_does_not_hold_after_it(house: House) -> None:
    house.govern(replace(POLICY, approvals=2))
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    house.wiki.accounts["1"] = account("wiki")
    view = await house.planned()
    await house.approved(view, CHLOE)

    await choose(house, view, "2")

    assert "1 of 2" in (await house.approved(await house.view(1), BEN)).text


async def test_accounts_left_to_people_are_chosen_after_the_run(house: House, alone: CaseView) -> None:
    assert (await choose(house, alone, "1")).ok

    view = await house.view(1)
    assert (view.case.state, [one.account_id for one in view.of_system("crm")]) == (CaseState.WAITING, ["2"])
    view = await house.run(view)
    assert house.crm.writes() == ["delete 1"]
    assert [(one.account_id, one.word) for one in view.of_system("crm")] == [("1", Word.REMOVED), ("2", Word.MANUAL)]
    assert view.case.state is CaseState.NEEDS_PEOPLE


async def test_an_account_found_by_other_logins_only_is_chosen_by_a_person(house: House) -> None:
    house.crm.accounts["1"] = account(match=Match.OTHER)
    view = await house.planned()

    assert (await choose(house, view, "1")).ok
    view = await house.run(await house.view(1))

    assert (view.word("crm"), view.case.state) == (Word.REMOVED, CaseState.CLOSED)


async def test_a_successors_seat_is_left_alone_until_a_person_chooses_it_and_then_goes(house: House) -> None:
    house.crm.accounts["1"] = account(identity=facts(id="1", login="sam@acme.test", mail="dana@acme.test"))
    view = await house.planned()
    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.MANUAL)

    assert (await choose(house, view, "1")).ok
    assert house.crm.writes() == []
    view = await house.run(await house.view(1))

    assert (house.crm.writes(), view.word("crm"), view.case.state) == (["delete 1"], Word.REMOVED, CaseState.CLOSED)


async def test_a_choice_is_in_the_audit_with_its_reason(house: House, doubled: CaseView) -> None:
    await choose(house, doubled, "2")

    chain = await house.store.chain("case:1")
    (event,) = [one for one in chain.events if one.kind == "chosen"]
    assert {value.value for value in chain.values if value.seq == event.seq} == {"crm 2", REASON}


async def test_nobody_gives_away_a_seat_that_carries_their_own_address(house: House) -> None:
    house.crm.accounts["1"] = account(identity=facts(id="1", login=BEN.mail or "", mail="dana@acme.test"))
    view = await house.planned()

    said = await choose(house, view, "1")

    assert "An account that was found has your address or name" in said.text
    assert await house.view(1) == view
    assert (await choose(house, view, "1", by=CHLOE)).ok


@pytest.mark.parametrize("who", [AMY, ROOT, OTTO, DANA])
async def test_nobody_but_another_approver_chooses(house: House, doubled: CaseView, who: Person) -> None:
    plan = doubled.plans[-1]

    assert not (await house.cases.may_choose(1, plan.turn, plan.digest, who.user_id, who.team_id)).ok
    assert not (await choose(house, doubled, "2", by=who)).ok
    assert await house.view(1) == doubled
    is_noted = (await house.store.chain("case:1")).events[-1].kind == "refused"
    assert is_noted is (who is not DANA)


@pytest.mark.parametrize(("ids", "reason"), [((), REASON), (("2",), " "), (("9",), REASON), (("2", "9"), REASON)])
async def test_a_choice_names_an_account_of_the_plan_and_a_reason(
    house: House, doubled: CaseView, ids: tuple[str, ...], reason: str
) -> None:
    assert not (await choose(house, doubled, *ids, reason=reason)).ok
    assert await house.view(1) == doubled


async def test_what_the_plan_chose_or_a_rule_protects_is_not_open_to_choice(house: House) -> None:
    house.govern(replace(POLICY, protected=("2",)))
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    house.wiki.accounts["1"] = account("wiki")
    view = await house.planned()

    assert not (await choose(house, view, "2")).ok
    assert not (await choose(house, view, "1", system="wiki")).ok
    assert (await choose(house, view, "1")).ok


async def test_a_stale_plan_is_not_chosen_in(house: House, doubled: CaseView) -> None:
    await choose(house, doubled, "2")

    assert not (await choose(house, doubled, "1")).ok


async def test_while_the_case_runs_nothing_is_chosen(house: House, doubled: CaseView) -> None:
    await house.approved(doubled)

    assert not (await choose(house, doubled, "2")).ok


async def test_a_declined_choice_takes_nothing_away(house: House, alone: CaseView) -> None:
    await choose(house, alone, "1")
    plan = (await house.view(1)).plans[-1]

    assert (await house.cases.decline(1, plan.turn, plan.digest, CHLOE.user_id, CHLOE.team_id, "not sure")).ok
    await house.engine.drain()

    assert (await house.view(1)).case.state is CaseState.DECLINED
    assert house.crm.writes() == []


async def test_an_admin_who_breaks_the_glass_begins_at_once_and_every_approver_is_told(house: House) -> None:
    house.govern(replace(POLICY, break_glass=True, approvals=2))
    await house.planned_in_crm()

    assert (await broken(house)).ok
    view = await house.view(1)
    assert view.case.state is CaseState.RUNNING
    await house.engine.drain()

    view = await house.view(1)
    assert (view.word("crm"), view.case.state) == (Word.REMOVED, CaseState.CLOSED)
    chain = await house.store.chain("case:1")
    (event,) = [one for one in chain.events if one.kind == "glass broken"]
    assert '"break_glass":true' in event.body
    posts = await house.store.due_posts(view.case.opened_at.replace(year=2040), 99)
    assert {post.channel for post in posts if post.key.startswith("dm:glass:1:")} == {BEN.user_id, CHLOE.user_id}


async def test_an_admin_does_not_break_the_glass_over_an_account_of_their_own(house: House) -> None:
    house.govern(replace(POLICY, break_glass=True))
    house.crm.accounts["1"] = account(handle="root@acme.test")
    await house.planned()

    assert not (await broken(house)).ok
    assert (await house.view(1)).case.state is CaseState.WAITING


async def test_a_second_account_of_the_leaver_hears_nothing_of_a_broken_glass(house: House) -> None:
    house.govern(replace(POLICY, break_glass=True))
    view = await house.planned_in_crm()
    house.people.people = tuple(
        replace(one, mail="dana+it@acme.test") if one is CHLOE else one for one in house.people.people
    )

    assert (await broken(house)).ok

    posts = await house.store.due_posts(view.case.opened_at.replace(year=2040), 99)
    assert {post.channel for post in posts if post.key.startswith("dm:glass:1:")} == {BEN.user_id}


@pytest.mark.parametrize(
    ("who", "reason", "typed"),
    [
        (BEN, "a reason", ""),
        (AMY, "a reason", ""),
        (DANA, "a reason", ""),
        (ROOT, " ", ""),
        (ROOT, "x", "erin@acme.test"),
    ],
)
async def test_the_glass_is_not_broken_without_an_admin_a_reason_and_the_address(
    house: House, who: Person, reason: str, typed: str
) -> None:
    house.govern(replace(POLICY, break_glass=True))
    view = await house.planned_in_crm()

    assert not (await broken(house, who, reason, typed)).ok
    assert await house.view(1) == view


async def test_the_glass_is_not_broken_where_the_operator_has_not_allowed_it(house: House) -> None:
    await house.planned_in_crm()

    assert not (await house.cases.may_break_glass(1, ROOT.user_id, ROOT.team_id)).ok
    assert not (await broken(house)).ok


async def test_the_glass_is_broken_over_exactly_the_plan_that_was_shown(house: House) -> None:
    house.govern(replace(POLICY, break_glass=True))
    await house.planned_in_crm()

    said = await house.cases.break_glass(1, 1, "another", ROOT.user_id, ROOT.team_id, "now", "dana@acme.test")

    assert not said.ok
