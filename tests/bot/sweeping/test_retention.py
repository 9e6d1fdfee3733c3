"""An old case loses what is personal, its chain stays whole, and people are told that it is so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.evidence.checking import check_pack
from bot.evidence.database import check_database
from bot.evidence.keys import new_key, signer
from bot.evidence.making import Evidence
from bot.model import CaseState, Word
from tests.bot.conftest import House
from tests.bot.fakes import account
from tests.bot.sweeping.conftest import Time

YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)
PERSONAL = ("dana", "amy@", "ben@", "Amy", "left the company", "acct-7", "D. F.")
"""What was typed or found about people; Slack ids are no names and stay."""


async def ended(house: House) -> datetime:
    """A case that ended well; its later looks were made. Returns a time a year after."""
    house.crm.accounts["acct-7"] = account(id="acct-7")
    view = await house.ran(reason="left the company for good")
    await house.sweeper.sweep(datetime.now(UTC) + timedelta(days=2))
    await house.engine.drain()
    assert view.case.state is CaseState.CLOSED
    assert await house.store.rechecks(1) == ()
    return datetime.now(UTC) + YEAR + MINUTE


async def everything(house: House) -> str:
    """All text of all tables that a case can leave something in."""
    found = []
    async with house.store.reading() as connection:
        names = await connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for name in [one for one in names if not one.startswith("sqlite_")]:
            found += [str(tuple(row)) for row in await connection.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
    return "\n".join(found)


async def test_a_year_after_its_end_nothing_personal_of_a_case_is_left(house: House, time: Time) -> None:
    late = await ended(house)
    before = await everything(house)
    assert all(word in before for word in PERSONAL[:2])

    await time.retention.sweep(late)

    after = await everything(house)
    assert [word for word in PERSONAL if word in after] == []


async def test_a_case_is_kept_whole_until_then(house: House, time: Time) -> None:
    late = await ended(house)
    whole = await house.view(1)

    await time.retention.sweep(late - 3 * MINUTE)

    assert await house.view(1) == whole


async def test_a_redacted_case_keeps_how_it_ended_and_when(house: House, time: Time) -> None:
    late = await ended(house)
    before = await house.view(1)

    await time.retention.sweep(late)

    view = await house.view(1)
    assert view.case.redacted_at is not None
    assert (view.case.state, view.case.ended_at) == (CaseState.CLOSED, before.case.ended_at)
    assert (view.word("crm"), view.word("wiki")) == (Word.REMOVED, Word.ABSENT)
    assert [outcome.proof for outcome in view.outcomes] == [outcome.proof for outcome in before.outcomes]
    assert view.case.title == "redacted"


async def test_the_audit_of_a_redacted_case_still_verifies(house: House, time: Time) -> None:
    late = await ended(house)
    key = signer(new_key())
    await house.store.seal(key)

    await time.retention.sweep(late)

    async with house.store.audit_log() as log:
        report = await check_database(log)
    assert report.defects == []
    chain = await house.store.chain("case:1")
    assert chain.values == ()
    assert chain.events[-1].kind == "redacted"
    assert json.loads(chain.events[-1].body)["facts"]["values"] > 0


async def test_a_second_pass_redacts_nothing_again(house: House, time: Time) -> None:
    late = await ended(house)
    await time.retention.sweep(late)
    events = await time.kinds()

    await time.retention.sweep(late + YEAR)

    assert await time.kinds() == events


async def test_a_case_that_has_not_ended_is_never_redacted(house: House, time: Time) -> None:
    view = await house.planned_in_crm()

    await time.retention.sweep(datetime.now(UTC) + 9 * YEAR)

    assert await house.view(1) == view


async def test_a_case_that_is_still_to_be_looked_at_again_waits_for_that(house: House, time: Time) -> None:
    house.crm.accounts["1"] = account()
    view = await house.ran()

    await time.retention.sweep(datetime.now(UTC) + 2 * YEAR)

    assert await house.view(1) == view


async def test_a_pack_of_a_redacted_case_verifies_and_says_that_it_was_redacted(house: House, time: Time) -> None:
    late = await ended(house)
    await time.retention.sweep(late)
    key = signer(new_key())

    made = await Evidence(house.store, key).make(1, "file", {})

    verdict = check_pack(made.content, [key.fingerprint])
    assert verdict.defects == ()
    assert verdict.ok
    assert b"redacted" in made.content


async def test_the_person_of_a_redacted_case_may_have_a_new_one(house: House, time: Time) -> None:
    late = await ended(house)
    await time.retention.sweep(late)

    assert (await house.opened()).id == 2


async def test_old_words_in_the_chain_of_refusals_are_deleted_too(house: House, time: Time) -> None:
    async with house.store.begin() as tx:
        await tx.audit(None, "refused", {}, {"reason": "dana asked"})

    await time.retention.sweep(datetime.now(UTC) + YEAR + MINUTE)

    chain = await house.store.chain("refusals")
    assert (chain.values, chain.defect) == ((), None)
    assert await time.kinds("refusals") == ["refused", "redacted"]
