"""POST /api/{method}: token, rate, arguments, scope, then the method; every call is recorded."""

import asyncio
import json
from http import HTTPStatus
from typing import Literal

from aiohttp import web

from sandbox.slack.backend import Backend
from sandbox.slack.limits import Fault, Faults, Limits, Tier
from sandbox.slack.methods.access import need_scope
from sandbox.slack.methods.arguments import read
from sandbox.slack.methods.table import METHODS, Method
from sandbox.slack.records import Call, Json, Refused


class WebApi:
    def __init__(self, backend: Backend, *, limits: bool) -> None:
        self._backend = backend
        self._limits = Limits(backend.clock) if limits else None
        self.faults = Faults()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            sent = await _sent(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        token = str(sent.pop("token", "")) or request.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = self.faults.take(name) or self._befalling(name, sent)
        if fault is not None and fault.status != "lost":
            return self._faulty(request, name, sent, fault)
        answer, waited = self._answer(name, token, sent)
        self._record(name, sent, str(answer.get("error", "")) or ("ratelimited" if waited else ""))
        if fault is not None:
            return _broken(request)
        if waited:
            return _too_many(waited)
        return web.json_response(answer, headers=self._headers(token))

    def _befalling(self, name: str, sent: Json) -> Fault | None:
        status = self._backend.watching.called(name, sent)
        return None if status is None else Fault("internal_error", status)

    def _answer(self, name: str, token: str, sent: Json) -> tuple[Json, int]:
        """Return the JSON answer, and the seconds of a Retry-After or 0."""
        try:
            method = _method(name)
            self._admit(method, token)
            if waited := self._wait(name, method, sent):
                return {"ok": False, "error": "ratelimited"}, waited
            return {"ok": True} | self._run(name, method, sent), 0
        except Refused as refused:
            return {"ok": False, "error": refused.error} | refused.extra, 0

    def _run(self, name: str, method: Method, sent: Json) -> Json:
        args = read(method.signature, sent)
        for unknown in args.unknown:
            self._backend.inspection.note(name, f"unknown argument {unknown!r}")
        need_scope(self._backend, *method.scopes)
        return method.run(self._backend, args)

    def _admit(self, method: Method, token: str) -> None:
        access = self._backend.access
        if method.caller == "any":
            return
        if not token:
            raise Refused("not_authed")
        if token not in {access.bot_token, access.app_token}:
            raise Refused("invalid_auth")
        if token != (access.app_token if method.caller == "app" else access.bot_token):
            raise Refused("not_allowed_token_type")

    def _wait(self, name: str, method: Method, sent: Json) -> int:
        if self._limits is None:
            return 0
        key = f"{name} {sent.get('channel', '')}" if method.tier is Tier.POST else name
        return self._limits.wait(key, method.tier)

    def _headers(self, token: str) -> dict[str, str]:
        if token != self._backend.access.bot_token:
            return {}
        return {"X-OAuth-Scopes": ",".join(sorted(self._backend.access.scopes))}

    def _record(self, name: str, sent: Json, error: str) -> None:
        self._backend.calls.append(Call(name, sent, not error, error, self._backend.clock()))
        self._backend.state.feed.changed()

    def _faulty(self, request: web.Request, name: str, sent: Json, fault: Fault) -> web.StreamResponse:
        error = fault.error if fault.status == HTTPStatus.OK.value else str(fault.status)
        self._record(name, sent, error)
        match fault.status:
            case "drop" | "lost":
                return _broken(request)
            case 429:
                return _too_many(1)
            case 500:
                return web.Response(status=500, text="internal error")
            case 200:
                return web.json_response({"ok": False, "error": fault.error})


def _method(name: str) -> Method:
    if name not in METHODS:
        raise Refused("unknown_method", req_method=name)
    return METHODS[name]


async def _sent(request: web.Request) -> Json:
    """Return the arguments of the query and of a form or JSON body, as they were sent."""
    sent: Json = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.text()
        body = json.loads(raw) if raw else {}
        named = body if isinstance(body, dict) else {}
        return sent | {name: value for name, value in named.items() if value is not None}
    form = await request.post()
    return sent | {name: value for name, value in form.items() if isinstance(value, str)}


def _too_many(seconds: int) -> web.Response:
    answer: dict[Literal["ok", "error"], object] = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(seconds)})


def _broken(request: web.Request) -> web.StreamResponse:
    """Break the connection instead of answering."""
    if isinstance(request.transport, asyncio.Transport):
        request.transport.abort()
    return web.Response(status=500)
