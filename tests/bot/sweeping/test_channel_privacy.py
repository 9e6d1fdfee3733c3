"""Who can read the channels of the cases, looked at once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sweeping import ChannelPrivacyCheck
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import ROOT, FakeReporter
from tests.bot.sweeping.conftest import Time

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHARED = "is shared with another company"


@pytest.fixture
def check(house: House) -> ChannelPrivacyCheck:
    return ChannelPrivacyCheck(house.store, house.people, POLICY, FakeReporter(), ("C0CASES", "C0SENSITIVE"))


async def alarms(time: Time) -> list[str]:
    """The direct messages that are wanted about a channel."""
    return [key for key in await time.wanted() if key.startswith("dm:channel:")]


async def test_a_channel_that_becomes_shared_is_told_to_the_admins_once(
    house: House, time: Time, check: ChannelPrivacyCheck
) -> None:
    await house.opened()
    await check.sweep(NOON)
    house.people.exposures["C0SENSITIVE"] = SHARED

    for days in (1, 2, 3):
        await check.sweep(NOON + days * DAY)

    (alarm,) = await alarms(time)
    assert alarm.endswith(ROOT.user_id)


async def test_nothing_is_asked_again_within_a_day(house: House, time: Time, check: ChannelPrivacyCheck) -> None:
    await house.opened()
    await check.sweep(NOON)
    house.people.exposures["C0CASES"] = SHARED

    await check.sweep(NOON + DAY / 2)

    assert await alarms(time) == []


async def test_a_channel_that_is_mended_and_opened_again_is_told_again(
    house: House, time: Time, check: ChannelPrivacyCheck
) -> None:
    await house.opened()
    for day, exposure in enumerate((SHARED, "", "is public: everybody in the workspace can read it")):
        house.people.exposures["C0CASES"] = exposure
        await check.sweep(NOON + day * DAY)

    events = (await house.store.chain("refusals")).events
    assert [event.kind for event in events].count("channel exposure") == 3


async def test_a_slack_that_does_not_answer_is_asked_in_the_next_pass(
    house: House, time: Time, check: ChannelPrivacyCheck
) -> None:
    await house.opened()
    house.people.exposures["C0CASES"] = SHARED
    house.people.silent = True
    await check.sweep(NOON)
    house.people.silent = False

    await check.sweep(NOON + timedelta(seconds=5))

    assert len(await alarms(time)) == 1
