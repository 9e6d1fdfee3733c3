"""Refusals that are counted, and what becomes of the counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from bot.sweeping import RefusalCounts
from tests.bot.conftest import House
from tests.bot.fakes import OTTO

LATER = datetime.now(UTC) + timedelta(hours=2)


async def facts(house: House, kind: str) -> list[dict[str, object]]:
    events = (await house.store.chain("refusals")).events
    return [json.loads(event.body)["facts"] for event in events if event.kind == kind]


async def test_numbers_that_are_tried_within_an_hour_are_one_event_and_a_count(house: House) -> None:
    await house.opened()
    for number in range(1, 8):
        assert await house.cases.read_status(number, OTTO.user_id, OTTO.team_id) is None
    assert len(await facts(house, "refused")) == 1

    await RefusalCounts(house.store).sweep(LATER)
    await RefusalCounts(house.store).sweep(LATER)

    (counted,) = await facts(house, "refusals counted")
    assert (counted["user"], counted["act"], counted["count"]) == (OTTO.user_id, "status", 7)


async def test_an_hour_that_is_not_over_is_still_counted_in(house: House) -> None:
    for number in range(1, 4):
        await house.cases.read_status(number, OTTO.user_id, OTTO.team_id)

    await RefusalCounts(house.store).sweep(datetime.now(UTC) - timedelta(hours=1))

    assert await facts(house, "refusals counted") == []


async def test_a_single_refusal_needs_no_count(house: House) -> None:
    await house.cases.read_status(1, OTTO.user_id, OTTO.team_id)

    await RefusalCounts(house.store).sweep(LATER)

    assert await facts(house, "refusals counted") == []
