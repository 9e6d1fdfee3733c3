from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.audit import GIVEN_OUT
from bot.evidence import container, records
from bot.evidence.making import Evidence, NoSuchCaseError
from tests.bot.conftest import House
from tests.bot.evidence.packed import OURS, made, ran


async def test_a_pack_holds_the_event_that_it_was_given_out_and_to_whom(house: House) -> None:
    given_out = await ran(house)
    events, values = records.chain(container.read(given_out.content)[records.EVENTS])

    assert events[-1].kind == GIVEN_OUT
    assert [(one.field, one.value) for one in values if one.seq == events[-1].seq] == [("by", "olga")]
    assert json.loads(events[-1].body)["facts"] == {"edition": 1, "key": OURS.fingerprint, "to": "file"}


async def test_a_pack_that_is_taken_again_is_of_the_same_edition(house: House) -> None:
    assert (await ran(house)).name == "OFF-1-evidence-1.zip"
    assert (await made(house)).edition == 1


async def test_a_pack_after_something_more_happened_is_a_new_edition(house: House) -> None:
    await ran(house)
    async with house.store.begin() as tx:
        await tx.audit(1, "looked", {"system": "crm"}, {})

    assert (await made(house)).name == "OFF-1-evidence-2.zip"
    assert (await made(house)).edition == 2


async def test_there_is_no_evidence_of_a_case_that_is_not_there(house: House) -> None:
    with pytest.raises(NoSuchCaseError, match="OFF-7"):
        await Evidence(house.store, OURS).make(7, "file", {})

    assert await house.store.heads() == ()


async def test_what_a_case_was_written_as_is_read_back_without_the_leavers_slack_id(house: House) -> None:
    view = await house.planned(user_id="U0DANA", email="")
    files = records.of_case(view)

    assert view.case.leaver.slack_id == "U0DANA"
    assert not any(b"U0DANA" in content for content in files.values())
    assert records.case_view(files).plans == view.plans


async def test_no_slack_id_of_a_second_account_or_of_other_logins_is_in_the_records(house: House) -> None:
    view = await house.planned()
    leaver = replace(view.case.leaver, also=("U0DANA2",), named=("U0ERIN",))
    files = records.of_case(replace(view, case=replace(view.case, leaver=leaver)))

    assert not any(one in content for content in files.values() for one in (b"U0DANA", b"U0ERIN"))


async def test_reading_where_a_case_stands_makes_no_new_edition(house: House) -> None:
    first = await ran(house)
    await house.cases.read_status(1, "U0BEN", "T0ACME")

    assert (first.edition, (await made(house)).edition) == (1, 1)
