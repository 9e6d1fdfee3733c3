"""Mark done reads the system once: what still stands there needs an admin's word."""

from __future__ import annotations

import asyncio

import pytest

from bot import errors
from bot.cases import Said
from bot.cases import glance as looking
from bot.cases.glance import Seen
from bot.model import CaseState, CaseView, Person, Word
from tests.bot.conftest import House
from tests.bot.fakes import OTTO, ROOT, account


@pytest.fixture
async def stuck(house: House) -> CaseView:
    """A case whose CRM said no; Otto owns the CRM."""
    house.crm.owner = OTTO.user_id
    house.crm.do_errors = [errors.Refused("a backup job uses the user")]
    view = await house.run(await house.planned_in_crm())
    assert view.case.state is CaseState.NEEDS_PEOPLE
    house.crm.journal.clear()
    return view


async def done(house: House, by: Person) -> Said:
    return await house.cases.mark_done(1, "crm", by.user_id, by.team_id, "ticket 7")


async def test_what_still_stands_is_not_marked_done_by_its_owner(house: House, stuck: CaseView) -> None:
    said = await done(house, OTTO)

    assert not said.ok
    assert "still shows" in said.text
    assert said.who == (ROOT.user_id,)
    assert await house.view(1) == stuck
    assert (await house.store.chain("case:1")).events[-1].kind == "refused"


async def test_what_still_stands_is_marked_done_by_an_admin_and_it_says_so(house: House, stuck: CaseView) -> None:
    assert (await done(house, ROOT)).ok

    view = await house.view(1)
    (outcome,) = view.of_system("crm")
    assert (outcome.word, outcome.sentence) == (Word.MANUAL, f"ticket 7 — {Seen.STANDS}")
    assert outcome.left == "The account still works."
    assert view.case.state is CaseState.CLOSED


async def test_what_is_gone_is_marked_done_by_its_owner(house: House, stuck: CaseView) -> None:
    house.crm.accounts.clear()

    assert (await done(house, OTTO)).ok

    (outcome,) = (await house.view(1)).of_system("crm")
    assert (outcome.sentence, outcome.left) == (f"ticket 7 — {Seen.GONE}", "")
    assert house.crm.journal == ["read 1", "find", "close"]


async def test_where_the_system_cannot_be_read_the_persons_word_stands_and_says_that(
    house: House, stuck: CaseView
) -> None:
    house.crm.read_errors = [errors.CredentialsRejected("the key was taken back")]

    assert (await done(house, OTTO)).ok

    (outcome,) = (await house.view(1)).of_system("crm")
    assert outcome.sentence == f"ticket 7 — {Seen.UNREADABLE}"


async def test_a_system_that_is_slow_keeps_nobody_waiting(
    house: House, stuck: CaseView, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(looking, "_SECONDS", 0.0)
    house.crm.read = never  # type: ignore[method-assign,assignment]

    assert (await done(house, OTTO)).ok
    assert (await house.view(1)).of_system("crm")[0].sentence.endswith(Seen.UNREADABLE)


async def test_somebody_who_may_not_mark_it_done_makes_nobody_read_the_system(house: House, stuck: CaseView) -> None:
    assert not (await house.cases.mark_done(1, "crm", "U0BEN", "T0ACME", "ticket 7")).ok
    assert house.crm.journal == []


async def test_an_account_that_nobody_knew_of_counts_as_standing_there(house: House, stuck: CaseView) -> None:
    house.crm.accounts = {"9": account(id="9")}

    assert not (await done(house, OTTO)).ok
