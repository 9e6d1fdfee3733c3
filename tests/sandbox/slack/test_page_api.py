"""The page's own interface: what one person sees, and acts from the browser."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.payload import QUIET, actions, button, modal


@pytest.fixture
async def browser(workspace: Workspace) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=workspace.url) as session:
        yield session


async def state_of(browser: aiohttp.ClientSession, user: str) -> Any:  # noqa: ANN401 - JSON
    async with browser.get("/page/state", params={"as": user}) as answer:
        return await answer.json()


async def act(browser: aiohttp.ClientSession, user: str, kind: str, **more: object) -> tuple[int, Any]:
    async with browser.post("/page/act", json={"as": user, "kind": kind, **more}) as answer:
        return answer.status, await answer.json()


async def test_the_page_is_served_and_may_load_nothing_from_elsewhere(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/") as answer:
        assert answer.status == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<!doctype html>" in await answer.text()


async def test_a_person_sees_their_channels_and_what_was_whispered_to_them(
    browser: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0CASES", text="for the channel", **QUIET)
    await client.chat_postEphemeral(channel="C0CASES", user="U0AMY", text="for Amy")
    await client.chat_postMessage(channel="U0AMY", text="direct", **QUIET)

    def texts(state: Any) -> dict[str, list[str]]:  # noqa: ANN401 - JSON
        return {channel["id"]: [m["text"] for m in channel["messages"]] for channel in state["channels"]}

    assert texts(await state_of(browser, "U0AMY")) == {
        "C0CASES": ["for the channel", "for Amy"],
        "C0GENERAL": [],
        "D0AMY": ["direct"],
    }
    assert texts(await state_of(browser, "U0BEN"))["C0CASES"] == ["for the channel"]
    assert list(texts(await state_of(browser, "U0DANA"))) == ["C0GENERAL", "D0DANA"]


async def test_a_case_can_be_played_from_the_browser(app: AsyncApp, browser: aiohttp.ClientSession) -> None:
    async def command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    async def submission(ack: AsyncAck, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel="C0CASES", text="x", blocks=[actions(button("approve"))], **QUIET)
        await ack()

    async def approval(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.chat_update(channel="C0CASES", ts=body["message"]["ts"], text="approved")
        await ack()

    app.command("/offboard")(command)
    app.view("request")(submission)
    app.action("approve")(approval)
    _, opened = await act(browser, "U0AMY", "command", text="/offboard", channel="C0CASES")
    _, empty = await act(browser, "U0AMY", "submit", view_id=opened["view"]["id"], values={"Reason": ""})
    assert empty["field_errors"] == {"Reason": "Please complete this required field."}
    _, done = await act(browser, "U0AMY", "submit", view_id=opened["view"]["id"], values={"reason": "left"})
    assert (done["ok"], done["view"]) == (True, None)
    [message] = (await state_of(browser, "U0BEN"))["channels"][0]["messages"]
    await act(browser, "U0BEN", "press", channel="C0CASES", ts=message["ts"], action_id="approve")
    [message] = (await state_of(browser, "U0BEN"))["channels"][0]["messages"]
    assert (message["text"], message["edited"]) == ("approved", 1)


async def test_every_change_is_told_on_the_event_stream(workspace: Workspace, browser: aiohttp.ClientSession) -> None:
    async with browser.get("/page/events") as stream:
        first = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        await stream.content.readline()
        workspace.as_person("U0AMY").say("hello")
        second = json.loads((await stream.content.readline()).removeprefix(b"data: "))
    assert second["version"] > first["version"]


async def test_what_cannot_be_done_is_a_409_and_nonsense_a_400(browser: aiohttp.ClientSession) -> None:
    assert (await act(browser, "U0AMY", "close", view_id="V0NONE"))[0] == 409
    assert (await act(browser, "U0AMY", "press", channel="C0CASES", ts="1.0", action_id="x"))[0] == 409
    assert (await act(browser, "U0NOBODY", "command", text="/offboard"))[0] == 400
    assert (await act(browser, "U0AMY", "command"))[0] == 400
    async with browser.get("/page/state", params={"as": "U0NOBODY"}) as answer:
        assert answer.status == 400


async def test_a_form_from_another_site_is_turned_away(browser: aiohttp.ClientSession) -> None:
    async with browser.post("/page/act", data={"as": "U0AMY", "kind": "open_home"}) as answer:
        assert answer.status == 415
