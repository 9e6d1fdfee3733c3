"""Some time after the end everything that was taken away is read again; what came back is a person's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import errors
from bot.model import CaseState, CaseView, Sight, Word
from tests.bot.conftest import House
from tests.bot.fakes import ROOT, account

LATER = timedelta(minutes=6)
DAY = timedelta(hours=25)


@pytest.fixture
async def closed(house: House) -> CaseView:
    """Dana's account in the CRM was taken away and the case is closed."""
    view = await house.run(await house.planned_in_crm())
    assert view.case.state is CaseState.CLOSED
    house.crm.journal.clear()
    house.wiki.journal.clear()
    return view


async def after(house: House, time: timedelta) -> CaseView:
    """The case after the sweeper came by at that time from now, twice."""
    for _ in range(2):
        await house.sweeper.sweep(datetime.now(UTC) + time)
        await house.engine.drain()
    return await house.view(1)


async def kinds(house: House) -> list[str]:
    return [event.kind for event in (await house.store.chain("case:1")).events]


async def test_after_five_minutes_and_a_day_it_is_read_again_by_id_and_by_search(
    house: House, closed: CaseView
) -> None:
    await after(house, LATER)
    assert house.crm.journal == ["read 1", "find", "close"]
    view = await after(house, DAY)

    assert house.crm.journal == ["read 1", "find", "close"] * 2
    assert house.wiki.journal == []
    assert (await kinds(house)).count("proved again") == 2
    assert view == closed
    assert await house.store.rechecks(1) == ()


async def test_nothing_is_read_again_before_its_time(house: House, closed: CaseView) -> None:
    await after(house, timedelta(minutes=4))

    assert house.crm.journal == []


@pytest.mark.parametrize("id_now", ["1", "7"])
async def test_an_account_that_came_back_opens_the_case_for_people_and_is_not_removed(
    house: House, closed: CaseView, id_now: str
) -> None:
    house.crm.accounts[id_now] = account(id=id_now)

    view = await after(house, LATER)

    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.MANUAL)
    (outcome,) = [one for one in view.of_system("crm") if one.account_id == id_now]
    assert "there" in outcome.sentence
    assert outcome.left == "The account works again."
    assert house.crm.writes() == []
    assert "came back" in await kinds(house)
    assert isinstance(await house.cases.open(house.form(), "U0AMY", "T0ACME"), tuple)
    await after(house, DAY)
    assert house.crm.writes() == []


async def test_what_came_back_is_removed_by_a_retry_alone(house: House, closed: CaseView) -> None:
    house.crm.accounts["1"] = account()
    await after(house, LATER)

    assert (await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)).ok
    await house.engine.drain()

    view = await house.view(1)
    assert (view.word("crm"), view.case.state) == (Word.REMOVED, CaseState.CLOSED)
    assert len(await house.store.rechecks(1)) == 2


async def test_a_crowd_of_new_accounts_is_one_task_and_no_list(house: House, closed: CaseView) -> None:
    house.crm.accounts = {str(one): account(id=str(one)) for one in range(100, 160)}

    view = await after(house, LATER)

    (open_one,) = [one for one in view.of_system("crm") if one.word is Word.MANUAL]
    assert (open_one.account_id, "lists 60 accounts" in open_one.sentence) == ("", True)
    assert view.case.state is CaseState.NEEDS_PEOPLE


async def test_a_system_that_cannot_be_read_later_is_tried_again_and_then_told_as_not_proved(
    house: House, closed: CaseView
) -> None:
    house.crm.read_errors = [errors.CredentialsRejected("the key was taken back")] * 99

    await after(house, LATER)
    (soon, _) = await house.store.rechecks(1)
    assert soon.tries == 1
    for hours in range(2, 9):
        await after(house, timedelta(hours=hours))

    assert (await kinds(house)).count("not proved again") == 6
    assert (await house.view(1)).case.state is CaseState.CLOSED


async def test_a_retry_forgets_the_later_looks_at_its_system(house: House, closed: CaseView) -> None:
    house.crm.accounts["1"] = account()
    await after(house, LATER)
    await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)
    assert await house.store.rechecks(1) == ()


async def test_a_partial_sight_proves_nothing_later_either(house: House, closed: CaseView) -> None:
    house.crm.sight = Sight.PARTIAL

    await after(house, LATER)

    assert "proved again" not in await kinds(house)
    assert "not proved again" in await kinds(house)


async def scheduled(house: House, ends_at: datetime) -> None:
    """The CRM has accepted that Dana's account goes at that time; the case is closed."""
    house.crm.accounts["1"] = account()
    view = await house.planned()
    house.crm.accounts["1"] = account(ends_at=ends_at)
    view = await house.run(view)
    assert (view.word("crm"), view.case.state) == (Word.SCHEDULED, CaseState.CLOSED)


@pytest.mark.parametrize(
    ("becomes", "word", "state"),
    [
        (lambda house: house.crm.accounts.clear(), Word.REMOVED, CaseState.CLOSED),
        (lambda house: house.crm.accounts.update({"1": account()}), Word.MANUAL, CaseState.NEEDS_PEOPLE),
    ],
)
async def test_what_was_scheduled_is_looked_at_after_its_date(
    house: House, becomes: Callable[[House], None], word: Word, state: CaseState
) -> None:
    await scheduled(house, datetime.now(UTC) + timedelta(days=7))
    becomes(house)

    assert (await after(house, timedelta(days=6))).word("crm") is Word.SCHEDULED
    view = await after(house, timedelta(days=8))

    assert (view.word("crm"), view.case.state) == (word, state)
    assert all(outcome.proof is not None for outcome in view.of_system("crm") if outcome.word is Word.REMOVED)


async def test_a_date_that_the_vendor_moved_is_waited_for(house: House) -> None:
    await scheduled(house, datetime.now(UTC) - timedelta(days=1))
    house.crm.accounts["1"] = account(ends_at=datetime.now(UTC) + timedelta(days=9))

    view = await after(house, timedelta(minutes=1))

    assert view.word("crm") is Word.SCHEDULED
    (waiting,) = await house.store.rechecks(1)
    assert waiting.due_at > datetime.now(UTC) + timedelta(days=8)


async def test_a_look_handed_over_twice_is_made_once(house: House, closed: CaseView) -> None:
    await house.sweeper.sweep(datetime.now(UTC) + LATER)
    house.engine.queue *= 2
    await house.engine.drain()

    assert (await kinds(house)).count("proved again") == 1


async def test_a_name_that_means_another_system_by_now_is_not_read(house: House, closed: CaseView) -> None:
    house.crm.identity = "another crm"

    await after(house, LATER)

    assert house.crm.journal == []
    assert replace(closed) == await house.view(1)


async def packs(house: House) -> int:
    """How often the evidence was asked for."""
    posts = await house.store.due_posts(datetime.max.replace(tzinfo=UTC), 100)
    placed = {post.key: post.wanted for post in posts}
    return placed.get("pack", 0)


async def with_root(house: House) -> None:
    """Let the root stand, so that all else is due."""
    root = next(post for post in await house.store.due_posts(datetime.now(UTC), 9) if post.key == "root")
    await house.store.end_post(root, "1.0", root.channel)


async def test_a_later_look_that_differs_makes_another_edition_of_the_evidence(house: House, closed: CaseView) -> None:
    await with_root(house)
    assert await packs(house) == 1
    await after(house, LATER)
    assert await packs(house) == 1
    house.crm.accounts["1"] = account()

    await after(house, DAY)

    assert await packs(house) == 2
    chain = await house.store.chain("case:1")
    (event,) = [one for one in chain.events if one.kind == "came back"]
    said = [value.value for value in chain.values if (value.seq, value.field) == (event.seq, "differs:0")]
    assert said == ["dana@acme.test: It had been proved gone and is there again: a person has to decide."]


async def test_when_it_is_looked_at_again_is_in_the_audit_once(house: House, closed: CaseView) -> None:
    due = [one.body for one in (await house.store.chain("case:1")).events if one.kind == "look due"]

    assert ["after 5 minutes" in due[0], "after 24 hours" in due[1], len(due)] == [True, True, 2]
