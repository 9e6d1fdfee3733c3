"""Enterprise Manager's REST paths."""

import base64
import binascii
import re
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import ClassVar, Final

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Refusal, Simulator
from sandbox.systems.journal import EVERYONE, note
from sandbox.systems.veeam_em import shapes
from sandbox.systems.veeam_em.seed import PASSWORD, SERVICE, fill
from sandbox.systems.veeam_em.state import ROLES, EmAccount, EmState, Session, Task

ROOT: Final = "https://em-internal.acme.test:9398/api"
"""The server's own idea of its address stands in links; it is not the one that clients use."""

HEADER: Final = "X-RestSvcSessionId"
_MISSING: Final = {404: "The resource does not exist.", 405: "The method is not allowed here."}
_VERSIONS: Final = {"latest", "v1_5", "v1_6", "v1_7"}
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class VeeamEm(Simulator):
    """Answers as "Enterprise Manager REST API" tells; accounts have neither filter nor paging there.

    `state.switches` chooses where the vendor is silent.
    """

    kind: ClassVar[str] = "veeam_em"
    state: EmState

    def __init__(self, *, clock: MovableClock | None = None, limits: bool = True, delay: float = 0.0) -> None:
        super().__init__(clock=clock, limits=limits, delay=delay)
        self.state = EmState()

    def seed(self) -> None:
        self.owned = fill(self.state)

    def settings(self) -> dict[str, object]:
        return self.entry(username=SERVICE, password=PASSWORD, domains={"acme.test": ["ACME"]})

    def standing(self) -> frozenset[str]:
        """Names; what is not a Windows user bears its type too."""
        return frozenset(_handle(account) for account in self.state.accounts.values())

    def routes(self) -> Iterable[web.RouteDef]:
        account = "/api/security/accounts/{id}"
        return [
            web.get("/api", self._hub),
            web.get("/api/", self._hub),
            web.post("/api/sessionMngr/", self._log_on),
            web.post("/api/sessionMngr", self._log_on),
            web.get("/api/logonSessions", self._sessions),
            web.delete("/api/logonSessions/{session}", self._log_out),
            web.get("/api/security", self._security),
            web.get("/api/security/roles", self._all_roles),
            web.get("/api/security/accounts", self._list),
            web.get(account, self._one),
            web.post(account, self._toggle),
            web.delete(account, self._delete),
            web.get(f"{account}/roles", self._roles),
            web.delete(f"{account}/roles/{{role}}", self._drop_role),
            web.get(f"{account}/scopes", self._scopes),
            web.get("/api/tasks/{task}", self._task),
        ]

    def missing(self, request: web.Request, status: int) -> web.Response:
        return shapes.error(request, status, _MISSING.get(status, "The request is not allowed."))

    async def _hub(self, request: web.Request) -> web.Response:
        return shapes.document(request, shapes.hub(ROOT))

    async def _log_on(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        if request.query.get("v", "latest") not in _VERSIONS or await request.read():
            raise Refusal(shapes.error(request, 400, "The request is not understood."))
        user = self._basic(request)
        session = self.state.open_session(user, self.clock.now())
        response = shapes.document(request, shapes.logon(ROOT, session), 201)
        response.headers[HEADER] = session.token
        response.headers["Set-Cookie"] = f"{HEADER}={session.token}; Path=/api;"
        return response

    def _basic(self, request: web.Request) -> str:
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user = password = ""
        right = scheme == "Basic" and self.state.passwords.get(user.lower()) == password
        if not right or not self.state.roles_of(user):
            raise self._unauthorized(request)
        return user

    def _unauthorized(self, request: web.Request) -> Refusal:
        response = shapes.error(request, 401, "Unauthorized")
        response.headers["WWW-Authenticate"] = "Basic Realm=RestSvc"
        return Refusal(response)

    def _session(self, request: web.Request) -> Session:
        """The cookie wins over the header ("HTTP Authentication")."""
        token = request.cookies.get(HEADER) or request.headers.get(HEADER) or ""
        session = self.state.session(token, self.clock.now())
        if session is None:
            raise self._unauthorized(request)
        return session

    async def _sessions(self, request: web.Request) -> web.Response:
        self._session(request)
        return shapes.document(request, shapes.logons(ROOT, self.state.sessions.values()))

    async def _log_out(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        self._session(request)
        wanted = request.match_info["session"].lower()
        found = next((one for one in self.state.sessions.values() if one.id == wanted), None)
        if found is None:
            raise Refusal(self.missing(request, 404))
        del self.state.sessions[found.token]
        return web.Response(status=204)

    def _administrator(self, request: web.Request) -> Session:
        """Only a Portal Administrator may use /security ("Security Roles")."""
        session = self._session(request)
        if not self.state.is_administrator(session.user):
            raise Refusal(shapes.error(request, 403, "Access is denied."))
        return session

    def _account(self, request: web.Request) -> EmAccount:
        wanted = request.match_info["id"].lower()
        if not _GUID.fullmatch(wanted):
            raise Refusal(shapes.error(request, self.state.switches.malformed_id, "The identifier is not valid."))
        note(request, wanted)
        account = self.state.accounts.get(wanted)
        if account is None:
            raise Refusal(self.missing(request, 404))
        return account

    async def _security(self, request: web.Request) -> web.Response:
        self._administrator(request)
        return shapes.document(request, shapes.security_hub(ROOT))

    async def _all_roles(self, request: web.Request) -> web.Response:
        self._administrator(request)
        return shapes.document(request, shapes.all_roles(ROOT))

    async def _list(self, request: web.Request) -> web.Response:
        """References, whatever the query asks: no parameter is documented here."""
        self._administrator(request)
        note(request, EVERYONE)
        return shapes.document(request, shapes.references(ROOT, self.state.accounts.values()))

    async def _one(self, request: web.Request) -> web.Response:
        self._administrator(request)
        account = self._account(request)
        whole = request.query.get("format") == "Entity" or self.state.switches.bare_is_entity
        return shapes.document(request, shapes.entity(ROOT, account) if whole else shapes.reference(ROOT, account))

    async def _roles(self, request: web.Request) -> web.Response:
        self._administrator(request)
        return shapes.document(request, shapes.role_list(ROOT, self._account(request)))

    async def _scopes(self, request: web.Request) -> web.Response:
        self._administrator(request)
        return shapes.document(request, shapes.scopes(ROOT, self._account(request)))

    async def _task(self, request: web.Request) -> web.Response:
        self._session(request)
        task = self.state.tasks.get(request.match_info["task"])
        if task is None:
            raise Refusal(self.missing(request, 404))
        note(request, task.account)
        task.looked += 1
        return shapes.document(request, shapes.task(ROOT, task))

    async def _toggle(self, request: web.Request) -> web.Response:
        """POST on an account turns its "restore all VMs" flag over: a wrong verb does real damage."""
        self._administrator(request)
        account = self._account(request)
        account.restore_all = not account.restore_all
        note(request, account.id, effect=True)
        return web.Response(status=204)

    async def _drop_role(self, request: web.Request) -> web.Response:
        self._administrator(request)
        account = self._account(request)
        name = {id_: name for name, id_ in ROLES.items()}.get(request.match_info["role"].lower())
        if name not in account.roles:
            raise Refusal(self.missing(request, 404))
        if len(account.roles) == 1:
            raise Refusal(shapes.error(request, 400, "The last role of an account cannot be removed."))
        account.roles.remove(name)
        note(request, account.id, effect=True)
        return web.Response(status=204)

    async def _delete(self, request: web.Request) -> web.Response:
        session = self._administrator(request)
        account = self._account(request)
        self._guard(request, account, session)
        del self.state.accounts[account.id]
        note(request, account.id, effect=True)
        return self._deleted(request, account)

    def _guard(self, request: web.Request, account: EmAccount, session: Session) -> None:
        switches = self.state.switches
        own = account.name.lower() == session.user.lower()
        status = switches.own_account if own else 0
        if self.state.is_last_administrator(account):
            status = status or switches.last_administrator
        if status:
            raise Refusal(shapes.error(request, status, "This account cannot be removed."))

    def _deleted(self, request: web.Request, account: EmAccount) -> web.Response:
        """204 without a body as documented; 200 and 202 (with a task) only where the switch says so."""
        status = self.state.switches.delete_status
        if status == HTTPStatus.ACCEPTED:
            task = Task(f"task-{uuid.uuid4().int % 10000}", account.id)
            self.state.tasks[task.id] = task
            return shapes.document(request, shapes.task(ROOT, task), 202)
        return web.Response(status=status)


def _handle(account: EmAccount) -> str:
    return account.name if account.type == "User" else f"{account.name} [{account.type}]"
