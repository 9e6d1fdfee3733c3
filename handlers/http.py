"""Slack's calls over HTTP: one route that checks size, signature and shape before Bolt sees a request."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Sequence
from urllib.parse import parse_qs

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

PATH = "/slack/events"
MOST_BYTES = 1024 * 1024
VERIFIED = "is_verified"
"""The key in a Bolt request's context that says that its body was signed by Slack; only this module sets it."""

_MOST_SECONDS = 300
"""How far a request's time stamp may be from our clock ("Verifying requests from Slack": five minutes)."""
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


def slack_routes(app: AsyncApp, secret: str) -> list[web.RouteDef]:
    """Return the routes for an `aiohttp.web.Application`.

    413 above 1 MiB, 401 for what is not signed with `secret`, 400 for what is signed and cannot be parsed. Nothing of
    an unsigned body is parsed or reaches a listener.
    """
    key = SecretStr(secret)

    async def events(request: web.Request) -> web.StreamResponse:
        raw = await _body(request)
        stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
        signatures = request.headers.getall("X-Slack-Signature", [])
        if not is_signed(raw, stamps, signatures, key, time.time()):
            raise web.HTTPUnauthorized(text="The request is not signed by Slack.")
        body = parsed(raw, request.content_type)
        headers: dict[str, str | Sequence[str]] = {name: request.headers.getall(name) for name in request.headers}
        context = {VERIFIED: True}
        bolt_request = AsyncBoltRequest(body=body, query=request.query_string, headers=headers, context=context)
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    return [web.post(PATH, events)]


def is_signed(raw: bytes, stamps: Sequence[str], signatures: Sequence[str], secret: SecretStr, now: float) -> bool:
    """Whether Slack signed these bytes within five minutes of `now` (seconds of the epoch). Never raises.

    Each header must be there exactly once. An empty secret verifies nothing.
    Source: "Verifying requests from Slack": `v0=` and the HMAC-SHA256 of `v0:{time stamp}:{raw body}`.
    """
    key = secret.get_secret_value().encode()
    if not key or len(stamps) != 1 or len(signatures) != 1 or not _SECONDS.fullmatch(stamps[0]):
        return False
    if abs(now - int(stamps[0])) > _MOST_SECONDS:
        return False
    signed = b"v0:" + stamps[0].encode() + b":" + raw
    expected = "v0=" + hmac.new(key, signed, hashlib.sha256).hexdigest()
    # Bytes, since `compare_digest` raises for text outside ASCII, and a header may hold lone surrogates.
    return hmac.compare_digest(expected.encode(), signatures[0].encode(errors="surrogateescape"))


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
