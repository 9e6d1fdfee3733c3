"""Slack's calls over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from io import BytesIO
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.errors import ConfigurationError
from handlers.http import MOST_BYTES, PATH, slack_routes
from handlers.signature import is_signed
from handlers.slack_app import SlackAccess, SlackSide, signing_secret
from sandbox.slack.workspace import Workspace, demo_seed
from tests.handlers.fakes import FakeCases

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
SECRET = SecretStr("sandbox-signing-secret")


def signature(body: bytes, timestamp: str) -> str:
    """What Slack would sign this body with at that time."""
    signed = hmac.new(SECRET.get_secret_value().encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
    return f"v0={signed.hexdigest()}"


def signed(body: bytes, timestamp: str = "") -> dict[str, str]:
    """The headers with which Slack would send this body now."""
    at = timestamp or str(int(time.time()))
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature(body, at)}


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases()


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    ready = Workspace(demo_seed(), limits=False, request_url="http://127.0.0.1/")
    await ready.start()
    yield ready
    await ready.stop()
    assert ready.lint_findings == []


@pytest.fixture
async def client(workspace: Workspace, cases: FakeCases) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    access = SlackAccess(SecretStr("xoxb-sandbox"), SECRET, None, workspace.api_url)
    side = SlackSide(access)
    app = web.Application()
    app.add_routes(slack_routes(side.bolt(cases), SECRET))
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
async def test_what_slack_signed_and_cannot_be_parsed_gets_400(
    client: TestClient[web.Request, web.Application], body: bytes, headers: dict[str, str]
) -> None:
    answer = await client.post(PATH, data=body, headers={**headers, **signed(body)})
    assert answer.status == 400
    unsigned = await client.post(PATH, data=body, headers=headers)
    assert unsigned.status == 401


async def test_a_body_above_a_mebibyte_gets_413(client: TestClient[web.Request, web.Application]) -> None:
    answer = await client.post(PATH, data=BytesIO(b"command=" + b"x" * MOST_BYTES), headers=FORM)
    assert answer.status == 413


COMMAND = b"command=%2Foffboard&user_id=U0AMY&team_id=T0ACME&text=help&trigger_id=1"
NOW = str(int(time.time()))
GOOD = signature(COMMAND, NOW)
MALFORMED: list[list[tuple[str, str]]] = [
    [],
    [("X-Slack-Signature", "v0=00"), ("X-Slack-Request-Timestamp", NOW)],
    [("X-Slack-Signature", GOOD)],
    [("X-Slack-Request-Timestamp", NOW)],
    [("X-Slack-Signature", GOOD), ("X-Slack-Request-Timestamp", "soon")],
    [("X-Slack-Signature", GOOD), ("X-Slack-Request-Timestamp", "9" * 5000)],
    [("X-Slack-Signature", GOOD), ("X-Slack-Request-Timestamp", f"-{NOW}")],
    [("X-Slack-Signature", GOOD), ("X-Slack-Request-Timestamp", f"{NOW}.0")],
    [("X-Slack-Signature", GOOD), ("X-Slack-Request-Timestamp", "\u0661\u0667\u0669\u0660\u0660\u0660\u0660\u0660")],
    [("X-Slack-Signature", "v0=\u00e9" + "0" * 63), ("X-Slack-Request-Timestamp", NOW)],
    [("X-Slack-Signature", GOOD.upper()), ("X-Slack-Request-Timestamp", NOW)],
    [("X-Slack-Signature", GOOD), ("X-Slack-Signature", GOOD), ("X-Slack-Request-Timestamp", NOW)],
    [("X-Slack-Signature", GOOD), ("X-Slack-Request-Timestamp", NOW), ("X-Slack-Request-Timestamp", "1")],
    list(signed(b"another body").items()),
    list(signed(COMMAND, str(int(NOW) - 3600)).items()),
    list(signed(COMMAND, str(int(NOW) + 3600)).items()),
]


@pytest.mark.parametrize("headers", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_not_signed_by_slack_reaches_nothing(
    client: TestClient[web.Request, web.Application],
    workspace: Workspace,
    cases: FakeCases,
    headers: list[tuple[str, str]],
) -> None:
    answer = await client.post(PATH, data=COMMAND, headers=[*FORM.items(), *headers])

    assert answer.status == 401
    assert cases.asked == []
    assert [call.method for call in workspace.calls if call.method != "auth.test"] == []


async def test_an_unsigned_click_is_answered_nowhere_and_writes_no_name(
    client: TestClient[web.Request, web.Application], cases: FakeCases
) -> None:
    reached: list[str] = []

    async def listen(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/anywhere", listen)])
    async with TestServer(app) as stranger:
        click = {
            "type": "block_actions",
            "user": {"id": "U0ROOT", "team_id": "T0ACME"},
            "response_url": str(stranger.make_url("/anywhere")),
            "actions": [{"action_id": "approve", "value": "nonsense"}],
        }
        body = urlencode({"payload": json.dumps(click)}).encode()
        for headers in MALFORMED:
            answer = await client.post(PATH, data=body, headers=[*FORM.items(), *headers])
            assert answer.status == 401

    assert (reached, cases.asked) == ([], [])


def test_a_signature_is_good_for_five_minutes_on_either_side() -> None:
    at, body = 1_900_000_000, b"x"
    good = signature(body, str(at))

    assert all(is_signed(body, [str(at)], [good], SECRET, at + away) for away in (-300.0, 0.0, 300.0))
    assert not any(is_signed(body, [str(at)], [good], SECRET, at + away) for away in (-301.0, 301.0))


def test_an_empty_secret_verifies_nothing() -> None:
    digest = hmac.new(b"", b"v0:1000:{}", hashlib.sha256).hexdigest()
    assert not is_signed(b"{}", ["1000"], [f"v0={digest}"], SecretStr(""), 1000.0)


def test_an_empty_secret_signs_nothing() -> None:
    signed_with_nothing = hmac.new(b"", b"v0:1:x", hashlib.sha256).hexdigest()

    assert not is_signed(b"x", ["1"], [f"v0={signed_with_nothing}"], SecretStr(""), 1.0)


async def test_http_without_a_signing_secret_does_not_start(workspace: Workspace) -> None:
    access = SlackAccess(SecretStr("xoxb-sandbox"), None, None, workspace.api_url)
    with pytest.raises(ConfigurationError, match="SLACK_SIGNING_SECRET"):
        signing_secret(access)
    assert signing_secret(SlackAccess(SecretStr("x"), None, SecretStr("xapp-x"))) == ""
