"""Where no system knows the person, somebody answers for it before the case is closed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot import errors
from bot.cases import Denied, Opened
from bot.model import CaseState, CaseView, Discovery, Leaver, Person, Sight, Word
from tests.bot.conftest import House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account

OTHER = "dana.fox@acme.test"


@pytest.fixture
async def unknown(house: House) -> CaseView:
    """A case about an address that no system knows."""
    return await house.planned(email=OTHER, reason="left", other_logins=("dfox",))


async def asked_anew(house: House, by: Person = AMY, **changes: object) -> Opened | tuple[Denied, ...]:
    """The corrected request about the first case."""
    form = house.form(**{"corrects": 1, **changes})
    return await house.cases.open(form, by.user_id, by.team_id)


async def wanted(house: House) -> set[str]:
    """The keys of all messages that are to be posted."""
    async with house.store.begin() as tx:
        rows = await tx.connection.exec_driver_sql("SELECT key FROM outbox")
    return {key for (key,) in rows}


async def drawn(house: House) -> int:
    """How often the question was to be drawn."""
    async with house.store.begin() as tx:
        rows = await tx.connection.exec_driver_sql("SELECT wanted FROM outbox WHERE key = 'nothing'")
    return int(rows.scalar_one())


async def events(house: House, kind: str) -> list[dict[str, object]]:
    """The facts of the first case's events of that kind."""
    return [json.loads(one.body)["facts"] for one in (await house.store.chain("case:1")).events if one.kind == kind]


async def test_the_results_are_told_and_the_case_waits_for_an_answer(house: House, unknown: CaseView) -> None:
    assert unknown.case.state is CaseState.NEEDS_PEOPLE
    assert [outcome.word for outcome in unknown.outcomes] == [Word.ABSENT, Word.ABSENT]
    assert {"nothing", "closing", "dm:ended"} <= await wanted(house)


@pytest.mark.parametrize("by", [BEN, CHLOE, ROOT])
async def test_an_approver_or_admin_closes_it_with_their_name(house: House, unknown: CaseView, by: Person) -> None:
    assert (await house.confirmed(unknown, by)).ok

    view = await house.view(1)
    assert (view.case.state, view.case.confirmed_by) == (CaseState.CLOSED, by.user_id)
    (event,) = await events(house, "nothing confirmed")
    assert event["user"] == by.user_id


@pytest.mark.parametrize("by", [AMY, OTTO])
async def test_requester_and_outsiders_confirm_nothing(house: House, unknown: CaseView, by: Person) -> None:
    assert not (await house.confirmed(unknown, by)).ok

    assert await house.view(1) == unknown
    assert len(await events(house, "refused")) == 1


async def test_a_leaver_who_is_an_approver_is_told_that_there_is_no_such_case(house: House) -> None:
    house.people.groups["S0SECURITY"] = ("U0BEN", "U0DANA")
    view = await house.planned()

    assert "no such case" in (await house.confirmed(view, DANA)).text
    assert (await house.view(1)).case.state is CaseState.NEEDS_PEOPLE


async def test_a_case_that_is_not_there_cannot_be_answered_for(house: House, unknown: CaseView) -> None:
    missing = replace(unknown, case=replace(unknown.case, id=9))

    assert "no such case" in (await house.confirmed(missing)).text


async def test_a_click_that_is_delivered_again_counts_once(house: House, unknown: CaseView) -> None:
    assert (await house.confirmed(unknown, click="1.2")).ok
    assert not (await house.confirmed(unknown, click="1.2")).ok
    assert len(await events(house, "nothing confirmed")) == 1


async def test_nobody_confirms_what_they_were_not_shown(house: House, unknown: CaseView) -> None:
    said = await house.cases.confirm_nothing(1, 0, BEN.user_id, BEN.team_id, lambda _: None)

    assert not said.ok
    assert (await house.view(1)).case.state is CaseState.NEEDS_PEOPLE


async def test_opening_the_details_is_for_those_who_may_confirm_and_is_in_the_audit(
    house: House, unknown: CaseView
) -> None:
    view = await house.cases.review_nothing(1, 0, BEN.user_id, BEN.team_id)

    assert isinstance(view, CaseView)
    assert len(await events(house, "nothing reviewed")) == 1
    assert not isinstance(await house.cases.review_nothing(1, 0, AMY.user_id, AMY.team_id), CaseView)


async def test_a_retry_that_finds_nothing_anywhere_asks_the_same(house: House) -> None:
    house.crm.find_errors = [errors.Forbidden("no rights")]
    view = await house.planned(email=OTHER)
    assert "Not read so far: CRM" in (await house.confirmed(view)).text

    await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)
    await house.engine.drain()

    after = await house.view(1)
    assert (after.case.state, after.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.ABSENT)
    assert "no longer open" in (await house.confirmed(view)).text
    assert (await house.confirmed(after)).ok
    assert (await house.view(1)).case.state is CaseState.CLOSED


async def test_a_retry_that_finds_an_account_needs_an_approval_and_draws_the_question_anew(house: House) -> None:
    house.crm.find_errors = [errors.Forbidden("no rights")]
    house.crm.accounts["1"] = account()
    await house.planned()
    before = await drawn(house)

    await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, await drawn(house)) == (CaseState.WAITING, before + 1)
    assert not (await house.confirmed(view)).ok


async def test_a_case_whose_accounts_went_by_themselves_is_closed_without_a_question(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.accounts.clear()

    view = await house.run(view)

    assert (view.word("crm"), view.case.state) == (Word.ABSENT, CaseState.CLOSED)
    assert "nothing" not in await wanted(house)


async def test_near_names_stand_in_the_question_and_in_no_plan_beside_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find(_: Leaver) -> Discovery:
        return Discovery("crm", Sight.FULL, similar=("dan",))

    monkeypatch.setattr(house.crm, "find", find)

    await house.planned()

    assert {"nothing", "plan:1"} & await wanted(house) == {"nothing"}


@pytest.mark.parametrize(("similar", "told"), [((), set()), (("dan",), {"plan:1"})], ids=["nothing", "a near name"])
async def test_what_a_look_saw_is_told_also_where_no_system_was_read_whole(
    house: House, monkeypatch: pytest.MonkeyPatch, similar: tuple[str, ...], told: set[str]
) -> None:
    async def find(_: Leaver) -> Discovery:
        return Discovery("crm", Sight.PARTIAL, similar=similar)

    monkeypatch.setattr(house.crm, "find", find)
    house.wiki.sight = Sight.PARTIAL

    await house.planned()

    assert {"nothing", "plan:1"} & await wanted(house) == told


async def test_the_requester_gets_the_case_to_correct_it_and_nobody_else_does(house: House, unknown: CaseView) -> None:
    assert await house.cases.may_correct(1, AMY.user_id, AMY.team_id) == unknown
    for who in (BEN, ROOT, OTTO, DANA):
        assert not isinstance(await house.cases.may_correct(1, who.user_id, who.team_id), CaseView)
    assert not isinstance(await house.cases.may_correct(9, AMY.user_id, AMY.team_id), CaseView)


@pytest.mark.parametrize("email", ["dana@acme.test", OTHER], ids=["another address", "the same address once more"])
async def test_a_corrected_request_opens_a_new_case_and_cancels_the_old_one(
    house: House, unknown: CaseView, email: str
) -> None:
    opened = await asked_anew(house, email=email)

    assert isinstance(opened, Opened)
    old = (await house.view(1)).case
    assert (opened.case.id, old.state, old.ended_by) == (2, CaseState.CANCELLED, "U0AMY")
    assert old.closing_note == "The address was wrong, and is corrected. OFF-2 takes its place."
    assert [one["by_case"] for one in await events(house, "corrected")] == [2]


async def test_a_correction_that_another_case_stands_against_leaves_the_old_case_open(
    house: House, unknown: CaseView
) -> None:
    house.crm.accounts["1"] = account()
    await house.planned()

    denied = await asked_anew(house)

    assert isinstance(denied, tuple)
    assert denied[0].case_id == 2
    assert await house.view(1) == unknown
    assert await events(house, "corrected") == []


async def test_a_case_that_is_not_the_requesters_is_not_cancelled_by_a_correction(
    house: House, unknown: CaseView
) -> None:
    house.govern(replace(house.policy, requesters=("U0AMY", "U0OTTO")))

    assert isinstance(await asked_anew(house, OTTO), Opened)

    assert await house.view(1) == unknown


async def test_a_correction_after_the_answer_opens_a_case_and_leaves_the_closed_one(
    house: House, unknown: CaseView
) -> None:
    await house.confirmed(unknown)

    assert isinstance(await asked_anew(house, email=OTHER), Opened)

    assert (await house.view(1)).case.state is CaseState.CLOSED


async def test_an_admin_can_cancel_it_and_the_question_is_drawn_anew(house: House, unknown: CaseView) -> None:
    assert (await house.cases.cancel(1, ROOT.user_id, ROOT.team_id)).ok

    assert (await house.view(1)).case.state is CaseState.CANCELLED
    assert not (await house.confirmed(unknown)).ok


async def test_the_case_waits_for_those_who_can_answer(house: House, unknown: CaseView) -> None:
    for who, waits in ((AMY, {1}), (BEN, {1}), (ROOT, {1}), (OTTO, set())):
        assert await house.cases.waits_for([unknown], who.user_id, who.team_id) == waits
