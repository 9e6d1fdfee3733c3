"""The simulator of one LivePerson account: Domain API, token server, Login Service and Users API on one host."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Refusal, Simulator
from sandbox.systems.journal import note
from sandbox.systems.liveperson.access import ACCOUNT
from sandbox.systems.liveperson.answers import envelope, refusal
from sandbox.systems.liveperson.people import SEATS, entity, owned
from sandbox.systems.liveperson.sessions import Sessions
from sandbox.systems.liveperson.state import LpState
from sandbox.systems.liveperson.users import truth
from sandbox.systems.liveperson.users_api import UsersApi
from sandbox.systems.pace import Pace

SERVICES = ("accountConfigReadOnly", "accountConfigReadWrite", "agentVep", "sentinel")
CALLS, CALLS_SECONDS = 40, 1.0
LOG_INS, LOG_INS_SECONDS = 20, 5.0
"""LivePerson publishes no numbers; these are ours, far above what one careful client needs."""

Way = Literal["oauth2", "oauth1", "login"]


class LivePerson(Simulator):
    """`way` is the log-on that `settings` describes; all three are always open."""

    kind: ClassVar[str] = "liveperson"
    state: LpState

    def __init__(self, *, clock: MovableClock | None = None, limits: bool = True, delay: float = 0.0) -> None:
        super().__init__(clock=clock, limits=limits, delay=delay)
        self.state = LpState()
        self.way: Way = "oauth2"
        self._calls = Pace(CALLS, CALLS_SECONDS)
        self._log_ins = Pace(LOG_INS, LOG_INS_SECONDS)
        self.gate = self._slow_down

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.get("/api/account/{account}/service/baseURI.json", self._all_domains)
        yield web.get("/api/account/{account}/service/{service}/baseURI.json", self._domain)
        yield web.post("/sentinel/api/v2/account/{account}/app/token", self._token)
        yield from Sessions(self).routes()
        yield from UsersApi(self).routes()

    def missing(self, request: web.Request, status: int) -> web.Response:
        return envelope(status, f"no such call: {request.method}", self.clock.now())

    def seed(self) -> None:
        for seat in SEATS:
            self.state.users.add(entity(seat))
        self.owned = owned()

    def settings(self) -> dict[str, object]:
        entry = {"provider": self.kind, "account": ACCOUNT, "domain_api": self.url, "hosts": ["127.0.0.1"]}
        return {**entry, "ca_file": self.ca_file, **self._credentials()}

    def standing(self) -> frozenset[str]:
        """The log-in names of all users, bots and system users that are there and enabled."""
        return frozenset(str(one["loginName"]) for one in self.state.users.living() if truth(one.get("isEnabled")))

    def _credentials(self) -> dict[str, object]:
        if self.way == "oauth2":
            app = self.state.sentinel.app
            return {"client_id": app.client_id, "client_secret": app.client_secret}
        if self.way == "login":
            return {"username": self.state.login.log_on.username, "password": self.state.login.log_on.password}
        key = self.state.signatures.key
        consumer = {"consumer_key": key.consumer_key, "consumer_secret": key.consumer_secret}
        return {**consumer, "access_token": key.access_token, "access_token_secret": key.access_token_secret}

    # --- Domain API ("Domain API": no credentials, bare hosts, case-sensitive names) ----------------------------

    async def _domain(self, request: web.Request) -> web.Response:
        self._check_domain_call(request)
        service = request.match_info["service"]
        if service not in SERVICES:
            raise refusal(404, "no such service", self.clock.now())
        return web.json_response(self._base_uri(request, service))

    async def _all_domains(self, request: web.Request) -> web.Response:
        self._check_domain_call(request)
        return web.json_response({"baseURIs": [self._base_uri(request, service) for service in SERVICES]})

    def _check_domain_call(self, request: web.Request) -> None:
        if request.match_info["account"] != ACCOUNT:
            raise refusal(401, "wrong account", self.clock.now())
        if request.query.get("version") != "1.0":
            raise refusal(400, "version is missing", self.clock.now())

    def _base_uri(self, request: web.Request, service: str) -> dict[str, str]:
        """The read-only service stands under another name of this host, so that its lag can be told apart."""
        port = request.url.port
        host = "localhost" if service == "accountConfigReadOnly" else "127.0.0.1"
        return {"service": service, "account": ACCOUNT, "baseURI": f"{host}:{port}"}

    # --- sentinel ------------------------------------------------------------------------------------------------

    async def _token(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        if request.match_info["account"] != ACCOUNT:
            return web.json_response({"error": "invalid_request"}, status=400)
        form = await request.post() if request.content_type.endswith("urlencoded") else {}
        status, body = self.state.sentinel.token(request.content_type, form, self.clock.now())
        return web.json_response(body, status=status)

    def _slow_down(self, request: web.Request) -> None:
        """Refuse what comes too fast ("Retry policy recommendations": 429, wait 1 s, after log-ins 5 s)."""
        pace = self._log_ins if request.path.endswith(("/login", "/app/token")) else self._calls
        if self.limits and not pace.admits(self.clock.now()):
            raise Refusal(envelope(429, "too many requests", self.clock.now()))
