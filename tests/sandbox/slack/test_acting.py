"""What Slack lets a person do, and what it does not."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck

from sandbox.slack.workspace import Message, NotPossible, Workspace
from tests.sandbox.slack.payload import QUIET, actions, button, option


async def acknowledge(ack: AsyncAck) -> None:
    await ack()


async def shown(app: AsyncApp, workspace: Workspace, *elements: dict[str, Any]) -> Message:
    blocks = [actions(*elements, block_id="row")]
    await app.client.chat_postMessage(channel="C0CASES", text="choose", blocks=blocks, **QUIET)
    return workspace.messages("C0CASES")[-1]


async def test_nobody_presses_in_a_channel_they_are_not_in(app: AsyncApp, workspace: Workspace) -> None:
    message = await shown(app, workspace, button("approve"))
    with pytest.raises(NotPossible):
        await workspace.as_person("U0DANA").press(message, "approve")


async def test_a_button_that_is_not_there_cannot_be_pressed(app: AsyncApp, workspace: Workspace) -> None:
    message = await shown(app, workspace, button("approve"))
    with pytest.raises(NotPossible, match="0 elements fit 'decline'"):
        await workspace.as_person("U0BEN").press(message, "decline")


async def test_a_hidden_button_is_seen_by_its_people_and_can_only_be_forged_by_others(
    app: AsyncApp, workspace: Workspace
) -> None:
    app.action("approve")(acknowledge)
    message = await shown(app, workspace, button("approve", visible_to_user_ids=["U0BEN"]))
    otto = workspace.as_person("U0OTTO")
    assert workspace.as_person("U0BEN").buttons(message) == ["Approve"]
    assert otto.buttons(message) == []
    with pytest.raises(NotPossible):
        await otto.press(message, "approve")
    assert (await otto.press(message, "approve", forged=True)).ok


async def test_two_buttons_with_one_id_are_told_apart_by_value(app: AsyncApp, workspace: Workspace) -> None:
    seen: list[str] = []

    async def listener(ack: AsyncAck, action: dict[str, str]) -> None:
        seen.append(action["value"])
        await ack()

    app.action("retry")(listener)
    blocks = [actions(button("retry", value=name), block_id=name) for name in ("veeam", "rsa")]
    await app.client.chat_postMessage(channel="C0CASES", text="retry", blocks=blocks, **QUIET)
    [message] = workspace.messages("C0CASES")
    with pytest.raises(NotPossible, match="2 elements fit"):
        await workspace.as_person("U0ROOT").press(message, "retry")
    await workspace.as_person("U0ROOT").press(message, "retry", value="rsa")
    assert seen == ["rsa"]


async def test_a_press_that_crosses_an_edit_still_arrives(app: AsyncApp, workspace: Workspace) -> None:
    app.action("approve")(acknowledge)
    before = await shown(app, workspace, button("approve"))
    await app.client.chat_update(channel="C0CASES", ts=before.ts, text="approved")
    [after] = workspace.messages("C0CASES")
    assert (await workspace.as_person("U0BEN").press(before, "approve")).ok
    with pytest.raises(NotPossible):
        await workspace.as_person("U0BEN").press(after, "approve")


async def test_a_menu_sends_what_was_picked(app: AsyncApp, workspace: Workspace) -> None:
    seen: list[str] = []

    async def listener(ack: AsyncAck, action: dict[str, dict[str, str]]) -> None:
        seen.append(action["selected_option"]["value"])
        await ack()

    app.action("more")(listener)
    menu = {"type": "overflow", "action_id": "more", "options": [option("skip"), option("retry")]}
    message = await shown(app, workspace, menu)
    await workspace.as_person("U0ROOT").press(message, "more", value="Retry")
    assert seen == ["retry"]


async def test_a_deleted_message_cannot_be_pressed(app: AsyncApp, workspace: Workspace) -> None:
    message = await shown(app, workspace, button("approve"))
    await app.client.chat_delete(channel="C0CASES", ts=message.ts)
    with pytest.raises(NotPossible):
        await workspace.as_person("U0BEN").press(message, "approve")


async def test_the_deactivated_do_nothing(workspace: Workspace) -> None:
    workspace.deactivate("U0AMY")
    with pytest.raises(NotPossible):
        await workspace.as_person("U0AMY").command("/offboard")


async def test_waiting_in_vain_says_what_was_seen(app: AsyncApp, workspace: Workspace) -> None:
    await shown(app, workspace, button("approve"))
    with pytest.raises(TimeoutError, match=r"messages \['Approve'\]"):
        await workspace.until(lambda: None, timeout=0.01)


async def test_a_typed_channel_and_person_become_ids_and_an_address_stays(workspace: Workspace) -> None:
    said = workspace.as_person("U0AMY").say("ask @ben in #offboarding about dana@acme.test & co")
    assert said.text == "ask <@U0BEN|ben> in <#C0CASES|offboarding> about dana@acme.test &amp; co"
