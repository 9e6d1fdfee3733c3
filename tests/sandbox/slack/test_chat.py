"""Posting, editing and deleting messages."""

import json

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Channel, Seed, Workspace, demo_seed
from tests.sandbox.slack.payload import QUIET, section


async def refused(client: AsyncWebClient, method: str, **args: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    return str(caught.value.response["error"])


async def post(client: AsyncWebClient, text: str = "news", **args: object) -> str:
    answer = await client.api_call("chat.postMessage", json={"channel": "C0CASES", "text": text, **QUIET, **args})
    return str(answer["ts"])


async def test_a_reply_stands_in_its_thread_and_not_in_the_channel(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    root = await post(client, "root")
    await post(client, "reply", thread_ts=root)
    assert [message.text for message in workspace.messages("C0CASES")] == ["root"]
    assert [message.text for message in workspace.messages("C0CASES", root)] == ["root", "reply"]


async def test_a_broadcast_reply_stands_in_both(workspace: Workspace, client: AsyncWebClient) -> None:
    root = await post(client, "root")
    await post(client, "closed", thread_ts=root, reply_broadcast=True)
    assert [message.text for message in workspace.messages("C0CASES")] == ["root", "closed"]
    assert workspace.messages("C0CASES", root)[1].reply_broadcast


async def test_a_reply_to_nothing_is_refused(client: AsyncWebClient) -> None:
    assert await refused(client, "chat.postMessage", channel="C0CASES", text="x", thread_ts="1.0", **QUIET) == (
        "thread_not_found"
    )


async def test_a_post_to_a_person_goes_to_the_direct_conversation(workspace: Workspace, client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="U0AMY", text="done", **QUIET)
    assert answer["channel"] == "D0AMY"
    assert [message.text for message in workspace.as_person("U0AMY").dms] == ["done"]


async def test_channels_without_the_bot_refuse_it_each_in_its_way() -> None:
    seed = demo_seed()
    secret = Channel("C0SECRET", "secret", is_private=True, members=("U0AMY",))
    place = Workspace(Seed(seed.people, (*seed.channels, secret), seed.groups))
    await place.start()
    client = AsyncWebClient(token="xoxb-sandbox", base_url=place.api_url)
    assert await refused(client, "chat.postMessage", channel="C0SECRET", text="x", **QUIET) == "channel_not_found"
    assert await refused(client, "chat.postMessage", channel="C0GENERAL", text="x", **QUIET) == "not_in_channel"
    await place.stop()


async def test_an_edit_replaces_the_text_and_drops_blocks_that_are_not_sent_again(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    ts = await post(client, "one", blocks=[section("one")], metadata={"event_type": "case", "event_payload": {"id": 1}})
    await client.chat_update(channel="C0CASES", ts=ts, text="two")
    [message] = workspace.messages("C0CASES")
    assert (message.text, message.blocks, message.edited) == ("two", [], 1)
    assert message.metadata == {"event_type": "case", "event_payload": {"id": 1}}


async def test_nobody_elses_message_can_be_edited_or_deleted(workspace: Workspace, client: AsyncWebClient) -> None:
    said = workspace.as_person("U0AMY").say("mine")
    where = {"channel": "C0CASES", "ts": said.ts}
    assert await refused(client, "chat.update", text="yours", **where) == "cant_update_message"
    assert await refused(client, "chat.delete", **where) == "cant_delete_message"
    assert await refused(client, "chat.update", channel="C0CASES", ts="1.000001", text="x") == "message_not_found"


async def test_an_edit_with_a_text_above_four_thousand_characters_is_refused(client: AsyncWebClient) -> None:
    ts = await post(client)
    assert await refused(client, "chat.update", channel="C0CASES", ts=ts, text="x" * 4001) == "msg_too_long"


async def test_blocks_that_are_too_heavy_together_are_refused(workspace: Workspace, client: AsyncWebClient) -> None:
    heavy = [section("x" * 2900) for _ in range(5)]
    assert await refused(client, "chat.postMessage", channel="C0CASES", text="x", blocks=heavy, **QUIET) == (
        "msg_blocks_too_long"
    )
    assert "above the budget" in workspace.lint_findings[0]


async def test_bad_blocks_are_refused_with_a_pointer(workspace: Workspace, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await post(client, blocks=[section("")])
    assert caught.value.response["error"] == "invalid_blocks"
    [line] = caught.value.response["response_metadata"]["messages"]
    assert line.endswith("[json-pointer:/blocks/0/text/text]")
    assert workspace.lint_findings == ["chat.postMessage: /blocks/0/text/text: must be more than 0 characters"]


async def test_a_message_needs_something_to_say(client: AsyncWebClient) -> None:
    assert await refused(client, "chat.postMessage", channel="C0CASES", **QUIET) == "no_text"


async def test_metadata_has_a_type_and_a_payload(client: AsyncWebClient) -> None:
    metadata = {"event_type": "case"}
    assert await refused(client, "chat.postMessage", channel="C0CASES", text="x", metadata=metadata, **QUIET) == (
        "invalid_metadata_format"
    )


async def test_an_ephemeral_post_is_seen_by_one_member_alone(workspace: Workspace, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="C0CASES", user="U0AMY", text="psst")
    assert [message.text for message in workspace.as_person("U0AMY").ephemerals] == ["psst"]
    assert workspace.as_person("U0BEN").ephemerals == []
    assert workspace.messages("C0CASES") == []
    assert await refused(client, "chat.postEphemeral", channel="C0CASES", user="U0DANA", text="psst") == (
        "user_not_in_channel"
    )


async def test_a_permalink_leads_to_the_message(client: AsyncWebClient) -> None:
    ts = await post(client)
    answer = await client.chat_getPermalink(channel="C0CASES", message_ts=ts)
    assert answer["permalink"] == f"https://acme.slack.com/archives/C0CASES/p{ts.replace('.', '')}"


async def test_timestamps_grow_while_the_clock_stands_still(client: AsyncWebClient) -> None:
    stamps = [await post(client) for _ in range(4)]
    assert stamps == sorted(set(stamps))


class TestHouseRules:
    async def test_unfurling_must_be_switched_off(self, workspace: Workspace, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel="C0CASES", text="x", unfurl_links=False)
        assert workspace.lint_findings == ["chat.postMessage: unfurl_media is not false"]

    async def test_blocks_need_a_text_beside_them(self, workspace: Workspace, client: AsyncWebClient) -> None:
        body = {"channel": "C0CASES", "blocks": json.dumps([section("x")]), "unfurl_links": "0", "unfurl_media": "0"}
        await client.api_call("chat.postMessage", data=body)
        assert workspace.lint_findings == [
            "chat.postMessage: blocks without a text for notifications and screen readers"
        ]

    async def test_a_forbidden_id_is_found_wherever_it_stands_and_not_repeated(
        self, workspace: Workspace, client: AsyncWebClient
    ) -> None:
        workspace.forbidden.add("U0DANA")
        await post(client, blocks=[section("about <@U0DANA>")])
        assert workspace.lint_findings == ["chat.postMessage: a forbidden string stands in blocks"]

    async def test_what_is_not_for_notifications_may_stand_in_blocks_only(
        self, workspace: Workspace, client: AsyncWebClient
    ) -> None:
        workspace.forbidden_in_text.add("dana@acme.test")
        await post(client, "a case", blocks=[section("dana@acme.test")])
        assert workspace.lint_findings == []
        await post(client, "dana@acme.test")
        assert workspace.lint_findings == [
            "chat.postMessage: a string that must not be in notifications stands in text"
        ]
