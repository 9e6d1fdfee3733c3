"""The simulator of one tenant of RSA's Cloud Access Service: its token endpoint and its Administration API."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Simulator
from sandbox.systems.journal import note
from sandbox.systems.pace import Pace
from sandbox.systems.rsa_cas.api import BASE, AdminApi
from sandbox.systems.rsa_cas.people import fill, handle, owned
from sandbox.systems.rsa_cas.refusal import refusal
from sandbox.systems.rsa_cas.state import RsaState
from sandbox.systems.rsa_cas.users import Status, User

CALLS, CALLS_SECONDS = 40, 1.0
"""RSA publishes no numbers; these are ours, far above what one careful client needs."""

Way = Literal["oauth", "key"]


class RsaCas(Simulator):
    """`way` is the kind of token that `settings` describes; both are always accepted.

    `url_ends_in_v1` makes `adminRestApiUrl` end as one of the vendor's articles shows it.
    """

    kind: ClassVar[str] = "rsa_cas"
    state: RsaState

    def __init__(self, *, clock: MovableClock | None = None, limits: bool = True, delay: float = 0.0) -> None:
        super().__init__(clock=clock, limits=limits, delay=delay)
        self.state = RsaState()
        self.way: Way = "oauth"
        self.url_ends_in_v1 = False
        self._pace = Pace(CALLS, CALLS_SECONDS)
        self.gate = self._before_each_call

    @property
    def admin_url(self) -> str:
        return f"{self.url}{BASE}{'/v1' if self.url_ends_in_v1 else ''}"

    @property
    def issuer(self) -> str:
        return f"{self.url}/oauth"

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.post("/oauth/token", self._token)
        yield from AdminApi(self).routes()

    def missing(self, request: web.Request, status: int) -> web.Response:
        """An unknown path gets the web server's page; only known paths answer in the API's shape."""
        if status == web.HTTPNotFound.status_code:
            return web.Response(status=status, text="<html><body>Not Found</body></html>", content_type="text/html")
        return refusal(status, f"{request.method} is not allowed.").response

    def seed(self) -> None:
        fill(self.state.cloud, self.clock.now())
        self.owned = owned()

    def settings(self) -> dict[str, object]:
        entry = {"provider": self.kind, "url": self.admin_url, "ca_file": self.ca_file}
        if self.way == "key":
            key = self.state.key
            return {**entry, "access_id": key.access_id, "access_key": key.private_key}
        client = self.state.oauth
        return {**entry, "issuer": self.issuer, "client_id": client.client_id, "private_key": client.private_key}

    def standing(self) -> frozenset[str]:
        """The users who may log on: enabled, and not pending deletion."""
        return frozenset(handle(user.email, user.source) for user in self.state.cloud.users.values() if _works(user))

    def synchronize(self) -> None:
        """Run the directories' synchronisation, which adds everybody again who is still in a directory."""
        self.state.cloud.synchronize_all(self.clock.now())

    async def _token(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        form = await request.post() if request.content_type.endswith("urlencoded") else {}
        endpoint = f"{self.issuer}/token"
        status, body = self.state.oauth.token(request.content_type, form, endpoint, self.clock.now())
        return web.json_response(body, status=status)

    def _before_each_call(self, _: web.Request) -> None:
        self.state.cloud.purge(self.clock.now())
        if self.limits and not self._pace.admits(self.clock.now()):
            raise refusal(429, "Too many requests.")


def _works(user: User) -> bool:
    return user.status is Status.ENABLED and user.mark is None
