"""Approving, declining and cancelling: who, what exactly, and how often it counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cases import Said
from bot.errors import PeopleNotReadable
from bot.model import CaseState, CaseView, Person, PlanState, facts
from bot.ports import WorkKind
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account, person


@pytest.fixture
async def waiting(house: House) -> CaseView:
    """A case whose plan waits: one account in the CRM."""
    house.crm.accounts["1"] = account()
    return await house.planned()


async def clicked(house: House, act: str, view: CaseView, by: Person, **wrong: object) -> Said:
    """What somebody is told who presses a button under the newest plan, or under another one."""
    plan = replace(view.plans[-1], **wrong)  # type: ignore[arg-type]
    button = (view.case.id, plan.turn, plan.digest, by.user_id, by.team_id)
    if act == "approve":
        return await house.cases.approve(*button, lambda _: "words")
    return await house.cases.decline(*button, "words")


async def untouched(house: House, view: CaseView) -> bool:
    now = await house.view(view.case.id)
    return (now.case, now.plans, now.approvals) == (view.case, view.plans, view.approvals) and not house.engine.queue


@pytest.mark.parametrize("act", ["approve", "decline"])
@pytest.mark.parametrize("who", [AMY, DANA, OTTO, ROOT, replace(BEN, trusted=False), person("U0AMY2", "amy@acme.test")])
async def test_only_an_approver_who_is_neither_requester_nor_leaver_decides(
    house: House, waiting: CaseView, act: str, who: Person
) -> None:
    house.people.people = (who, *(known for known in house.people.people if known.user_id != who.user_id))
    listed = {AMY.user_id, DANA.user_id, "U0AMY2"} & {who.user_id}
    house.people.groups = {"S0SECURITY": ("U0BEN", "U0CHLOE", *listed)}

    said = await clicked(house, act, waiting, who)

    assert not said.ok
    assert await untouched(house, waiting)
    is_noted = (await house.store.chain("case:1")).events[-1].kind == "refused"
    assert is_noted is (who is not DANA)


async def test_nobody_approves_where_an_account_with_their_own_address_was_found(house: House) -> None:
    house.crm.accounts["1"] = account(handle="Ben+crm@ACME.test")
    waiting = await house.planned()

    said = await clicked(house, "approve", waiting, BEN)

    assert "An account that was found has your address or name" in said.text
    assert await untouched(house, waiting)
    assert (await house.store.chain("case:1")).events[-1].kind == "refused"
    assert (await clicked(house, "approve", waiting, CHLOE)).ok


async def test_somebody_whose_own_account_would_go_may_decline_it(house: House) -> None:
    house.crm.accounts["1"] = account(handle="ben@acme.test")

    assert (await clicked(house, "decline", await house.planned(), BEN)).ok


@pytest.mark.parametrize("changes", [{"handle": "chloe"}, {"notes": facts(name=" CHLO\u00c9 ")}])
async def test_nobody_with_the_accounts_name_approves_where_the_leaver_is_not_in_slack(
    house: House, changes: dict[str, object]
) -> None:
    house.crm.accounts["1"] = replace(account(mail="new@else.test"), **changes)  # type: ignore[arg-type]  # the test names the fields
    waiting = await house.planned(email="new@else.test")

    assert not (await clicked(house, "approve", waiting, CHLOE)).ok
    assert (await clicked(house, "approve", waiting, BEN)).ok


async def test_a_namesake_of_a_leaver_who_is_known_in_slack_may_approve(house: House) -> None:
    house.crm.accounts["1"] = account(notes=facts(name="Ben"))

    assert (await clicked(house, "approve", await house.planned(), BEN)).ok


@pytest.mark.parametrize(("no_slack", "stated"), [(True, False), (False, True)])
async def test_an_approval_states_what_nobody_has_stated_yet_and_the_audit_keeps_it(
    house: House, *, no_slack: bool, stated: bool
) -> None:
    house.crm.accounts["1"] = account(mail="new@else.test")

    assert (await clicked(house, "approve", await house.planned(email="new@else.test", no_slack=no_slack), BEN)).ok

    (event,) = [one for one in (await house.store.chain("case:1")).events if one.kind == "approved"]
    assert ('"states_no_slack_account":true' in event.body) is stated


@pytest.mark.parametrize("act", ["approve", "decline"])
@pytest.mark.parametrize("wrong", [{"digest": "1another"}, {"turn": 2}, {"turn": 0}])
async def test_a_click_on_another_plan_than_the_one_that_counts_does_nothing(
    house: House, waiting: CaseView, act: str, wrong: dict[str, object]
) -> None:
    said = await clicked(house, act, waiting, BEN, **wrong)

    assert not said.ok
    assert await untouched(house, waiting)


async def test_a_click_from_another_team_does_nothing(house: House, waiting: CaseView) -> None:
    assert not (await clicked(house, "approve", waiting, replace(BEN, team_id="T0OTHER"))).ok
    assert await untouched(house, waiting)


async def test_where_slack_does_not_say_who_may_nothing_is_allowed(house: House, waiting: CaseView) -> None:
    house.people.silent = True

    with pytest.raises(PeopleNotReadable):
        await clicked(house, "approve", waiting, BEN)

    assert await untouched(house, waiting)


async def test_a_click_on_a_case_that_is_not_there_is_told_so(house: House) -> None:
    assert not (await house.cases.approve(9, 1, "d", BEN.user_id, BEN.team_id, lambda _: "")).ok
    assert not (await house.cases.decline(9, 1, "d", BEN.user_id, BEN.team_id, "")).ok
    assert not (await house.cases.may_decide(9, 1, "d", BEN.user_id, BEN.team_id)).ok
    assert not (await house.cases.cancel(9, ROOT.user_id, ROOT.team_id)).ok


async def test_one_approval_hands_the_run_over_in_the_same_commit(house: House, waiting: CaseView) -> None:
    assert (await clicked(house, "approve", waiting, BEN)).ok

    view = await house.view(1)
    assert (view.case.state, view.case.attempt) == (CaseState.RUNNING, 1)
    assert [plan.state for plan in view.plans] == [PlanState.APPROVED]
    assert house.engine.queue == [(WorkKind.REMOVE, 1, 1, "crm"), (WorkKind.REMOVE, 1, 1, "wiki")]


async def test_an_approval_keeps_its_ground_and_what_was_shown(house: House, waiting: CaseView) -> None:
    await clicked(house, "approve", waiting, BEN)

    (given,) = (await house.view(1)).approvals
    assert (given.user_id, given.digest, given.why) == ("U0BEN", waiting.plans[0].digest, "in S0SECURITY")
    assert "words" in {value.value for value in (await house.store.chain("case:1")).values}


async def test_may_decide_answers_as_the_click_would(house: House, waiting: CaseView) -> None:
    plan = waiting.plans[0]

    async def may(who: Person, digest: str = plan.digest) -> bool:
        return (await house.cases.may_decide(1, 1, digest, who.user_id, who.team_id)).ok

    assert [await may(BEN), await may(AMY), await may(BEN, "1another")] == [True, False, False]
    assert await untouched(house, waiting)


async def test_ten_clicks_at_once_give_one_approval_and_one_run(house: House, waiting: CaseView) -> None:
    said = await asyncio.gather(*(clicked(house, "approve", waiting, who) for who in [BEN, CHLOE] * 5))

    assert sum(answer.ok for answer in said) == 1
    view = await house.view(1)
    assert (view.case.attempt, len(view.approvals), len(house.engine.queue)) == (1, 1, 2)


async def test_approve_and_decline_at_once_do_one_of_the_two(house: House, waiting: CaseView) -> None:
    said = await asyncio.gather(clicked(house, "approve", waiting, BEN), clicked(house, "decline", waiting, CHLOE))

    assert sum(answer.ok for answer in said) == 1


class TestTwoApprovals:
    @pytest.fixture(autouse=True)
    def two(self, house: House) -> None:
        house.govern(replace(POLICY, approvals=2))

    async def test_two_people_have_to_approve(self, house: House, waiting: CaseView) -> None:
        assert (await clicked(house, "approve", waiting, BEN)).text == "Counted: 1 of 2 approvals."
        assert (await house.view(1)).case.state is CaseState.WAITING
        assert (await clicked(house, "approve", waiting, CHLOE)).ok
        assert (await house.view(1)).case.state is CaseState.RUNNING

    async def test_one_person_counts_once(self, house: House, waiting: CaseView) -> None:
        said = await asyncio.gather(*(clicked(house, "approve", waiting, BEN) for _ in range(3)))

        assert sum(answer.ok for answer in said) == 1
        assert (await house.view(1)).case.state is CaseState.WAITING

    async def test_one_human_with_two_slack_ids_counts_once(self, house: House, waiting: CaseView) -> None:
        again = person("U0BEN2", "BEN@acme.test")
        house.people.people = (*house.people.people, again)
        house.people.groups = {"S0SECURITY": ("U0BEN", "U0BEN2")}
        await clicked(house, "approve", waiting, BEN)

        await clicked(house, "approve", waiting, again)

        assert (await house.view(1)).case.state is CaseState.WAITING

    async def test_the_approval_of_somebody_who_lost_the_right_no_longer_counts(
        self, house: House, waiting: CaseView
    ) -> None:
        await clicked(house, "approve", waiting, BEN)
        house.people.groups = {"S0SECURITY": ("U0CHLOE", "U0OTTO")}

        assert (await clicked(house, "approve", waiting, CHLOE)).text == "Counted: 1 of 2 approvals."
        assert (await clicked(house, "approve", waiting, OTTO)).ok
        assert (await house.view(1)).case.state is CaseState.RUNNING

    async def test_a_rule_that_grew_weaker_since_the_plan_does_not_lower_the_number(
        self, house: House, waiting: CaseView
    ) -> None:
        house.govern(POLICY)

        await clicked(house, "approve", waiting, BEN)

        assert (await house.view(1)).case.state is CaseState.WAITING


async def test_a_system_that_asks_for_more_since_the_plan_gets_more(house: House, waiting: CaseView) -> None:
    house.crm.approvals = 2

    assert (await clicked(house, "approve", waiting, BEN)).text == "Counted: 1 of 2 approvals."


async def test_a_case_for_later_is_approved_now_and_begins_then(house: House) -> None:
    house.crm.accounts["1"] = account()
    when = datetime.now(UTC) + timedelta(days=2)
    view = await house.planned(when=when)

    assert (await clicked(house, "approve", view, BEN)).ok

    case = (await house.view(1)).case
    assert (case.state, case.start_at, case.expires_at) == (CaseState.APPROVED, when, None)
    assert not house.engine.queue


async def test_a_cool_down_runs_from_the_last_approval(house: House) -> None:
    house.govern(replace(POLICY, cool_down=timedelta(hours=1)))
    house.crm.accounts["1"] = account()

    await clicked(house, "approve", await house.planned(), BEN)

    view = await house.view(1)
    assert view.case.state is CaseState.APPROVED
    assert view.case.start_at == view.approvals[0].at + timedelta(hours=1)


async def test_a_declined_case_ends_with_the_reason_and_frees_the_person(house: House, waiting: CaseView) -> None:
    assert (await clicked(house, "decline", waiting, BEN)).ok

    view = await house.view(1)
    assert (view.case.state, view.case.closing_note, view.case.ended_by) == (CaseState.DECLINED, "words", "U0BEN")
    assert view.case.ended_at is not None
    assert [plan.state for plan in view.plans] == [PlanState.VOID]
    assert (await house.opened()).id == 2
    assert not (await clicked(house, "approve", view, CHLOE)).ok


@pytest.mark.parametrize("who", [AMY, ROOT])
async def test_requester_and_admins_cancel_a_case_that_waits(house: House, waiting: CaseView, who: Person) -> None:
    assert (await house.cases.cancel(1, who.user_id, who.team_id)).ok

    view = await house.view(1)
    assert (view.case.state, view.case.ended_by) == (CaseState.CANCELLED, who.user_id)
    assert [plan.state for plan in view.plans] == [PlanState.VOID]
    assert (await house.opened()).id == 2


async def test_a_case_cancelled_while_it_is_looked_at_gets_no_plan(house: House) -> None:
    case = await house.opened()
    assert (await house.cases.cancel(case.id, AMY.user_id, AMY.team_id)).ok

    await house.engine.drain()

    view = await house.view(case.id)
    assert (view.case.state, view.plans) == (CaseState.CANCELLED, ())


@pytest.mark.parametrize("who", [BEN, OTTO])
async def test_others_cancel_nothing(house: House, waiting: CaseView, who: Person) -> None:
    assert (await house.cases.cancel(1, who.user_id, who.team_id)).who == ("U0ROOT",)
    assert await untouched(house, waiting)


async def test_who_did_not_see_the_plan_does_not_approve_it(house: House, waiting: CaseView) -> None:
    button = (1, waiting.plans[0].turn, waiting.plans[0].digest, BEN.user_id, BEN.team_id)

    assert "Press Review" in (await house.cases.approve(*button, lambda _: None)).text
    assert await untouched(house, waiting)
    assert (await house.store.chain("case:1")).events[-1].kind == "refused"


async def test_the_leaver_is_never_among_those_who_may(house: House, waiting: CaseView) -> None:
    house.govern(replace(POLICY, approvers=("U0BEN", "U0DANA"), admins=("U0ROOT", "U0DANA")))
    plan = waiting.open_plan
    assert plan is not None
    asked = (1, plan.turn, plan.digest, OTTO.user_id, OTTO.team_id)

    said = [
        await house.cases.approve(*asked, lambda _: "shown"),
        await house.cases.may_decide(*asked),
        await house.cases.decline(*asked, "no"),
        await house.cases.cancel(1, OTTO.user_id, OTTO.team_id),
        await house.cases.may_mend(1, "crm", OTTO.user_id, OTTO.team_id),
    ]

    assert [one.who for one in said] == [("U0BEN",)] * 3 + [("U0ROOT",)] * 2


async def test_a_leaver_who_tries_a_number_does_not_learn_of_the_case(house: House, waiting: CaseView) -> None:
    house.govern(replace(POLICY, admins=("U0ROOT", "U0DANA")))

    said = await house.cases.cancel(1, DANA.user_id, DANA.team_id)

    assert said == await house.cases.cancel(99, DANA.user_id, DANA.team_id)
    assert await untouched(house, waiting)


async def test_an_approved_case_that_has_not_begun_is_cancelled_by_an_admin_only(house: House) -> None:
    house.crm.accounts["1"] = account()
    view = await house.planned(when=datetime.now(UTC) + timedelta(days=2))
    await clicked(house, "approve", view, BEN)

    assert not (await house.cases.cancel(1, AMY.user_id, AMY.team_id)).ok
    assert (await house.cases.cancel(1, ROOT.user_id, ROOT.team_id)).ok


async def test_a_case_that_has_begun_cannot_be_cancelled(house: House, waiting: CaseView) -> None:
    await clicked(house, "approve", waiting, BEN)

    assert not (await house.cases.cancel(1, ROOT.user_id, ROOT.team_id)).ok
    assert (await house.view(1)).case.state is CaseState.RUNNING


async def test_a_case_is_cancelled_once(house: House, waiting: CaseView) -> None:
    said = await asyncio.gather(*(house.cases.cancel(1, ROOT.user_id, ROOT.team_id) for _ in range(3)))

    assert sum(answer.ok for answer in said) == 1


async def test_an_approver_without_an_address_is_told_and_counts_for_nothing(house: House) -> None:
    view = await house.planned_in_crm()
    house.people.people = (AMY, replace(BEN, mail=None), CHLOE, DANA)

    said = await house.approved(view)

    assert not said.ok
    assert "no confirmed address" in said.text
    assert (await house.view(1)).approvals == ()
    assert (await house.store.chain("case:1")).events[-1].kind == "refused"


async def test_two_ids_that_are_one_human_by_the_operators_word_count_once(house: House) -> None:
    second = person("U0BEN2", "b.sato@other.test")
    house.people.people = (AMY, replace(BEN, also=("U0BEN2",)), replace(second, also=("U0BEN",)), CHLOE, DANA)
    house.people.groups = {"S0SECURITY": ("U0BEN", "U0BEN2", "U0CHLOE")}
    house.govern(replace(POLICY, approvals=2, people=(("U0BEN", "U0BEN2"),)))
    view = await house.planned_in_crm()
    await house.approved(view, BEN)

    assert not (await house.approved(view, second)).ok

    after = await house.view(1)
    assert (after.case.state, len(after.approvals)) == (CaseState.WAITING, 1)
    assert (await house.approved(view, CHLOE)).ok
    assert (await house.view(1)).case.state is CaseState.RUNNING


async def test_a_second_id_may_approve_where_the_first_one_no_longer_counts(house: House) -> None:
    second = person("U0BEN2", "ben+two@acme.test")
    house.people.people = (AMY, BEN, second, CHLOE, DANA)
    house.govern(replace(POLICY, approvals=2))
    view = await house.planned_in_crm()
    await house.approved(view, BEN)
    house.people.groups = {"S0SECURITY": ("U0BEN2", "U0CHLOE")}

    assert "1 of 2" in (await house.approved(view, second)).text
    assert (await house.approved(view, CHLOE)).ok

    after = await house.view(1)
    assert after.case.state is CaseState.RUNNING
    assert {one.user_id for one in after.approvals} == {"U0BEN2", "U0CHLOE"}
