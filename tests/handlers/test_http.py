"""Slack's calls over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.errors import ConfigurationError
from handlers.http import MOST_BYTES, PATH, slack_routes
from handlers.slack_app import SlackAccess, SlackSide, signing_secret
from sandbox.slack.workspace import Workspace, demo_seed
from tests.handlers.fakes import FakeCases

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    ready = Workspace(demo_seed(), limits=False, request_url="http://127.0.0.1/")
    await ready.start()
    yield ready
    await ready.stop()
    assert ready.lint_findings == []


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    access = SlackAccess(SecretStr("xoxb-sandbox"), SecretStr("sandbox-signing-secret"), None, workspace.api_url)
    side = SlackSide(access)
    app = web.Application()
    app.add_routes(slack_routes(side.bolt(FakeCases())))
    async with TestClient(TestServer(app)) as ready:
        workspace.http.url = str(ready.make_url(PATH))
        yield ready
    await side.aclose()


async def test_a_signed_command_opens_the_modal(
    client: TestClient[web.Request, web.Application], workspace: Workspace
) -> None:
    result = await workspace.as_person("U0AMY").command("/offboard dana@acme.test")
    assert result.view is not None
    assert result.view.title == "Offboard somebody"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"payload=not+json", FORM),
        (b"payload=%5B1%5D", FORM),
        (b"something=else", FORM),
        (b"", FORM),
        (b"payload=\xff\xfe", FORM),
        (b"{", JSON),
        (b"[]", JSON),
        (b"\xff", JSON),
        (b"[" * 200_000, JSON),
        (b"<xml/>", {"Content-Type": "text/xml"}),
    ],
)
async def test_what_cannot_be_parsed_gets_400(
    client: TestClient[web.Request, web.Application], body: bytes, headers: dict[str, str]
) -> None:
    answer = await client.post(PATH, data=body, headers=headers)
    assert answer.status == 400


async def test_a_body_above_a_mebibyte_gets_413(client: TestClient[web.Request, web.Application]) -> None:
    answer = await client.post(PATH, data=BytesIO(b"command=" + b"x" * MOST_BYTES), headers=FORM)
    assert answer.status == 413


@pytest.mark.parametrize(
    "signed",
    [
        {},
        {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"},
        {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "soon"},
    ],
)
async def test_what_is_not_signed_by_slack_is_refused(
    client: TestClient[web.Request, web.Application], signed: dict[str, str]
) -> None:
    answer = await client.post(PATH, data=b"command=%2Foffboard&user_id=U0AMY", headers={**FORM, **signed})
    assert answer.status == 401


async def test_http_without_a_signing_secret_does_not_start(workspace: Workspace) -> None:
    access = SlackAccess(SecretStr("xoxb-sandbox"), None, None, workspace.api_url)
    with pytest.raises(ConfigurationError, match="SLACK_SIGNING_SECRET"):
        signing_secret(access)
    assert signing_secret(SlackAccess(SecretStr("x"), None, SecretStr("xapp-x"))) == ""
