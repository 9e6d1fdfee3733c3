"""Each act of a person leaves in the workspace how long its acknowledgement took."""

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.payload import QUIET, actions, button, modal


async def test_a_command_a_submission_and_a_press_are_told_apart(app: AsyncApp, workspace: Workspace) -> None:
    async def command(ack: AsyncAck, body: dict[str, str], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/offboard")(command)
    app.view(modal()["callback_id"])(acknowledge)
    app.action("approve")(acknowledge)
    amy = workspace.as_person("U0AMY")
    shown = await amy.command("/offboard")
    assert shown.view is not None
    await amy.submit(shown.view, {"reason": "left"})
    await app.client.chat_postMessage(channel="C0CASES", text="plan", blocks=[actions(button("approve"))], **QUIET)
    await amy.press(workspace.messages("C0CASES")[0], "approve")

    assert [ack.what for ack in workspace.acks] == [
        "/offboard",
        f"view_submission {modal()['callback_id']}",
        "block_actions approve",
    ]
    assert all(ack.seconds > 0 and not ack.error for ack in workspace.acks)


async def test_an_acknowledgement_that_did_not_come_is_noted_as_lost(workspace: Workspace) -> None:
    await workspace.as_person("U0AMY").command("/offboard")
    assert [(ack.what, ack.error) for ack in workspace.acks] == [("/offboard", "dispatch_failed")]
