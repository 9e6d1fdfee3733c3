"""Who is notified of what: nobody but those a message is for."""

from dataclasses import replace

import pytest

from sandbox.slack.records import Message
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.payload import plain, section


def posted(workspace: Workspace, text: str = "", channel: str = "C0CASES", **more: object) -> Message:
    state = workspace._backend.state
    return state.post(replace(Message(state.next_ts(), channel, "U0BOT", text), **more))  # type: ignore[arg-type] # any field


async def test_a_message_without_a_mention_notifies_nobody(workspace: Workspace) -> None:
    assert posted(workspace, "news").notified == {}


async def test_a_mention_notifies_a_member_and_no_stranger(workspace: Workspace) -> None:
    assert posted(workspace, "<@U0BEN> and <@U0DANA>").notified == {"U0BEN": "mention"}


async def test_a_group_notifies_its_members_in_the_channel(workspace: Workspace) -> None:
    assert posted(workspace, "<!subteam^S0SECURITY>").notified == {"U0BEN": "group", "U0CHLOE": "group"}


@pytest.mark.parametrize(
    "block",
    [
        section("ask <@U0BEN>"),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U0BEN>"}]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0BEN"}]}],
        },
        {"type": "markdown", "text": "<@U0BEN>"},
    ],
)
async def test_a_mention_in_any_block_counts(workspace: Workspace, block: dict[str, object]) -> None:
    assert posted(workspace, blocks=[block]).notified == {"U0BEN": "mention"}


async def test_plain_text_mentions_nobody(workspace: Workspace) -> None:
    assert posted(workspace, blocks=[{"type": "header", "text": plain("<@U0BEN>")}]).notified == {}


async def test_here_reaches_the_whole_channel(workspace: Workspace) -> None:
    assert set(posted(workspace, "<!here>").notified) == {"U0AMY", "U0BEN", "U0CHLOE", "U0ROOT", "U0OTTO"}


async def test_a_direct_message_notifies_its_reader(workspace: Workspace) -> None:
    workspace._backend.state.dm_of("U0AMY")
    assert posted(workspace, "done", channel="D0AMY").notified == {"U0AMY": "dm"}


async def test_a_reply_notifies_those_who_follow_the_thread(workspace: Workspace) -> None:
    root = posted(workspace, "<@U0BEN>")
    workspace.as_person("U0AMY").say("thanks", thread_ts=root.ts)
    assert posted(workspace, "more", thread_ts=root.ts).notified == {"U0BEN": "thread", "U0AMY": "thread"}


async def test_a_broadcast_reply_reaches_the_channel(workspace: Workspace) -> None:
    root = posted(workspace, "root")
    reply = posted(workspace, "closed", thread_ts=root.ts, reply_broadcast=True)
    assert set(reply.notified.values()) == {"broadcast"}


async def test_an_edit_notifies_nobody(workspace: Workspace) -> None:
    root = posted(workspace, "news")
    state = workspace._backend.state
    edited = state.edit(Message(root.ts, "C0CASES", "U0BOT", "<@U0BEN>", notified=root.notified))
    assert edited.notified == {}
    assert workspace.as_person("U0BEN").notified == []
