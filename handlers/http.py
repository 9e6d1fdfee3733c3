"""Slack's calls over HTTP: size, then signature, then shape; what fails one of them reaches nothing behind it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from urllib.parse import parse_qs

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers.signature import is_signed

PATH = "/slack/events"
MOST_BYTES = 1024 * 1024
VERIFIED = "offboard_verified"
"""The key of Bolt's context under which a request says that its signature was checked here."""


def slack_routes(app: AsyncApp, secret: SecretStr) -> list[web.RouteDef]:
    """Return the routes for an `aiohttp.web.Application`.

    413 above 1 MiB, 401 for what is not signed with the secret, 400 for what is signed and cannot be parsed.
    """

    async def events(request: web.Request) -> web.StreamResponse:
        raw = await _body(request)
        if not _is_signed(request, raw, secret):
            raise web.HTTPUnauthorized(text="The request is not signed by Slack.")
        body = parsed(raw, request.content_type)
        headers: dict[str, str | Sequence[str]] = {name: request.headers.getall(name) for name in request.headers}
        bolt_request = AsyncBoltRequest(
            body=body, query=request.query_string, headers=headers, context={VERIFIED: True}
        )
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    return [web.post(PATH, events)]


def is_verified(request: AsyncBoltRequest) -> bool:
    """Whether this came from Slack for sure: signed over HTTP, or by the app's own Socket Mode connection."""
    return request.mode == "socket_mode" or request.context.get(VERIFIED) is True


def _is_signed(request: web.Request, raw: bytes, secret: SecretStr) -> bool:
    timestamps = request.headers.getall("X-Slack-Request-Timestamp", [])
    return is_signed(raw, timestamps, request.headers.getall("X-Slack-Signature", []), secret, time.time())


async def _body(request: web.Request) -> bytes:
    """Return the body, having read no more of it than may be."""
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(max_size=MOST_BYTES, actual_size=len(raw))
    return bytes(raw)


def parsed(raw: bytes, content_type: str) -> str:
    """Return the body as text. Raise 400 for what Slack does not send: not UTF-8, not JSON, a form of nothing."""
    try:
        text = raw.decode()
        ok = _is_object(text) if content_type == "application/json" else _is_form(text)
    except (ValueError, RecursionError):
        ok, text = False, ""
    if not ok:
        raise web.HTTPBadRequest(text="The body could not be parsed.")
    return text


def _is_object(text: str) -> bool:
    return isinstance(json.loads(text), dict)


def _is_form(text: str) -> bool:
    """Whether it is a slash command, an SSL check, or an interaction whose payload is an object."""
    form = parse_qs(text, keep_blank_values=True, max_num_fields=1000)
    if "payload" in form:
        return _is_object(form["payload"][0])
    return "command" in form or "ssl_check" in form
