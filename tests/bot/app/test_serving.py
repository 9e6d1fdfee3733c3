"""What of the program is usable, before anything is."""

from __future__ import annotations

from bot.app.canary import Canary
from bot.app.serving import Serving
from providers.connected import ConnectedSystems


async def test_before_the_database_was_reached_that_is_what_is_missing() -> None:
    assert await Serving().not_ready() == ["database: not reached yet"]


async def test_before_the_database_was_reached_nothing_is_counted_and_slack_is_not_answered() -> None:
    serving = Serving()

    assert await serving.census() is None
    assert serving.slack_calls() is None


async def test_the_systems_are_as_the_daily_look_found_them() -> None:
    serving = Serving()
    before = dict(serving.systems_well())
    serving.canary = Canary(ConnectedSystems(()), {"rsa": False})

    assert before == {}
    assert serving.systems_well() == {"rsa": False}
