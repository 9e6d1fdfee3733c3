"""The paths of the Login Service: login, refresh, logout (Login Service API: user-login, refresh, logout)."""

import json
from collections.abc import Iterable

from aiohttp import web

from sandbox.systems.journal import note
from sandbox.systems.liveperson.access import ACCOUNT
from sandbox.systems.liveperson.answers import refusal
from sandbox.systems.liveperson.login import SESSION_SECONDS, Session
from sandbox.systems.liveperson.users_api import Account

VERSION = "1.3"
COOKIE = "Session_id"


class Sessions:
    """The handlers. An application log-in (`appKey` …) is not taken: the vendor ends it on 30 April 2026."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.post("/api/account/{account}/login", self.login)
        yield web.post("/api/account/{account}/refresh", self.refresh)
        yield web.post("/api/account/{account}/logout", self.logout)

    async def login(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        body = await self._body(request)
        if request.query.get("v") != VERSION or not {"username", "password"} <= body.keys():
            raise self._refused(400, "bad request")
        service = self._account.state.login
        if service.log_on.blocked:
            raise self._refused(451, "the user is blocked")
        session = service.open(str(body["username"]), str(body["password"]), self._now)
        if session is None:
            raise self._refused(401, "wrong user name or password")
        response = web.json_response(self._opened(session))
        response.set_cookie(COOKIE, session.cookie, secure=True, httponly=True)
        return response

    async def refresh(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        body = await self._body(request)
        kept = self._account.state.login.refresh(request.cookies.get(COOKIE, ""), str(body.get("csrf")), self._now)
        if not kept:
            raise self._refused(401, "no such session")
        return web.json_response({})

    async def logout(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        body = await self._body(request)
        closed = self._account.state.login.close(request.cookies.get(COOKIE, ""), str(body.get("csrf")), self._now)
        if not closed:
            raise self._refused(401, "no such session")
        return web.json_response({})

    def _opened(self, session: Session) -> dict[str, object]:
        user = self._account.state.login.log_on
        config = {
            "loginName": user.username,
            "userId": str(user.user_id),
            "userPrivileges": [14, 1700] if user.may_see_users else [14],
            "isAdmin": user.may_see_users,
        }
        return {
            "csrf": session.csrf,
            "bearer": session.bearer,
            "wsuk": session.cookie[:8],
            "config": config,
            "sessionTTl": str(SESSION_SECONDS * 1000),
        }

    async def _body(self, request: web.Request) -> dict[str, object]:
        if request.match_info["account"] != ACCOUNT:
            raise self._refused(401, "wrong account")
        try:
            parsed = json.loads(await request.text())
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise self._refused(400, "the body is not a JSON object")
        return parsed

    def _refused(self, status: int, message: str) -> Exception:
        return refusal(status, message, self._now)

    @property
    def _now(self) -> float:
        return self._account.clock.now()
