"""The connection over which Slack's calls come."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from pydantic import SecretStr

from handlers.slack_app import SlackSide
from handlers.socket_mode import OnceAMinute, Socket
from sandbox.slack.workspace import Workspace, demo_seed
from tests.handlers.ears import Ears, access_to
from tests.handlers.fakes import FakeCases


async def test_it_is_connected_until_slack_drops_it_and_then_again(ears: Ears) -> None:
    assert await ears.socket.is_connected()
    await ears.workspace.disconnect()
    await ears.workspace.until(lambda: ears.workspace.sockets.connections)
    assert (await ears.person("amy").command("/offboard")).view is not None


async def test_while_slack_is_not_there_it_is_not_connected_and_can_still_be_closed() -> None:
    workspace = Workspace(demo_seed())
    await workspace.start()
    access = replace(access_to(workspace), api_url="http://127.0.0.1:9/api/")
    await workspace.stop()
    slack = SlackSide(access)
    socket = Socket(slack.bolt(FakeCases()), slack.client, SecretStr("xapp-sandbox"))
    socket.start()
    assert not await socket.is_connected()
    await socket.aclose()
    await slack.aclose()


@pytest.mark.parametrize(("level", "passed"), [(logging.ERROR, 1), (logging.WARNING, 1), (logging.INFO, 3)])
def test_a_line_that_repeats_is_logged_once_a_minute_and_without_its_traceback(level: int, passed: int) -> None:
    quiet = OnceAMinute()
    text = "Failed to connect (error: {}); Retrying..."
    records = [
        logging.LogRecord("x", level, "f", 1, text.format(n), None, (ValueError, ValueError(), None)) for n in "abc"
    ]
    assert sum(quiet.filter(record) for record in records) == passed
    assert all(record.exc_info is None for record in records)
