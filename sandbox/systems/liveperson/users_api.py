"""`le-users/users`: list, read, replace, delete one, delete many (Users API, Methods)."""

import json
from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.journal import EVERYONE, note
from sandbox.systems.liveperson.access import admit
from sandbox.systems.liveperson.answers import refusal
from sandbox.systems.liveperson.entity import DEFAULT_VERSION, FOUR_FIELDS, VERSIONS, shown
from sandbox.systems.liveperson.state import LpState, Switches
from sandbox.systems.liveperson.users import Entity, Users

ROOT = "/api/account/{account}/configuration/le-users/users"
REQUIRED = ("loginName", "email", "nickname", "fullName", "profileIds")
"""What a user must have (Users API, Appendix)."""


class Account(Protocol):
    """The simulator, as these handlers need it."""

    state: LpState
    clock: MovableClock


class UsersApi:
    """The handlers. The read-only host shows users as they were `lag` seconds ago and changes nothing."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def routes(self) -> Iterable[web.RouteDef]:
        """The id may be empty: then the call is one about the whole collection, as it is at the vendor's."""
        for path in (ROOT, f"{ROOT}/"):
            yield web.get(path, self.list)
            yield web.delete(path, self.delete_many)
            yield web.post(path, self.overridden_many)
        yield web.get(f"{ROOT}/{{id}}", self.read)
        yield web.put(f"{ROOT}/{{id}}", self.replace)
        yield web.delete(f"{ROOT}/{{id}}", self.delete)
        yield web.post(f"{ROOT}/{{id}}", self.overridden)

    async def list(self, request: web.Request) -> web.Response:
        note(request, EVERYONE)
        users, version = self._open(request)
        if self._unchanged(request, users):
            return self._answer(users, None, 304)
        tombstones = request.query.get("include_deleted", "false").lower() == "true"
        default = None if self._switches.list_shows_all else ",".join(FOUR_FIELDS)
        select = request.query.get("select", default)
        listed = users.rows.values() if tombstones else users.living()
        return self._answer(users, [self._shown(one, version, select) for one in listed])

    async def read(self, request: web.Request) -> web.Response:
        note(request, request.match_info["id"])
        users, version = self._open(request)
        found = self._found(request, users)
        if self._unchanged(request, users):
            return self._answer(users, None, 304)
        return self._answer(users, self._shown(found, version, request.query.get("select")))

    async def replace(self, request: web.Request) -> web.Response:
        note(request, request.match_info["id"])
        users, version = self._open(request, writing=True)
        found = self._found(request, users, living=True)
        body = self._body(await request.text())
        if not isinstance(body, dict):
            raise self._refused(400, "a user object is needed")
        self._check_replacement(body, found)
        self._check_revision(request, users)
        replaced = users.replace(int(str(found["id"])), body, self._now)
        note(request, None, effect=True)
        return self._answer(users, self._shown(replaced, version, None))

    async def delete(self, request: web.Request) -> web.Response:
        note(request, request.match_info["id"])
        users, version = self._open(request, writing=True)
        found = self._found(request, users, living=True)
        self._check_revision(request, users)
        user_id = int(str(found["id"]))
        users.delete([user_id], self._now)
        note(request, None, effect=True)
        return self._answer(users, self._shown(users.rows[user_id], version, None))

    async def delete_many(self, request: web.Request) -> web.Response:
        """Delete every listed user for good: the neighbour that a client must never call."""
        note(request, EVERYONE)
        users, version = self._open(request, writing=True)
        body = self._body(await request.text())
        if not isinstance(body, list) or not body:
            raise self._refused(400, "an array of ids is needed")
        ids = [int(str(one)) for one in body if str(one).isdigit()]
        if len(ids) != len(body) or any(users.alive(one) is None for one in ids):
            raise self._refused(404, "not every id is a user")
        self._check_revision(request, users)
        users.delete(ids, self._now)
        note(request, None, effect=True)
        return self._answer(users, [self._shown(users.rows[one], version, None) for one in ids])

    async def overridden(self, request: web.Request) -> web.Response:
        """A POST that stands for a PUT (X-HTTP-Method-Override); the id is in the path."""
        if request.headers.get("X-HTTP-Method-Override") != "PUT":
            raise self._refused(405, "method not allowed")
        return await self.replace(request)

    async def overridden_many(self, request: web.Request) -> web.Response:
        """A POST that stands for the batch DELETE."""
        if request.headers.get("X-HTTP-Method-Override") != "DELETE":
            raise self._refused(405, "method not allowed")
        return await self.delete_many(request)

    # --- what every call goes through -------------------------------------------------------------------------

    def _open(self, request: web.Request, *, writing: bool = False) -> tuple[Users, str]:
        """Admit the call; return the users as its host shows them, and the version asked for."""
        admit(request, self._state, self._now)
        version = request.query.get("v", DEFAULT_VERSION)
        if version not in VERSIONS:
            raise self._refused(400, "unknown version")
        if not is_read_only(request):
            return self._state.users, version
        if writing:
            raise self._refused(405, "this host only reads")
        return self._state.users.seen_late(self._now), version

    def _found(self, request: web.Request, users: Users, *, living: bool = False) -> Entity:
        text = request.match_info["id"]
        found = users.rows.get(int(text)) if text.isascii() and text.isdigit() else None
        hidden = living or not self._switches.tombstone_is_shown
        if found is None or (found["deleted"] and hidden):
            raise self._refused(404, "no such user")
        return found

    def _unchanged(self, request: web.Request, users: Users) -> bool:
        """Say whether a read is answered with 304: nothing changed since the revision that it names."""
        known = self._named_revision(request)
        return known is not None and known >= users.revision

    def _check_revision(self, request: web.Request, users: Users) -> None:
        known = self._named_revision(request)
        if known is not None and known != users.revision:
            raise self._refused(self._switches.stale_status, "the revision is not the latest")

    def _named_revision(self, request: web.Request) -> int | None:
        """Return the revision in If-Match; None where none is named or the check is waived with -1."""
        text = request.headers.get("If-Match", "-1")
        if text == "-1":
            return None
        if not text.isdigit():
            raise self._refused(400, "If-Match must be a revision")
        return int(text)

    def _check_replacement(self, body: Entity, found: Entity) -> None:
        if str(body.get("id", "")) != str(found["id"]):
            raise self._refused(400, "the body must carry the user's id")
        if any(body.get(name) is None for name in REQUIRED):
            raise self._refused(400, "a required field is missing")
        if self._state.users.login_taken(body["loginName"], int(str(found["id"]))):
            raise self._refused(400, "loginName is taken")

    def _body(self, text: str) -> object:
        try:
            parsed: object = json.loads(text)
        except ValueError:
            raise self._refused(400, "the body is not JSON") from None
        return parsed

    def _shown(self, entity: Entity, version: str, select: str | None) -> Entity:
        return shown(entity, version=version, select=select, quoted=self._switches.quoted)

    def _answer(self, users: Users, body: object, status: int = 200) -> web.Response:
        text = None if body is None else json.dumps(body)
        headers = {"ac-revision": str(users.revision)}
        return web.Response(status=status, text=text, headers=headers, content_type="application/json")

    def _refused(self, status: int, message: str) -> Exception:
        return refusal(status, message, self._now)

    @property
    def _state(self) -> LpState:
        return self._account.state

    @property
    def _switches(self) -> Switches:
        return self._account.state.switches

    @property
    def _now(self) -> float:
        return self._account.clock.now()


def is_read_only(request: web.Request) -> bool:
    """Say whether the call came to the host of `accountConfigReadOnly`."""
    return request.host.startswith("localhost")
