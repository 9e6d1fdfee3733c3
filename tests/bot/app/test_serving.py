"""What of the program is usable, before anything is."""

from __future__ import annotations

from bot.app.serving import Serving


async def test_before_the_database_was_reached_that_is_what_is_missing() -> None:
    assert await Serving().not_ready() == ["database: not reached yet"]


async def test_before_the_database_was_reached_nothing_is_counted_and_slack_is_not_answered() -> None:
    serving = Serving()

    assert await serving.census() is None
    assert serving.slack_calls() is None


async def test_before_the_database_was_reached_no_system_and_no_worker_is_known() -> None:
    serving = Serving()

    assert await serving.systems_well() == {}
    assert await serving.workers() is None
