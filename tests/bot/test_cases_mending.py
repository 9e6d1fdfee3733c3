"""Retry, Mark done and Skip: for admins and owners, on systems that did not end well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import errors
from bot.cases import Said
from bot.cases.glance import Seen
from bot.model import CaseState, CaseView, Person, PlanState, Sight, Word
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account

NO = errors.Refused("a backup job uses the user")


async def press(house: House, act: str, by: Person = ROOT, system: str = "crm") -> Said:
    case, who = 1, (by.user_id, by.team_id)
    if act == "retry":
        return await house.cases.retry(case, system, *who)
    if act == "mark done":
        return await house.cases.mark_done(case, system, *who, "deleted by hand, ticket 7")
    return await house.cases.skip(case, system, *who, "stays until May")


@pytest.fixture
async def stuck(house: House) -> CaseView:
    """A case whose CRM said no; Otto owns the CRM."""
    house.crm.accounts["1"] = account()
    house.crm.owner = "U0OTTO"
    house.crm.do_errors = [NO]
    view = await house.ran()
    assert view.case.state is CaseState.NEEDS_PEOPLE
    return view


@pytest.mark.parametrize("act", ["retry", "mark done", "skip"])
@pytest.mark.parametrize("who", [AMY, BEN, DANA, replace(OTTO, trusted=False), replace(ROOT, team_id="T0OTHER")])
async def test_nobody_but_admins_and_the_owner_may_mend(house: House, stuck: CaseView, act: str, who: Person) -> None:
    if not who.trusted:
        house.people.people = (who,)

    assert not (await press(house, act, who)).ok
    assert await house.view(1) == stuck
    is_noted = (await house.store.chain("case:1")).events[-1].kind == "refused"
    assert is_noted is (who is not DANA)


@pytest.mark.parametrize("act", ["retry", "mark done", "skip"])
async def test_nobody_mends_a_system_in_which_their_own_address_was_found(house: House, act: str) -> None:
    house.crm.accounts["1"] = account(handle=ROOT.mail or "")
    house.crm.do_errors = [NO]
    stuck = await house.ran()

    said = await press(house, act, ROOT)

    assert "An account that was found has your address or name" in said.text
    assert await house.view(1) == stuck


@pytest.mark.parametrize("who", [ROOT, OTTO])
async def test_a_retry_looks_first_and_removes_what_still_stands(house: House, stuck: CaseView, who: Person) -> None:
    house.crm.journal.clear()

    assert (await press(house, "retry", who)).ok
    assert (await house.view(1)).case.attempt == 2
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)
    assert house.crm.journal == ["find", "read 1", "delete 1", "read 1", "find", "close"]
    assert [plan.turn for plan in view.plans] == [1]


async def test_a_retry_works_on_the_one_system_only(house: House, stuck: CaseView) -> None:
    house.wiki.journal.clear()

    await press(house, "retry")
    await house.engine.drain()

    assert house.wiki.journal == []


async def test_a_retry_after_the_approval_has_expired_needs_a_new_one(house: House, stuck: CaseView) -> None:
    house.govern(replace(POLICY, approval_expiry=timedelta(microseconds=1)))

    await press(house, "retry")
    await house.engine.drain()

    view = await house.view(1)
    assert view.case.state is CaseState.WAITING
    assert view.open_plan is not None
    assert view.open_plan.turn == 2
    assert len(house.crm.writes()) == 1


async def test_a_retry_of_an_account_that_changed_since_needs_a_new_approval(house: House, stuck: CaseView) -> None:
    house.crm.accounts["1"] = account(weight=("admin",))

    await press(house, "retry")
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.WAITING, None)
    assert (await house.approved(view)).ok
    await house.engine.drain()
    assert (await house.view(1)).word("crm") is Word.REMOVED


async def test_a_system_that_is_tried_again_cannot_be_mended_meanwhile(house: House, stuck: CaseView) -> None:
    await press(house, "retry")

    assert [(await press(house, act)).ok for act in ("retry", "mark done", "skip")] == [False] * 3


async def test_what_a_person_has_done_closes_the_case_with_their_name_and_words(house: House, stuck: CaseView) -> None:
    house.crm.accounts.clear()
    assert (await press(house, "mark done", OTTO)).ok

    view = await house.view(1)
    (outcome,) = view.of_system("crm")
    assert view.case.state is CaseState.CLOSED
    assert (outcome.word, outcome.done_by, outcome.left) == (Word.MANUAL, "U0OTTO", "")
    assert outcome.sentence == f"deleted by hand, ticket 7 — {Seen.GONE}"
    assert (outcome.account_id, outcome.handle) == ("1", "dana@acme.test")


async def test_what_a_person_skips_closes_the_case_and_the_access_is_said_to_be_left(
    house: House, stuck: CaseView
) -> None:
    assert (await press(house, "skip")).ok

    view = await house.view(1)
    (outcome,) = view.of_system("crm")
    assert (view.case.state, outcome.word) == (CaseState.CLOSED, Word.SKIPPED)
    assert (outcome.sentence, outcome.left) == ("stays until May", "The account still works.")


@pytest.mark.parametrize("act", ["retry", "mark done", "skip"])
async def test_a_system_that_ended_well_cannot_be_mended(house: House, stuck: CaseView, act: str) -> None:
    assert stuck.word("wiki") is Word.ABSENT
    assert not (await press(house, act, system="wiki")).ok
    assert await house.view(1) == stuck


@pytest.mark.parametrize("act", ["retry", "mark done", "skip"])
async def test_a_system_or_a_case_that_is_not_there_cannot_be_mended(house: House, stuck: CaseView, act: str) -> None:
    assert not (await press(house, act, system="mail")).ok
    assert not (await house.cases.may_mend(9, "crm", ROOT.user_id, ROOT.team_id)).ok


@pytest.mark.parametrize("act", ["retry", "mark done", "skip"])
async def test_a_case_whose_first_plan_waits_cannot_be_mended(house: House, act: str) -> None:
    house.crm.accounts["1"] = account()
    house.wiki.find_errors = [errors.Forbidden("no rights")]
    await house.planned()

    assert not (await press(house, act)).ok
    assert not (await press(house, act, system="wiki")).ok


@pytest.mark.parametrize("act", ["retry", "mark done", "skip"])
async def test_a_case_that_is_over_cannot_be_mended(house: House, stuck: CaseView, act: str) -> None:
    await press(house, "skip")

    assert not (await press(house, act)).ok


@pytest.mark.parametrize("act", ["mark done", "skip"])
async def test_a_system_that_was_never_read_is_ended_by_a_person(house: House, act: str) -> None:
    house.crm.find_errors = [errors.Forbidden("no rights")]
    view = await house.planned()
    assert view.case.state is CaseState.NEEDS_PEOPLE

    assert (await press(house, act)).ok

    view = await house.view(1)
    if act == "skip":  # nobody has looked there, and the other system knows nobody
        assert view.case.state is CaseState.NEEDS_PEOPLE
        assert (await house.confirmed(view)).ok
    view = await house.view(1)
    assert (view.case.state, [one.account_id for one in view.of_system("crm")]) == (CaseState.CLOSED, [""])


async def test_a_system_that_was_never_read_is_read_by_a_retry_and_its_account_needs_an_approval(house: House) -> None:
    house.crm.accounts["1"] = account()
    house.crm.find_errors = [errors.Forbidden("no rights")]
    await house.planned()

    await press(house, "retry")
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, house.crm.writes()) == (CaseState.WAITING, [])
    assert view.open_plan is not None
    assert [one.id for one in view.open_plan.chosen()] == ["1"]


async def test_two_accounts_that_nobody_chose_are_both_ended_by_one_click(house: House) -> None:
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    await house.planned()

    await press(house, "skip")

    view = await house.view(1)
    assert [(one.account_id, one.word) for one in view.of_system("crm")] == [("1", Word.SKIPPED), ("2", Word.SKIPPED)]


async def test_a_good_outcome_in_a_system_that_is_not_seen_as_a_whole_still_needs_a_person_and_lets_one_act(
    house: House,
) -> None:
    house.crm.sight = Sight.PARTIAL
    house.crm.accounts["1"] = account()
    view = await house.planned()
    dated = account(ends_at=view.case.opened_at + timedelta(days=7))
    house.crm.accounts["1"] = dated
    await house.approved(view)
    await house.engine.drain()

    view = await house.view(1)
    assert (view.word("crm"), view.case.state) == (Word.SCHEDULED, CaseState.NEEDS_PEOPLE)
    assert (await press(house, "mark done")).ok
    assert (await house.view(1)).case.state is CaseState.CLOSED


async def test_one_system_is_mended_while_another_waits_for_its_second_approval(house: House) -> None:
    house.crm.accounts["1"] = account()
    house.wiki.accounts["1"] = account("wiki")
    house.crm.do_errors = [NO]
    view = await house.planned()
    house.wiki.accounts["1"] = account("wiki", weight=("admin",))
    await house.approved(view)
    await house.engine.drain()
    assert (await house.view(1)).case.state is CaseState.WAITING

    assert not (await press(house, "skip", system="wiki")).ok
    assert (await press(house, "retry", system="crm")).ok
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.word("crm"), view.word("wiki")) == (CaseState.WAITING, Word.REMOVED, None)
    assert (await house.approved(view, CHLOE)).ok
    await house.engine.drain()
    assert (await house.view(1)).case.state is CaseState.CLOSED


async def test_a_second_plan_is_not_approved_into_a_cool_down_while_another_system_is_at_work(house: House) -> None:
    house.crm.accounts["1"] = account()
    house.wiki.accounts["1"] = account("wiki")
    house.crm.do_errors = [NO]
    view = await house.planned()
    house.wiki.accounts["1"] = account("wiki", weight=("admin",))
    await house.approved(view)
    await house.engine.drain()
    house.govern(replace(POLICY, cool_down=timedelta(hours=1)))
    await press(house, "retry")

    assert not (await house.approved(await house.view(1), CHLOE)).ok
    await house.engine.drain()
    assert (await house.approved(await house.view(1), CHLOE)).ok
    view = await house.view(1)
    assert (view.case.state, view.plans[-1].state) == (CaseState.APPROVED, PlanState.APPROVED)


@pytest.mark.parametrize(("act", "kind"), [("retry", "retry"), ("mark_done", "marked done"), ("skip", "skipped")])
async def test_what_a_person_does_is_in_the_audit_with_the_ground(
    house: House, stuck: CaseView, act: str, kind: str
) -> None:
    house.crm.accounts.clear()
    words = () if act == "retry" else ("ticket 7",)

    assert (await getattr(house.cases, act)(1, "crm", ROOT.user_id, ROOT.team_id, *words)).ok

    (event,) = [one for one in (await house.store.chain("case:1")).events if one.kind == kind]
    assert all(part in event.body for part in ('"user":"U0ROOT"', '"team":"T0ACME"', '"why":"in U0ROOT"'))
