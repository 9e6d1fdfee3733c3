"""The Administration API: lookup, search, status, mark, delete, devices, synchronize."""

import json
from collections.abc import Iterable
from typing import Final, Protocol

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Refusal
from sandbox.systems.journal import EVERYONE, note
from sandbox.systems.rsa_cas.cloud import Cloud
from sandbox.systems.rsa_cas.refusal import bad_token, refusal
from sandbox.systems.rsa_cas.state import RsaState
from sandbox.systems.rsa_cas.tokens import DELETE, DELETE_SOFT, DEVICES, DEVICES_MANAGE, MANAGE, READ, Grant
from sandbox.systems.rsa_cas.users import Status, User, details, device_details, instant

BASE: Final = "/AdminInterface/restapi"
USERS: Final = f"{BASE}/v1/users"
PAGE: Final = 25
"""The largest and the usual page of a search (User Search API)."""

ONE_PROPERTY: Final = "Wrong number of properties in the request body."
"""The captured wording."""


class Tenant(Protocol):
    """The simulator, as these handlers need it."""

    state: RsaState
    clock: MovableClock

    @property
    def admin_url(self) -> str:
        """`adminRestApiUrl`, as the key file has it."""


class AdminApi:
    """The handlers. Each admits the caller for one scope before it looks at anything else."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.post(f"{USERS}/lookup", self.lookup)
        yield web.post(f"{USERS}/search", self.search)
        yield web.post(f"{BASE}/v2/users/search", self.search)
        yield web.put(f"{USERS}/{{id}}/userStatus", self.set_status)
        yield web.put(f"{USERS}/{{id}}/markDeleted", self.mark)
        yield web.delete(f"{USERS}/{{id}}", self.delete)
        yield web.get(f"{USERS}/{{id}}/devices", self.devices)
        yield web.get(f"{BASE}/v2/users/{{id}}/devices", self.devices)
        yield web.delete(f"{USERS}/{{id}}/devices/{{device}}", self.delete_device)
        yield web.post(f"{USERS}/{{id}}/sync", self.synchronize)

    async def lookup(self, request: web.Request) -> web.Response:
        """User Details API. With `searchUnsynched` it may add a user, which the journal calls a write."""
        note(request, None, kind="read")
        self._admit(request, READ)
        if request.content_type != "application/json":
            raise refusal(415, "The content type is not supported.")
        body = _parsed(await request.text())
        email, username = _text(body.get("email")), _text(body.get("username"))
        if not email and not username:
            raise refusal(400, "An email or a username is required.")
        known = set(self._cloud.users)
        try:
            unsynched = body.get("searchUnsynched") is True
            user = self._cloud.lookup(self._now, email=email, username=username, unsynched=unsynched)
        except Refusal:
            note(request, self._cloud.formerly(email or username))
            raise
        added = user.id not in known
        note(request, user.id, kind="write" if added else "read", effect=added)
        return web.json_response(details(user))

    async def search(self, request: web.Request) -> web.Response:
        """User Search API: pages are zero-based in version 2; version 1 has the first page only."""
        note(request, None, kind="read")
        self._admit(request, READ)
        like = _text(_parsed(await request.text()).get("emailLike"))
        size = _number(request.query.get("pageSize", str(PAGE)))
        page = _number(request.query.get("pageNumber", "0")) if "/v2/" in request.path else 0
        if not like or not 1 <= size <= PAGE or page < 0:
            raise refusal(400, "The search is not valid.")
        found = self._cloud.search(like)
        note(request, self._sought(like, found))
        return web.json_response([details(user) for user in found[page * size : (page + 1) * size]])

    async def set_status(self, request: web.Request) -> web.Response:
        user_id = self._about(request, MANAGE)
        wanted = _only(_parsed(await request.text()), "userStatus")
        if wanted not in {status.value for status in Status}:
            raise refusal(400, "The user status is not valid.")
        changed = self._cloud.set_status(user_id, Status(str(wanted)))
        note(request, None, effect=changed)
        return web.json_response({"id": user_id, "userStatus": wanted})

    async def mark(self, request: web.Request) -> web.Response:
        user_id = self._about(request, DELETE_SOFT)
        wanted = str(_only(_parsed(await request.text()), "markDeleted")).lower()
        if wanted not in {"true", "false"}:
            raise refusal(400, "markDeleted must be true or false.")
        by = self._grant(request).by
        mark = self._cloud.mark(user_id, self._now, wanted=wanted == "true", by=by).mark
        note(request, None, effect=True)
        at = {"markDeletedAt": instant(mark.at) if mark else None, "markDeletedBy": mark.by if mark else None}
        return web.json_response({"id": user_id, "markDeleted": mark is not None, **at})

    async def delete(self, request: web.Request) -> web.Response:
        """Delete User Now API; that the body is empty is inferred."""
        self._cloud.delete(self._about(request, DELETE))
        note(request, None, effect=True)
        return web.Response(content_type="application/json")

    async def devices(self, request: web.Request) -> web.Response:
        """Authenticator Details API: browsers are in by default in version 1 and out in version 2."""
        user_id = self._about(request, DEVICES)
        default = "false" if "/v2/" in request.path else "true"
        browsers = request.query.get("includeBrowsers", default).lower() == "true"
        owned = self._cloud.get(user_id).devices
        return web.json_response([device_details(one) for one in owned if browsers or not one.browser])

    async def delete_device(self, request: web.Request) -> web.Response:
        user_id = self._about(request, DEVICES_MANAGE)
        self._cloud.delete_device(user_id, request.match_info["device"])
        note(request, None, effect=True)
        return web.Response(content_type="application/json")

    async def synchronize(self, request: web.Request) -> web.Response:
        user_id = self._about(request, MANAGE)
        if await request.read():
            raise refusal(400, "The body must be empty.")
        user = self._cloud.synchronize(user_id, self._now)
        note(request, None, effect=True)
        return web.json_response(details(user))

    # --- who calls, and about whom ------------------------------------------------------------------------------

    def _about(self, request: web.Request, scope: str) -> str:
        """Admit the caller and return the id in the path."""
        note(request, request.match_info["id"])
        self._admit(request, scope)
        return request.match_info["id"]

    def _admit(self, request: web.Request, scope: str) -> None:
        if scope not in self._grant(request).scopes:
            raise refusal(403, "Not authorized to perform the request.")

    def _grant(self, request: web.Request) -> Grant:
        """Return what the caller's bearer is worth; a bearer of either kind will do."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        state, now = self._tenant.state, self._now
        found = state.oauth.grant(token, now) or state.key.grant(token, self._tenant.admin_url, now)
        if scheme != "Bearer" or found is None:
            raise bad_token(request.path, now)
        return found

    def _sought(self, like: str, found: list[User]) -> str | None:
        """Return whom a search was about: the one user with that address, everybody, or a user who is gone."""
        exact = [user.id for user in found if user.email.lower() == like.lower()]
        if found:
            return exact[0] if len(exact) == 1 else EVERYONE
        return self._cloud.formerly(like)

    @property
    def _cloud(self) -> Cloud:
        return self._tenant.state.cloud

    @property
    def _now(self) -> float:
        return self._tenant.clock.now()


def _parsed(text: str) -> dict[str, object]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise refusal(400, "The request body is not a JSON object.")
    return body


def _only(body: dict[str, object], name: str) -> object:
    """Return the value of the one property that the body may have."""
    if len(body) != 1:
        raise refusal(400, ONE_PROPERTY)
    if name not in body:
        raise refusal(400, f"{name} is required.")
    return body[name]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1
