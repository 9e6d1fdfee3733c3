"""The part of IAM that the service needs: tokens, the project's id, and the users that a deletion must not touch."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Any, Protocol

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.huawei_hss import seed
from sandbox.systems.huawei_hss.access import Caller
from sandbox.systems.huawei_hss.answers import iam, keystone, reply
from sandbox.systems.huawei_hss.state import TOKEN_LIFE, HssState, IamUser, Token
from sandbox.systems.journal import EVERYONE, note

Json = dict[str, Any]

_TOKEN_BYTES = 6000
"""Tokens are long: 12,000 characters here, up to 32,768 in the cloud."""


class Cloud(Protocol):
    """The simulator, as these handlers need it."""

    state: HssState
    clock: MovableClock

    async def caller(self, request: web.Request, scope: str) -> Caller:
        """Who calls; a token must have been issued for `scope`."""


def routes(cloud: Cloud) -> list[web.RouteDef]:
    desk = Iam(cloud)
    return [
        web.post("/v3/auth/tokens", desk.issue),
        web.get("/v3/projects", desk.projects),
        web.get("/v3/users", desk.users),
        web.get("/v3.0/OS-USER/users/{user}", desk.user),
        web.put("/v3.0/OS-USER/users/{user}", desk.change),
        web.delete("/v3/users/{user}", desk.delete),
        web.get("/v3.0/OS-CREDENTIAL/credentials/{key}", desk.credential),
    ]


class Iam:
    """Users of the one master account, `acme-master`."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def issue(self, request: web.Request) -> web.Response:
        """The token travels in X-Subject-Token and lives 24 hours; the body tells when it ends."""
        note(request, None, kind="auth")
        wanted = await _auth(request)
        user = self._log_in(wanted)
        scope = _scope(wanted)
        text, now = "MII" + secrets.token_hex(_TOKEN_BYTES), self._cloud.clock.now()
        self._cloud.state.tokens[text] = Token(user.id, scope, now + TOKEN_LIFE)
        body = {"token": _token(user, scope, now) | ({} if "nocatalog" in request.query else {"catalog": []})}
        return reply(body, 201, **{"X-Subject-Token": text})

    def _log_in(self, wanted: Json) -> IamUser:
        try:
            said = wanted["identity"]["password"]["user"]
            name, password, domain = said["name"], said["password"], said["domain"]["name"]
        except (KeyError, TypeError):
            raise keystone(400, "Bad Request", "The request body is invalid") from None
        user = self._cloud.state.user_named(name)
        right = user is not None and user.enabled and user.password == password and domain == seed.DOMAIN_NAME
        if user is None or not right or user.password is None:
            raise keystone(401, "Unauthorized", "The username or password is wrong.")
        return user

    async def projects(self, request: web.Request) -> web.Response:
        """Signed without a project header: how a client learns its project's id."""
        await self._cloud.caller(request, "domain")
        hit = request.query.get("name", seed.REGION) == seed.REGION
        project = {"id": seed.PROJECT, "name": seed.REGION, "domain_id": seed.DOMAIN, "enabled": True}
        return reply({"projects": [project] if hit else [], "links": {}})

    async def credential(self, request: web.Request) -> web.Response:
        await self._cloud.caller(request, "domain")
        access = request.match_info["key"]
        key = self._cloud.state.keys.get(access)
        if key is None:
            raise iam(404, "IAM.0004", "Could not find credential.")
        return reply({"credential": {"user_id": key.user, "access": access, "status": "active"}})

    async def users(self, request: web.Request) -> web.Response:
        """No addresses here, and disabled users only where they are asked for."""
        await self._administrator(request)
        note(request, EVERYONE)
        enabled = request.query.get("enabled", "true").lower() == "true"
        name = request.query.get("name")
        found = [user for user in self._cloud.state.users.values() if user.enabled is enabled]
        return reply({"users": [_row(user) for user in found if name in {None, user.name}], "links": {}})

    async def user(self, request: web.Request) -> web.Response:
        await self._administrator(request)
        return reply({"user": _whole(self._user(request))})

    async def change(self, request: web.Request) -> web.Response:
        await self._administrator(request)
        user = self._user(request)
        wanted = (await _json(request)).get("user")
        if not isinstance(wanted, dict) or not isinstance(wanted.get("enabled"), bool):
            raise iam(400, "IAM.0007", "The request parameter is invalid.")
        user.enabled = wanted["enabled"]
        note(request, user.id, effect=True)
        return reply({"user": _whole(user)})

    async def delete(self, request: web.Request) -> web.Response:
        """204 without a body; the account's root user is refused."""
        await self._administrator(request)
        user = self._user(request)
        if user.root:
            raise iam(403, "IAM.0003", "You are not authorized to perform the requested action.")
        del self._cloud.state.users[user.id]
        note(request, user.id, effect=True)
        return reply(None, 204)

    async def _administrator(self, request: web.Request) -> None:
        caller = await self._cloud.caller(request, "domain")
        if not caller.user.is_administrator:
            raise iam(403, "IAM.0002", "You are not authorized to perform the requested action.")

    def _user(self, request: web.Request) -> IamUser:
        wanted = request.match_info["user"]
        note(request, wanted)
        user = self._cloud.state.users.get(wanted)
        if user is None:
            raise iam(404, "IAM.0004", f"Could not find user: {wanted}.")
        return user


async def _json(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise keystone(400, "Bad Request", "The request body is invalid")
    return body


async def _auth(request: web.Request) -> Json:
    auth = (await _json(request)).get("auth")
    if not isinstance(auth, dict):
        raise keystone(400, "Bad Request", "The request body is invalid")
    return auth


def _scope(auth: Json) -> str:
    """`project` where the scope names ours by name or id, `domain` where it names the account."""
    scope = auth.get("scope", {})
    project, domain = scope.get("project"), scope.get("domain")
    if isinstance(project, dict) and (project.get("name") == seed.REGION or project.get("id") == seed.PROJECT):
        return "project"
    if isinstance(domain, dict) and (domain.get("name") == seed.DOMAIN_NAME or domain.get("id") == seed.DOMAIN):
        return "domain"
    raise keystone(401, "Unauthorized", "The scope is not valid.")


def _token(user: IamUser, scope: str, now: float) -> Json:
    about = {"project": {"id": seed.PROJECT, "name": seed.REGION}} if scope == "project" else {"domain": _domain()}
    return about | {
        "expires_at": _time(now + TOKEN_LIFE),
        "issued_at": _time(now),
        "methods": ["password"],
        "user": {"id": user.id, "name": user.name, "domain": _domain()},
        "roles": [{"name": "secu_admin"}] if user.is_administrator else [],
    }


def _domain() -> Json:
    return {"id": seed.DOMAIN, "name": seed.DOMAIN_NAME}


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _row(user: IamUser) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "domain_id": seed.DOMAIN,
        "enabled": user.enabled,
        "description": "",
        "access_mode": "default",
        "pwd_status": True,
    }


def _whole(user: IamUser) -> Json:
    return _row(user) | {"email": user.mail, "phone": "", "is_domain_owner": user.root, "xuser_id": ""}
