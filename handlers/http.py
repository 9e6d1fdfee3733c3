"""Slack's calls over HTTP: one route, sizes and shapes checked before Bolt verifies the signature."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

PATH = "/slack/events"
MOST_BYTES = 1024 * 1024


def slack_routes(app: AsyncApp) -> list[web.RouteDef]:
    """Return the routes for an `aiohttp.web.Application`: 413 above 1 MiB, 400 for what cannot be parsed."""

    async def events(request: web.Request) -> web.StreamResponse:
        if not request.headers.get("X-Slack-Request-Timestamp", "0").isdecimal():
            raise web.HTTPUnauthorized(text="The request is not signed by Slack.")
        raw = await _body(request)
        body = parsed(raw, request.content_type)
        headers: dict[str, str | Sequence[str]] = {name: request.headers.getall(name) for name in request.headers}
        bolt_request = AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    return [web.post(PATH, events)]


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
