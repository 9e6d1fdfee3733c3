"""Slack's calls over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict
from pydantic import SecretStr
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.errors import ConfigurationError
from handlers.http import MOST_BYTES, PATH, is_signed, slack_routes
from handlers.slack_app import SlackAccess, SlackSide, signing_secret
from sandbox.slack.workspace import Workspace, demo_seed
from tests.handlers.fakes import FakeCases

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
SECRET = "sandbox-signing-secret"


@dataclass(frozen=True)
class Hook:
    """A server of an attacker, and what it was sent."""

    url: str
    received: list[str]


def forged_click(hook: Hook) -> bytes:
    """A click of an admin that asks for its answer at the hook; no form of ours can read it."""
    person = {"id": "U0ROOT", "team_id": "T0ACME"}
    action = {"action_id": "approve", "block_id": "b", "type": "button", "value": "none of ours"}
    click = {"type": "block_actions", "user": person, "response_url": hook.url, "actions": [action]}
    return urlencode({"payload": json.dumps(click)}).encode()


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    ready = Workspace(demo_seed(), limits=False, request_url="http://127.0.0.1/")
    await ready.start()
    yield ready
    await ready.stop()
    assert ready.lint_findings == []


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases()


@pytest.fixture
async def side(workspace: Workspace) -> AsyncIterator[SlackSide]:
    ready = SlackSide(SlackAccess(SecretStr("xoxb-sandbox"), SecretStr(SECRET), None, workspace.api_url))
    yield ready
    await ready.aclose()


@pytest.fixture
async def client(
    workspace: Workspace, cases: FakeCases, side: SlackSide
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    app.add_routes(slack_routes(side.bolt(cases), signing_secret(side.access)))
    async with TestClient(TestServer(app)) as ready:
        workspace.http.url = str(ready.make_url(PATH))
        yield ready


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    received: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        received.append(await request.text())
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/", receive)])
    async with TestServer(app) as ready:
        yield Hook(str(ready.make_url("/")), received)


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
async def test_what_cannot_be_parsed_gets_400_where_slack_signed_it(
    client: TestClient[web.Request, web.Application], workspace: Workspace, body: bytes, headers: dict[str, str]
) -> None:
    answer = await client.post(PATH, data=body, headers={**headers, **workspace.http.signed(body)})
    assert answer.status == 400
    assert (await client.post(PATH, data=body, headers=headers)).status == 401


async def test_a_body_above_a_mebibyte_gets_413(client: TestClient[web.Request, web.Application]) -> None:
    answer = await client.post(PATH, data=BytesIO(b"command=" + b"x" * MOST_BYTES), headers=FORM)
    assert answer.status == 413


SIGNATURE, STAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"


def malformed(stamp: str, signature: str) -> Iterator[list[tuple[str, str]]]:
    """The two headers of a genuine request, spoilt in every way that comes to mind."""
    yield []
    yield [(SIGNATURE, signature)]
    yield [(STAMP, stamp)]
    stamps = ("soon", "", "1", "9" * 5000, f"-{stamp}", f"+{stamp}", f"{stamp}.0", "\u0661" * 10, str(int(stamp) + 301))
    yield from ([(STAMP, one), (SIGNATURE, signature)] for one in stamps)
    signatures = ("v0=00", "", "v0=\u00e9", "v0=\u0661", signature.upper(), signature[3:], signature + "0", "v" * 5000)
    yield from ([(STAMP, stamp), (SIGNATURE, one)] for one in signatures)
    yield [(STAMP, stamp), (STAMP, stamp), (SIGNATURE, signature)]
    yield [(STAMP, stamp), (SIGNATURE, signature), (SIGNATURE, "v0=00")]


async def test_what_is_not_signed_by_slack_reaches_nothing(
    client: TestClient[web.Request, web.Application],
    workspace: Workspace,
    cases: FakeCases,
    side: SlackSide,
    hook: Hook,
) -> None:
    for body in (b"command=%2Foffboard&user_id=U0AMY&team_id=T0ACME", forged_click(hook)):
        genuine = workspace.http.signed(body)
        for headers in malformed(genuine[STAMP], genuine[SIGNATURE]):
            sent = CIMultiDict([*FORM.items(), *headers])
            answer = await client.post(PATH, data=body, headers=sent)
            assert answer.status == 401, headers
    await side.tasks.drain(5)

    assert cases.asked == []
    assert hook.received == []


async def test_a_signed_payload_that_cannot_be_read_is_answered_and_noted(
    client: TestClient[web.Request, web.Application],
    workspace: Workspace,
    cases: FakeCases,
    side: SlackSide,
    hook: Hook,
) -> None:
    body = forged_click(hook)
    answer = await client.post(PATH, data=body, headers={**FORM, **workspace.http.signed(body)})
    await side.tasks.drain(5)

    assert answer.status == 200
    assert [asked[0] for asked in cases.asked] == ["turned_away"]
    assert len(hook.received) == 1


async def test_the_error_handler_believes_no_body_that_is_not_verified(
    cases: FakeCases, side: SlackSide, hook: Hook
) -> None:
    """Bolt's own verification raises for a signature outside ASCII, and the error handler gets the body."""
    headers = {"content-type": FORM["Content-Type"], STAMP.lower(): "9" * 10, SIGNATURE.lower(): "v0=\u00e9"}
    bolt = side.bolt(cases)
    for stamp in (str(int(time.time())), "9" * 5000):
        request = AsyncBoltRequest(body=forged_click(hook).decode(), headers={**headers, STAMP.lower(): stamp})
        answer = await bolt.async_dispatch(request)
        await side.tasks.drain(5)

        assert answer.status == 401
        assert cases.asked == []
        assert hook.received == []


async def test_a_body_that_was_changed_after_signing_is_refused(
    client: TestClient[web.Request, web.Application], workspace: Workspace
) -> None:
    headers = {**FORM, **workspace.http.signed(b"command=%2Foffboard&user_id=U0AMY")}
    answer = await client.post(PATH, data=b"command=%2Foffboard&user_id=U0ROOT", headers=headers)
    assert answer.status == 401


def test_an_empty_secret_verifies_nothing() -> None:
    digest = hmac.new(b"", b"v0:1000:{}", hashlib.sha256).hexdigest()
    assert not is_signed(b"{}", ["1000"], [f"v0={digest}"], SecretStr(""), 1000.0)


async def test_http_without_a_signing_secret_does_not_start(workspace: Workspace) -> None:
    access = SlackAccess(SecretStr("xoxb-sandbox"), None, None, workspace.api_url)
    with pytest.raises(ConfigurationError, match="SLACK_SIGNING_SECRET"):
        signing_secret(access)
    assert signing_secret(SlackAccess(SecretStr("x"), None, SecretStr("xapp-x"))) == ""
