"""What a test may see of the traffic between Slack and the app, and do to it."""

import pytest
from aiohttp import ClientError
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.limits import FaultStatus
from sandbox.slack.records import Json
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.payload import QUIET


async def test_a_payload_is_seen_on_its_way_out_and_when_it_is_acknowledged(
    app: AsyncApp, workspace: Workspace
) -> None:
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/offboard")(acknowledge)
    seen: list[str] = []
    workspace.watching.sent = lambda what: seen.append(f"sent {what}")
    workspace.watching.acknowledged = lambda what: seen.append(f"acknowledged {what}")
    await workspace.as_person("U0AMY").command("/offboard")
    assert seen == ["sent /offboard", "acknowledged /offboard"]


async def test_a_payload_is_delivered_twice_where_that_is_asked_for(app: AsyncApp, workspace: Workspace) -> None:
    triggers: list[str] = []

    async def note(ack: AsyncAck, body: dict[str, str]) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    app.command("/offboard")(note)
    workspace.watching.twice = lambda what: what == "/offboard"
    await workspace.as_person("U0AMY").command("/offboard")
    await workspace.until(lambda: len(triggers) == 2)
    assert len(set(triggers)) == 1


async def test_what_is_asked_for_befalls_a_call_by_its_arguments(client: AsyncWebClient, workspace: Workspace) -> None:
    def drop_one_text(method: str, sent: Json) -> FaultStatus | None:
        return "drop" if method == "chat.postMessage" and sent["text"] == "dropped" else None

    workspace.watching.called = drop_one_text
    await client.chat_postMessage(channel="C0CASES", text="kept", **QUIET)
    with pytest.raises(ClientError):
        await client.chat_postMessage(channel="C0CASES", text="dropped", **QUIET)
    assert [message.text for message in workspace.messages("C0CASES")] == ["kept"]
