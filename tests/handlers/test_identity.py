"""The checks before the start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.errors import Refusal
from handlers.channel import check_channel
from handlers.identity import NotReachable
from handlers.slack_app import SlackAccess, SlackSide
from sandbox.slack.workspace import DEFAULT_SCOPES, Workspace, demo_seed
from tests.handlers.ears import access_to


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    ready = Workspace(demo_seed(), limits=False)
    await ready.start()
    yield ready
    await ready.stop()


async def checked(access: SlackAccess) -> frozenset[str]:
    slack = SlackSide(access)
    try:
        return (await slack.preflight()).scopes
    finally:
        await slack.aclose()


async def test_good_tokens_pass_and_tell_what_was_granted(workspace: Workspace) -> None:
    assert await checked(access_to(workspace)) == DEFAULT_SCOPES


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"bot_token": SecretStr("xoxb-wrong")}, "SLACK_BOT_TOKEN: the token is not valid"),
        ({"app_token": SecretStr("xapp-wrong")}, "SLACK_APP_TOKEN: the token is not valid"),
    ],
)
async def test_a_wrong_token_is_refused_in_one_sentence_that_names_it_and_not_its_value(
    workspace: Workspace, changes: dict[str, SecretStr], names: str
) -> None:
    with pytest.raises(Refusal, match=names) as refused:
        await checked(replace(access_to(workspace), **changes))  # type: ignore[arg-type]  # the test names the fields
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(("method", "times"), [("auth.test", 1), ("apps.connections.open", 1)])
async def test_an_outage_is_not_a_refusal(workspace: Workspace, method: str, times: int) -> None:
    workspace.fail_next(method, "internal_error", times=times)
    with pytest.raises(NotReachable):
        await checked(access_to(workspace))
    assert await checked(access_to(workspace))


async def test_slack_that_is_not_there_is_not_a_refusal(workspace: Workspace) -> None:
    with pytest.raises(NotReachable):
        await checked(replace(access_to(workspace), api_url="http://127.0.0.1:9/api/"))


@pytest.mark.parametrize("channel", ["C0GENERAL", "C0NOWHERE"])
async def test_a_channel_without_the_bot_is_refused_by_name(workspace: Workspace, channel: str) -> None:
    slack = SlackSide(access_to(workspace))
    try:
        await check_channel(slack.client, "C0CASES")
        with pytest.raises(Refusal, match=channel):
            await check_channel(slack.client, channel)
    finally:
        await slack.aclose()
