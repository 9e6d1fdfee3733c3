"""What the page talks to. JSON everywhere; the same acts underneath as in tests.

GET /                     the page (page/index.html)
GET /page/static/NAME     the page's own scripts and styles, from page/static/
GET /page/events          server-sent events: `data: {"version": N}` at once and whenever anything changed; then ask
                          for the state again
GET /page/state?as=U0AMY  what this person sees:
    {"version": N, "me": PERSON, "bot": PERSON, "commands": ["/offboard"],
     "people": [PERSON], "groups": [{"id", "handle", "users": [id]}],
     "channels": [{"id", "name", "is_private", "is_im", "members": [id], "messages": [MESSAGE]}],
     "notices": {user id: [{"channel", "ts", "thread_ts", "user", "reply_broadcast"}]}, "modals": [VIEW],
     "home": VIEW or null}
    PERSON  {"id", "name", "real_name", "email", "is_bot", "deleted", "avatar"}; `avatar` is a CSS colour or ""
    MESSAGE {"ts", "channel", "user", "text", "blocks", "thread_ts" or null, "edited": count, "reply_broadcast",
             "ephemeral": bool, "notifies": reason or null, "files": [{"id", "name", "title", "url_private"}],
             "reply_count"}. `channels` are those the person is in, the direct conversation with the bot last;
             `messages` are roots, replies and this person's ephemerals in one list by ts. Blocks are Block Kit as
             Slack keeps it: every block has a block_id, every interactive element an action_id.
    VIEW    Slack's view object: id, type, title, submit, close, blocks, hash, callback_id, private_metadata and
            state.values (block_id → action_id → what is entered). `modals` is the stack, the one in front last.
POST /page/act            Content-Type application/json, {"as": "U0AMY", "kind": KIND, …}:
    command       {"text": "/offboard @dana", "channel": "C0CASES"}
    say           {"text", "channel", "thread_ts"?}
    press         {"channel", "ts", "action_id", "block_id"?, "value"?}: `value` tells buttons with one action id
                  apart, and is the picked option's value (a list for checkboxes), user id or date of a menu
    submit        {"view_id", "values": {label, block_id or action_id: value}}; texts as typed, options by value,
                  users by id, dates as "YYYY-MM-DD", moments in seconds; null or "" empties an input
    close         {"view_id"}
    press_in_view {"view_id", "action_id", "block_id"?, "value"?, "values"?}; view_id may be the Home tab's
    open_home     {}
    shortcut      {"callback_id", "channel"?, "ts"?}: a message shortcut when ts is given
    answer 200 {"ok": bool, "error": "" or word, "errors": {block_id: text}, "field_errors": {label: text},
                "ephemerals": [MESSAGE], "view": VIEW or null (the modal in front)}
           words: incomplete (errors tell), operation_timeout, dispatch_failed, invalid_command, trouble_connecting
    answer 409 {"ok": false, "error": "not_possible", "detail": sentence} where the person cannot do that
    answer 400 {"ok": false, "error": "bad_request", "detail": sentence}, 415 for another content type
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.slack.acting import Acting
from sandbox.slack.backend import Backend
from sandbox.slack.page_state import message_of, result_json, snapshot, view_of
from sandbox.slack.records import Json, NotPossible, Result

_PAGE = Path(__file__).parent / "page"
_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


class PageApi:
    def __init__(self, backend: Backend, as_person: Callable[[str], Acting]) -> None:
        self._backend = backend
        self._as_person = as_person
        self._closing = asyncio.Event()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.index),
            web.get("/page/state", self.state),
            web.get("/page/events", self.events),
            web.post("/page/act", self.act),
            web.static("/page/static", _PAGE / "static"),
        ]

    def close(self) -> None:
        """Let the event streams end."""
        self._closing.set()
        self._backend.state.feed.changed()

    async def index(self, _request: web.Request) -> web.StreamResponse:
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        return web.FileResponse(_PAGE / "index.html", headers=headers)

    async def state(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("as", "")
        if user not in self._backend.state.people:
            return _bad("as names nobody")
        return web.json_response(snapshot(self._backend, self._as_person(user)))

    async def events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        version, feed = -1, self._backend.state.feed
        with contextlib.suppress(ConnectionResetError):  # the tab was closed
            while not self._closing.is_set():
                version = await feed.after(version)
                await response.write(f"data: {json.dumps({'version': version})}\n\n".encode())
        return response

    async def act(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return web.json_response({"ok": False, "error": "bad_request"}, status=415)
        try:
            body: Json = json.loads(await request.text())
            acting = self._as_person(body["as"])
            result = await self._done(acting, body)
        except NotPossible as error:
            return web.json_response({"ok": False, "error": "not_possible", "detail": str(error)}, status=409)
        except (KeyError, LookupError, TypeError, ValueError) as error:
            return _bad(f"{type(error).__name__}: {error}")
        return web.json_response(result_json(self._backend, acting, result))

    async def _done(self, acting: Acting, body: Json) -> Result:
        kind = body["kind"]
        if kind == "command":
            return await acting.command(body["text"], body.get("channel", "C0CASES"))
        if kind == "say":
            acting.say(body["text"], body["channel"], body.get("thread_ts"))
            return Result(200, {}, view=acting.open_view)
        if kind == "open_home":
            await acting.open_home()
            return Result(200, {}, view=acting.open_view)
        if kind == "shortcut":
            message = message_of(self._backend, acting.user, body) if body.get("ts") else None
            return await acting.shortcut(body["callback_id"], message)
        if kind == "press":
            message = message_of(self._backend, acting.user, body)
            return await acting.press(message, body["action_id"], **_picked(body))
        return await self._done_in_view(acting, kind, body)

    async def _done_in_view(self, acting: Acting, kind: str, body: Json) -> Result:
        view = view_of(self._backend, body["view_id"])
        if kind == "submit":
            return await acting.submit(view, body.get("values", {}))
        if kind == "close":
            return await acting.close(view)
        if kind == "press_in_view":
            values = body.get("values", {})
            return await acting.press_in_view(view, body["action_id"], **_picked(body), values=values)
        raise ValueError(f"no such kind: {kind}")


def _picked(body: Json) -> dict[str, Any]:
    return {"block_id": body.get("block_id"), "value": body.get("value")}


def _bad(detail: str) -> web.Response:
    return web.json_response({"ok": False, "error": "bad_request", "detail": detail}, status=400)
