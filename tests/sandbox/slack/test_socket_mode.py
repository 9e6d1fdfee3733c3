"""A real Bolt app over Socket Mode: commands, presses, events, lost acknowledgements, disconnects."""

import asyncio
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.conftest import connected
from tests.sandbox.slack.payload import QUIET, actions, button, home, section


async def acknowledge(ack: AsyncAck) -> None:
    await ack()


async def test_a_command_brings_the_channel_the_person_and_the_text(app: AsyncApp, workspace: Workspace) -> None:
    seen: dict[str, Any] = {}

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.update(body)
        await ack("On it.")

    app.command("/offboard")(listener)
    result = await workspace.as_person("U0AMY").command("/offboard @dana dana@acme.test <now>")
    assert result.ok
    assert [message.text for message in result.ephemerals] == ["On it."]
    assert seen["text"] == "<@U0DANA|dana> dana@acme.test &lt;now&gt;"
    assert (seen["user_id"], seen["channel_id"], seen["channel_name"]) == ("U0AMY", "C0CASES", "privategroup")


async def test_a_command_nobody_registered_never_leaves_slack(app: AsyncApp, workspace: Workspace) -> None:
    app.command("/offboard")(acknowledge)
    assert (await workspace.as_person("U0AMY").command("/onboard")).error == "invalid_command"


async def test_without_a_connection_a_command_fails_at_once(workspace: Workspace) -> None:
    assert (await workspace.as_person("U0AMY").command("/offboard")).error == "dispatch_failed"


async def test_a_press_carries_the_message_the_value_and_a_way_to_answer(app: AsyncApp, workspace: Workspace) -> None:
    seen: dict[str, Any] = {}

    async def listener(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        seen.update(body)
        await ack()
        await respond("Only approvers may.")

    app.action("approve")(listener)
    blocks = [section("A plan"), actions(button("approve", value="OFF-1"), block_id="choice")]
    root = (await app.client.chat_postMessage(channel="C0CASES", text="root", **QUIET))["ts"]
    await app.client.chat_postMessage(channel="C0CASES", text="plan", blocks=blocks, thread_ts=root, **QUIET)
    plan = workspace.messages("C0CASES", root)[1]
    otto = workspace.as_person("U0OTTO")
    assert (await otto.press(plan, "approve")).ok
    answer = (await workspace.until(lambda: otto.ephemerals))[0]
    assert answer.text == "Only approvers may."
    assert seen["container"] == {
        "type": "message",
        "message_ts": plan.ts,
        "channel_id": "C0CASES",
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert seen["message"]["blocks"] == plan.blocks
    assert [(a["action_id"], a["block_id"], a["value"]) for a in seen["actions"]] == [("approve", "choice", "OFF-1")]


async def test_the_home_tab_is_opened_and_published(app: AsyncApp, workspace: Workspace) -> None:
    async def listener(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=home(section("Your cases")))

    app.event("app_home_opened")(listener)
    view = await workspace.as_person("U0AMY").open_home()
    assert view is not None
    assert workspace.text_of(view) == "Your cases"


async def test_an_event_that_was_not_acknowledged_comes_again_with_the_same_id(workspace: Workspace) -> None:
    answer = await AsyncWebClient(base_url=workspace.api_url).apps_connections_open(app_token="xapp-sandbox")
    async with aiohttp.ClientSession() as session, session.ws_connect(answer["url"]) as socket:
        await socket.receive_json()
        workspace.sockets.ack_timeout = 0.05
        opening = asyncio.create_task(workspace.as_person("U0AMY").open_home())
        first = await socket.receive_json()
        second = await socket.receive_json()
        await socket.send_json({"envelope_id": second["envelope_id"]})
        client = AsyncWebClient(token="xoxb-sandbox", base_url=workspace.api_url)
        await client.views_publish(user_id="U0AMY", view=home(section("Your cases")))
        assert await opening
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)


async def test_a_message_shortcut_carries_its_message(app: AsyncApp, workspace: Workspace) -> None:
    seen: dict[str, Any] = {}

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.update(body)
        await ack()

    app.shortcut("offboard_person")(listener)
    said = workspace.as_person("U0BEN").say("Dana leaves on Friday")
    assert (await workspace.as_person("U0AMY").shortcut("offboard_person", said)).ok
    assert (seen["type"], seen["message"]["text"]) == ("message_action", "Dana leaves on Friday")
    assert (await workspace.as_person("U0AMY").shortcut("offboard_person")).ok
    assert seen["type"] == "shortcut"


async def test_a_429_is_waited_out_and_the_post_comes_once(app: AsyncApp, workspace: Workspace) -> None:
    app.client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    workspace.fail_next("chat.postMessage", status=429)
    await app.client.chat_postMessage(channel="C0CASES", text="news", **QUIET)
    assert [message.text for message in workspace.messages("C0CASES")] == ["news"]
    posts = [(call.ok, call.error) for call in workspace.calls if call.method == "chat.postMessage"]
    assert posts == [(False, "429"), (True, "")]


async def test_the_app_comes_back_after_a_disconnect(app: AsyncApp, workspace: Workspace) -> None:
    app.command("/offboard")(acknowledge)
    await workspace.disconnect()
    assert workspace.sockets.connections == 0
    await workspace.until(lambda: workspace.sockets.connections)
    assert await workspace.until(lambda: sum(call.method == "apps.connections.open" for call in workspace.calls) >= 2)


async def test_each_payload_goes_to_one_of_several_connections(app: AsyncApp, workspace: Workspace) -> None:
    seen: list[str] = []

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.append(body["trigger_id"])
        await ack()

    app.command("/offboard")(listener)
    async with connected(app):
        await workspace.until(lambda: workspace.sockets.connections == 2)
        for _ in range(4):
            assert (await workspace.as_person("U0AMY").command("/offboard")).ok
    assert len(seen) == len(set(seen)) == 4


async def test_a_payload_can_come_twice(app: AsyncApp, workspace: Workspace) -> None:
    seen: list[str] = []

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen.append(body["trigger_id"])
        await ack()

    app.command("/offboard")(listener)
    await workspace.as_person("U0AMY").command("/offboard")
    await workspace.redeliver()
    assert len(seen) == 2
    assert len(set(seen)) == 1


async def test_an_acknowledgement_of_a_press_that_says_something_is_noted(app: AsyncApp, workspace: Workspace) -> None:
    async def listener(ack: AsyncAck) -> None:
        await ack("Thanks.")

    app.action("approve")(listener)
    await app.client.chat_postMessage(channel="C0CASES", text="x", blocks=[actions(button("approve"))], **QUIET)
    await workspace.as_person("U0BEN").press(workspace.messages("C0CASES")[0], "approve")
    assert workspace.lint_findings == ["block_actions acknowledgement: carries a body, which Slack ignores"]


async def test_a_connection_address_works_once(workspace: Workspace) -> None:
    answer = await AsyncWebClient(base_url=workspace.api_url).apps_connections_open(app_token="xapp-sandbox")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(answer["url"]) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        async with session.get(answer["url"]) as again:
            assert again.status == 401


async def test_an_eleventh_connection_is_turned_away(workspace: Workspace) -> None:
    client = AsyncWebClient(base_url=workspace.api_url)
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            answer = await client.apps_connections_open(app_token="xapp-sandbox")
            sockets.append(await session.ws_connect(answer["url"]))
        first = [(await socket.receive_json())["type"] for socket in sockets]
        for socket in sockets:
            await socket.close()
    assert first == ["hello"] * 10 + ["disconnect"]


async def test_who_presses_while_the_connection_has_just_broken_waits_in_vain_and_keeps_nobody_from_noticing_it(
    app: AsyncApp, workspace: Workspace
) -> None:
    app.command("/offboard")(acknowledge)
    workspace.sockets.ack_timeout = 0.05
    noticed = asyncio.Event()
    for socket in workspace.sockets._sockets:
        assert socket._req is not None
        assert socket._req.transport is not None
        socket._req.transport.abort()
    asyncio.get_running_loop().call_soon(noticed.set)
    result = await workspace.as_person("U0AMY").command("/offboard")
    assert result.error == "operation_timeout"
    assert noticed.is_set()
