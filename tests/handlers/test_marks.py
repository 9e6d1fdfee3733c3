"""How far the cases had gone is read from the messages in the channels, and from nobody else's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.ports.told import Mark
from handlers.identity import NotReachable
from handlers.marks import SlackTold, mark_of
from handlers.slack_app import SlackSide
from handlers.traces import trace
from sandbox.slack.workspace import DEFAULT_SCOPES, Workspace, demo_seed
from tests.handlers.ears import CHANNEL, access_to


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    ready = Workspace(demo_seed(), limits=False)
    await ready.start()
    yield ready
    await ready.stop()


@pytest.fixture
async def slack(workspace: Workspace) -> AsyncIterator[SlackSide]:
    side = SlackSide(access_to(workspace))
    yield side
    await side.aclose()


async def posted(slack: SlackSide, case_id: int, key: str, head: str = "") -> None:
    metadata = trace(case_id, key, head)
    await slack.client.chat_postMessage(channel=CHANNEL, text="a case", metadata=metadata, unfurl_links=False)


def told(slack: SlackSide) -> SlackTold:
    return SlackTold(slack.client, slack.identity, [CHANNEL])


async def test_of_each_case_the_furthest_mark_is_told(slack: SlackSide) -> None:
    await posted(slack, 1, "root", "9:aaaaaaaaaaaaaaaa")
    await posted(slack, 1, "closing", "12:bbbbbbbbbbbbbbbb")
    await posted(slack, 2, "root")

    assert await told(slack).marks() == (Mark(1, 12, "b" * 16), Mark(2))


async def test_an_empty_channel_tells_nothing(slack: SlackSide) -> None:
    assert await told(slack).marks() == ()


async def test_a_channel_whose_history_may_not_be_read_tells_nothing_and_warns(
    caplog: pytest.LogCaptureFixture,
) -> None:
    workspace = Workspace(demo_seed(), limits=False, scopes=DEFAULT_SCOPES - {"channels:history", "groups:history"})
    await workspace.start()
    slack = SlackSide(access_to(workspace))

    assert await told(slack).marks() == ()

    assert "would not be noticed" in caplog.text
    await slack.aclose()
    await workspace.stop()


async def test_where_slack_does_not_answer_that_is_said(workspace: Workspace, slack: SlackSide) -> None:
    await slack.identity.me()
    await workspace.stop()

    with pytest.raises(NotReachable):
        await told(slack).marks()
    await workspace.start()


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"event_type": "offboard_message"},
        {"event_type": "other_app", "event_payload": {"case": 7}},
        {"event_type": "offboard_message", "event_payload": {"case": "7"}},
    ],
)
def test_what_is_not_a_message_of_a_case_tells_nothing(metadata: object) -> None:
    assert mark_of({"metadata": metadata}) is None


@pytest.mark.parametrize("head", ["", "12", "x:aaaaaaaaaaaaaaaa", "12:zz", "-1:aaaaaaaaaaaaaaaa"])
def test_a_head_that_cannot_be_read_still_tells_that_there_was_the_case(head: str) -> None:
    assert mark_of({"metadata": trace(7, "root", head)}) == Mark(7)
