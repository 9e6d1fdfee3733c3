"""The door of the Web API: tokens, scopes, arguments, rate tiers, faults on request."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import DEFAULT_SCOPES, Workspace, demo_seed
from tests.sandbox.slack.conftest import Clock
from tests.sandbox.slack.payload import QUIET


async def refusal(client: AsyncWebClient, method: str, **args: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=args)
    return str(refused.value.response["error"])


async def test_a_good_token_learns_its_identity_and_scopes(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["team_id"], answer["bot_id"]) == ("U0BOT", "T0ACME", "B0BOT")
    assert set(answer.headers["X-OAuth-Scopes"].split(",")) == DEFAULT_SCOPES


async def test_a_missing_and_a_wrong_token_are_told_apart(workspace: Workspace) -> None:
    nobody = AsyncWebClient(base_url=workspace.api_url)
    stranger = AsyncWebClient(token="xoxb-other", base_url=workspace.api_url)
    assert await refusal(nobody, "auth.test") == "not_authed"
    assert await refusal(stranger, "auth.test") == "invalid_auth"


async def test_only_the_app_level_token_opens_a_connection(workspace: Workspace, client: AsyncWebClient) -> None:
    assert await refusal(client, "apps.connections.open") == "not_allowed_token_type"
    app = AsyncWebClient(token="xapp-sandbox", base_url=workspace.api_url)
    answer = await app.apps_connections_open(app_token="xapp-sandbox")
    assert answer["url"].startswith("ws://127.0.0.1:")


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client, "chat.postMagic") == "unknown_method"


async def test_a_missing_argument_is_named(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json={"text": "hello"})
    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


async def test_an_unknown_argument_is_noted(workspace: Workspace, client: AsyncWebClient) -> None:
    await client.api_call("users.info", json={"user": "U0AMY", "team": "T0ACME", "colour": "blue"})
    assert workspace.lint_findings == [
        "users.info: unknown argument 'colour'",
        "users.info: unknown argument 'team'",
    ]


async def test_form_and_json_bodies_mean_the_same(workspace: Workspace, client: AsyncWebClient) -> None:
    blocks = '[{"type":"divider","block_id":"d"}]'
    form = {"channel": "C0CASES", "text": "one", "blocks": blocks, "unfurl_links": "0", "unfurl_media": "false"}
    await client.api_call("chat.postMessage", data=form)
    await client.chat_postMessage(channel="C0CASES", text="one", blocks=[{"type": "divider", "block_id": "d"}], **QUIET)
    first, second = workspace.messages("C0CASES")
    assert first.blocks == second.blocks == [{"type": "divider", "block_id": "d"}]
    assert workspace.lint_findings == []


async def test_a_missing_scope_says_what_is_needed() -> None:
    place = Workspace(demo_seed(), scopes=frozenset({"users:read"}))
    await place.start()
    client = AsyncWebClient(token="xoxb-sandbox", base_url=place.api_url)
    with pytest.raises(SlackApiError) as refused:
        await client.usergroups_list()
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "usergroups:read"
    assert refused.value.response["provided"] == "users:read"
    assert await refusal(client, "conversations.info", channel="C0CASES") == "missing_scope"
    await place.stop()


async def test_blocks_are_judged_without_a_token(workspace: Workspace) -> None:
    nobody = AsyncWebClient(base_url=workspace.api_url)
    assert (await nobody.api_call("blocks.validate", json={"blocks": [{"type": "divider"}]}))["ok"]
    with pytest.raises(SlackApiError) as refused:
        await nobody.api_call("blocks.validate", json={"view": {"type": "modal", "blocks": [{"type": "plan"}]}})
    pointers = [error["pointer"] for error in refused.value.response["errors"]]
    assert pointers == ["/view/blocks/0", "/view"]
    assert await refusal(nobody, "blocks.validate") == "invalid_arguments"
    assert workspace.lint_findings == []


async def test_a_body_that_is_no_json_is_said_to_be_none(workspace: Workspace) -> None:
    url, headers = workspace.api_url + "auth.test", {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(url, data=b"{", headers=headers) as answer:
        assert (await answer.json())["error"] == "invalid_json"


async def test_every_call_is_recorded_without_its_token(workspace: Workspace, client: AsyncWebClient) -> None:
    await client.users_info(user="U0AMY")
    await refusal(client, "users.info", user="U0NOBODY")
    calls = [(call.method, call.ok, call.error) for call in workspace.calls]
    assert calls == [("users.info", True, ""), ("users.info", False, "user_not_found")]
    assert "xoxb" not in str(workspace.calls)


class TestRateTiers:
    @pytest.fixture
    async def limited(self, clock: Clock) -> Workspace:
        place = Workspace(demo_seed(), clock=clock)
        await place.start()
        return place

    async def test_a_channel_takes_a_short_burst_and_then_a_post_a_second(
        self, limited: Workspace, clock: Clock
    ) -> None:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=limited.api_url)
        for _ in range(5):
            await client.chat_postMessage(channel="C0CASES", text="news", **QUIET)
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="C0CASES", text="news", **QUIET)
        await client.chat_postMessage(channel="U0AMY", text="another conversation", **QUIET)
        clock.now += 1
        await client.chat_postMessage(channel="C0CASES", text="news", **QUIET)
        await limited.stop()
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "1"

    async def test_the_twenty_first_look_at_user_groups_in_a_minute_waits(
        self, limited: Workspace, clock: Clock
    ) -> None:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=limited.api_url)
        for _ in range(20):
            await client.usergroups_list()
        with pytest.raises(SlackApiError) as refused:
            await client.usergroups_list()
        clock.now += 3
        await client.usergroups_list()
        await limited.stop()
        assert refused.value.response.headers["Retry-After"] == "3"


class TestFaults:
    async def test_an_error_word_comes_as_often_as_asked(self, workspace: Workspace, client: AsyncWebClient) -> None:
        workspace.fail_next("users.info", error="fatal_error", times=2)
        assert await refusal(client, "users.info", user="U0AMY") == "fatal_error"
        assert await refusal(client, "users.info", user="U0AMY") == "fatal_error"
        assert (await client.users_info(user="U0AMY"))["ok"]

    async def test_a_dropped_call_is_not_done(self, workspace: Workspace, client: AsyncWebClient) -> None:
        client.retry_handlers.clear()
        workspace.fail_next("chat.postMessage", status="drop")
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel="C0CASES", text="news", **QUIET)
        assert workspace.messages("C0CASES") == []

    async def test_a_lost_answer_leaves_the_message_there(self, workspace: Workspace, client: AsyncWebClient) -> None:
        client.retry_handlers.clear()
        workspace.fail_next("chat.postMessage", status="lost")
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel="C0CASES", text="news", **QUIET)
        assert [message.text for message in workspace.messages("C0CASES")] == ["news"]

    async def test_a_server_error_is_an_http_500(self, workspace: Workspace, client: AsyncWebClient) -> None:
        workspace.fail_next("auth.test", status=500)
        with pytest.raises(SlackApiError) as refused:
            await client.auth_test()
        assert refused.value.response.status_code == 500


async def test_a_foreign_host_name_is_turned_away(workspace: Workspace) -> None:
    async with aiohttp.ClientSession() as session, session.get(workspace.url, headers={"Host": "evil.test"}) as page:
        assert page.status == 403


async def test_it_listens_on_loopback_only() -> None:
    place = Workspace(demo_seed())
    with pytest.raises(ValueError, match="loopback"):
        await place.start(host="0.0.0.0")  # noqa: S104 - the address that must be refused
    await place.stop()
