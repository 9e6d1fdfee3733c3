"""Socket Mode: WebSocket connections to the app, envelopes over any one of them, and Slack's disconnects."""

import asyncio
import contextlib
import json
import secrets

from aiohttp import WSMsgType, web

from sandbox.slack.backend import Backend
from sandbox.slack.delivery import Answer, Kind, nobody_there, timed_out
from sandbox.slack.people import APP_ID
from sandbox.slack.records import Json

CONNECTION_LIMIT = 10
"""Connections of one app at a time ("Using Socket Mode")."""


class SocketMode:
    def __init__(self, backend: Backend, ack_timeout: float) -> None:
        self._backend = backend
        self.ack_timeout = ack_timeout
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Answer]] = {}

    @property
    def connections(self) -> int:
        return len(self._sockets)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection; its address works once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._backend.tickets:
            return web.Response(status=401, text="invalid ticket")
        self._backend.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._sockets) >= CONNECTION_LIMIT:
            await _disconnect(socket, "too_many_websockets")
            return socket
        await self._serve(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._sockets.append(socket)
        self._backend.state.feed.changed()
        try:
            await socket.send_json(_hello(len(self._sockets)))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._gone(socket)

    def _gone(self, socket: web.WebSocketResponse) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
        self._backend.state.feed.changed()

    def _acknowledged(self, ack: object) -> None:
        sent: Json = ack if isinstance(ack, dict) else {}
        future = self._waiting.get(sent.get("envelope_id", ""))
        if future is None:
            self._backend.inspection.note("socket mode", "an acknowledgement of no waiting envelope")
        elif not future.done():
            future.set_result(Answer(sent.get("payload") or {}))

    async def deliver(self, kind: Kind, payload: Json, *, retry: int = 0) -> Answer:
        """Send an envelope over one connection, a different one each time; any of them may bring the answer.

        A connection that ends before it was answered leaves the person waiting until the time is up, as in Slack.
        """
        if not self._sockets:
            return nobody_there()
        socket = self._sockets.pop(0)
        self._sockets.append(socket)
        envelope_id = secrets.token_hex(16)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        try:
            async with asyncio.timeout(self.ack_timeout):
                with contextlib.suppress(ConnectionError):
                    await socket.send_json(_envelope(envelope_id, kind, payload, retry))
                return await future
        except TimeoutError:
            return timed_out()
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str) -> None:
        """Drop every connection as Slack does before it closes them."""
        for socket in list(self._sockets):
            self._sockets.remove(socket)
            await _disconnect(socket, reason)
        self._backend.state.feed.changed()

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close()


def _hello(count: int) -> Json:
    debug = {"host": "applink-sandbox", "started": "", "build_number": 1, "approximate_connection_time": 18060}
    return {
        "type": "hello",
        "num_connections": count,
        "connection_info": {"app_id": APP_ID},
        "debug_info": debug,
    }


def _envelope(envelope_id: str, kind: Kind, payload: Json, retry: int) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
    return envelope


async def _disconnect(socket: web.WebSocketResponse, reason: str) -> None:
    await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}})
    await socket.close()
