"""People, user groups and conversations as the bot may look them up."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import DEFAULT_SCOPES, Workspace, demo_seed
from tests.sandbox.slack.payload import QUIET


async def test_a_person_is_found_by_address_whatever_its_case(client: AsyncWebClient) -> None:
    answer = await client.users_lookupByEmail(email="Dana@ACME.test")
    assert answer["user"]["id"] == "U0DANA"


async def test_a_deactivated_person_is_not_found_by_address_but_still_by_id(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.deactivate("U0DANA")
    with pytest.raises(SlackApiError, match="users_not_found"):
        await client.users_lookupByEmail(email="dana@acme.test")
    assert (await client.users_info(user="U0DANA"))["user"]["deleted"] is True


async def test_without_its_scope_an_address_is_not_told() -> None:
    place = Workspace(demo_seed(), scopes=DEFAULT_SCOPES - {"users:read.email"})
    await place.start()
    client = AsyncWebClient(token="xoxb-sandbox", base_url=place.api_url)
    answer = await client.users_info(user="U0AMY")
    await place.stop()
    assert "email" not in answer["user"]["profile"]


async def test_members_come_in_pages(client: AsyncWebClient) -> None:
    seen: list[str] = []
    cursor = ""
    sizes = []
    while True:
        answer = await client.conversations_members(channel="C0CASES", limit=4, cursor=cursor)
        seen += answer["members"]
        sizes.append(len(answer["members"]))
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert sizes == [4, 2]
    assert seen == ["U0AMY", "U0BEN", "U0CHLOE", "U0ROOT", "U0OTTO", "U0BOT"]


async def test_a_made_up_cursor_is_refused(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        await client.conversations_members(channel="C0CASES", cursor="nonsense")


async def test_a_private_channel_says_that_it_is_one_and_that_the_bot_is_in(client: AsyncWebClient) -> None:
    channel = (await client.conversations_info(channel="C0CASES"))["channel"]
    assert (channel["name"], channel["is_private"], channel["is_member"]) == ("offboarding", True, True)


async def test_groups_and_their_members_are_listed(client: AsyncWebClient) -> None:
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    assert [(group["id"], group["handle"], group["users"]) for group in groups] == [
        ("S0SECURITY", "security", ["U0BEN", "U0CHLOE"]),
        ("S0HR", "hr", ["U0AMY"]),
    ]
    assert (await client.usergroups_users_list(usergroup="S0HR"))["users"] == ["U0AMY"]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await client.usergroups_users_list(usergroup="S0NONE")


async def test_a_direct_conversation_is_the_same_each_time(client: AsyncWebClient) -> None:
    first = await client.conversations_open(users="U0AMY")
    second = await client.conversations_open(users=["U0AMY"])
    assert first["channel"]["id"] == second["channel"]["id"] == "D0AMY"


async def test_nobody_deactivated_unknown_or_a_bot_can_be_written_to(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.deactivate("U0SAM")
    for user, word in (("U0SAM", "user_disabled"), ("U0NONE", "user_not_found"), ("U0BOT", "cannot_dm_bot")):
        with pytest.raises(SlackApiError, match=word):
            await client.conversations_open(users=user)


async def test_a_thread_is_read_back_with_metadata_only_when_asked(client: AsyncWebClient) -> None:
    metadata = {"event_type": "case", "event_payload": {"case": "OFF-1"}}
    root = (await client.chat_postMessage(channel="C0CASES", text="root", metadata=metadata, **QUIET))["ts"]
    await client.chat_postMessage(channel="C0CASES", text="reply", thread_ts=root, **QUIET)
    bare = await client.conversations_replies(channel="C0CASES", ts=root)
    full = await client.conversations_replies(channel="C0CASES", ts=root, include_all_metadata=True)
    assert [message["text"] for message in bare["messages"]] == ["root", "reply"]
    assert "metadata" not in bare["messages"][0]
    assert full["messages"][0]["metadata"] == metadata
    assert full["messages"][0]["reply_count"] == 1


async def test_history_is_newest_first_and_holds_no_replies(client: AsyncWebClient) -> None:
    first = (await client.chat_postMessage(channel="C0CASES", text="one", **QUIET))["ts"]
    await client.chat_postMessage(channel="C0CASES", text="reply", thread_ts=first, **QUIET)
    await client.chat_postMessage(channel="C0CASES", text="two", **QUIET)
    answer = await client.conversations_history(channel="C0CASES")
    assert [message["text"] for message in answer["messages"]] == ["two", "one"]
    later = await client.conversations_history(channel="C0CASES", oldest=first)
    assert [message["text"] for message in later["messages"]] == ["two"]


async def test_history_of_a_direct_conversation_needs_its_own_scope(client: AsyncWebClient) -> None:
    await client.conversations_open(users="U0AMY")
    with pytest.raises(SlackApiError, match="im:history"):
        await client.conversations_history(channel="D0AMY")
