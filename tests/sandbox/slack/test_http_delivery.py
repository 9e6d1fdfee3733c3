"""A real Bolt app behind a request URL: signatures, answers in the body, the address check."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace, demo_seed
from tests.sandbox.slack.payload import QUIET, actions, button, modal

SECRET = "a secret of both"


@pytest.fixture
async def place() -> AsyncIterator[Workspace]:
    workspace = Workspace(demo_seed(), limits=False, signing_secret=SECRET, request_url="http://127.0.0.1:1/")
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
async def bolt(place: Workspace) -> AsyncIterator[AsyncApp]:
    """A Bolt app on a free port, to which the workspace delivers."""
    client = AsyncWebClient(token="xoxb-sandbox", base_url=place.api_url)
    app = AsyncApp(client=client, signing_secret=SECRET)
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.http.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


async def test_a_whole_case_goes_over_http(place: Workspace, bolt: AsyncApp) -> None:
    async def command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    async def submission(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient) -> None:
        if view["state"]["values"]["reason"]["value"]["value"] == "?":
            await ack(response_action="errors", errors={"reason": "Say more."})
            return
        await ack()
        blocks = [actions(button("approve"))]
        await client.chat_postMessage(channel="C0CASES", text="A case", blocks=blocks, **QUIET)

    async def approval(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(text=f"Approved by {body['user']['id']}", **where)

    bolt.command("/offboard")(command)
    bolt.view("request")(submission)
    bolt.action("approve")(approval)
    amy, ben = place.as_person("U0AMY"), place.as_person("U0BEN")
    view = (await amy.command("/offboard")).view
    assert view is not None
    assert (await amy.submit(view, {"Reason": "?"})).field_errors == {"Reason": "Say more."}
    assert (await amy.submit(view, {"Reason": "left"})).ok
    message = (await place.until(lambda: place.messages("C0CASES")))[0]
    assert (await ben.press(message, "approve")).ok
    assert await place.until(lambda: place.messages("C0CASES")[0].text == "Approved by U0BEN")
    assert place.lint_findings == []


async def test_the_request_url_is_verified_with_a_challenge(place: Workspace, bolt: AsyncApp) -> None:
    assert bolt is not None
    assert await place.http.verify("a challenge")


async def test_another_signing_secret_gets_nothing_done(bolt: AsyncApp) -> None:
    assert bolt is not None
    stranger = Workspace(demo_seed(), signing_secret="another", request_url="http://127.0.0.1:1/")
    await stranger.start()
    result = await stranger.as_person("U0AMY").command("/offboard")
    await stranger.stop()
    assert result.error == "dispatch_failed"


async def test_a_signature_of_six_minutes_ago_is_refused_by_the_app(place: Workspace, bolt: AsyncApp) -> None:
    assert bolt is not None
    body = b'{"type": "url_verification", "challenge": "x"}'
    old = place.http.signed(body, at=1_700_000_000) | {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(place.http.url, data=body, headers=old) as answer:
        assert answer.status == 401


async def test_an_address_where_nobody_listens_is_a_failed_dispatch(place: Workspace) -> None:
    assert (await place.as_person("U0AMY").command("/offboard")).error == "dispatch_failed"


async def test_a_redirect_is_not_followed(place: Workspace) -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    app = web.Application()
    app.router.add_post("/{any}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.http.url = f"http://127.0.0.1:{runner.addresses[0][1]}/first"
    result = await place.as_person("U0AMY").command("/offboard")
    await runner.cleanup()
    assert result.error == "dispatch_failed"
    assert seen == ["/first"]
