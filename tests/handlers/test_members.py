"""Somebody joins the case channel."""

from __future__ import annotations

from tests.handlers.ears import CHANNEL, Ears


async def test_who_joins_a_channel_of_the_bot_is_told_to_the_domain(ears: Ears) -> None:
    await ears.workspace.join("U0DANA", CHANNEL)

    await ears.workspace.until(lambda: ("joined", CHANNEL, "U0DANA") in ears.cases.asked)


async def test_an_event_without_a_person_is_passed_over(ears: Ears) -> None:
    await ears.workspace.join("U0DANA", "C0GENERAL")
    home = await ears.person("ben").open_home()

    assert home is not None
    assert not [call for call in ears.cases.asked if call[0] == "joined"]
