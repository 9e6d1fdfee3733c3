"""The console's REST paths, as far as users and their identities go."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar, Final, cast

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Handler, Refusal, Simulator
from sandbox.systems.journal import note
from sandbox.systems.vspc import changes, reads
from sandbox.systems.vspc.access import Caller, TokenDesk, caller
from sandbox.systems.vspc.answers import refuse, write
from sandbox.systems.vspc.removals import settle
from sandbox.systems.vspc.seed import API_KEY, fill
from sandbox.systems.vspc.state import Replay, VspcState

Served = Callable[["Vspc", web.Request, Caller], Awaitable[web.Response]]

ROOT: Final = "/api/v3"
REPLAYED: Final = 300.0
"""Seconds for which the same X-Request-id gets the same answer (reference 9.1)."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Vspc(Simulator):
    """Answers as the "Veeam Service Provider Console REST API" tells; `state.switches` chooses where it is silent."""

    kind: ClassVar[str] = "vspc"
    state: VspcState

    def __init__(self, *, clock: MovableClock | None = None, limits: bool = True, delay: float = 0.0) -> None:
        super().__init__(clock=clock, limits=limits, delay=delay)
        self.state = VspcState()
        self.gate = self._enter
        self._minute = (0, 0)
        self._running = 0

    def seed(self) -> None:
        self.owned = fill(self.state)

    def settings(self) -> dict[str, object]:
        """An entry that uses the API key, and knows the company prefix of log-in names."""
        return self.entry(api_key=API_KEY, logins=["acme"])

    def standing(self) -> frozenset[str]:
        """Users by name, their identities as `name#id`, local rules as `rule name`; only what is enabled."""
        users = self.state.users
        names = [user.name for user in users.values() if user.status == "Enabled"]
        logins = [login for login in self.state.logins.values() if login.status == "enabled"]
        ways = [f"{users[one.user].name if one.user in users else '?'}#{one.id}" for one in logins]
        return frozenset([*names, *ways, *(f"rule {rule.name}" for rule in self.state.rules.values())])

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.post(f"{ROOT}/token", self._token)
        for method, path, served in _ROUTES:
            yield web.route(method, ROOT + path, self._serving(served))

    def missing(self, request: web.Request, status: int) -> web.Response:
        no = refuse(status, f"{request.method} is not available for this resource.")
        return no.response

    async def _token(self, request: web.Request) -> web.Response:
        note(request, None, kind="auth")
        form = {name: str(value) for name, value in (await request.post()).items()}
        return TokenDesk(self.state, self.clock.now()).grant(form)

    def _enter(self, _: web.Request) -> None:
        now = self.clock.now()
        settle(self.state, now)
        if self.limits and self._overdone(now):
            wait = 60 - int(now) % 60
            raise Refusal(write({"errors": [{"type": "transport", "code": 429, "retryAfter": wait}]}, 429))

    def _overdone(self, now: float) -> bool:
        minute, count = self._minute
        this = int(now) // 60
        self._minute = (this, count + 1 if this == minute else 1)
        return self._minute[1] > self.state.switches.max_per_minute

    def _serving(self, served: Served) -> Handler:
        """Authenticate, answer a repeated request id from memory, else serve and remember."""

        async def serve(request: web.Request) -> web.Response:
            _check_path(request)
            who = caller(request, self.state, self.clock.now())
            key = (request.headers.get("X-Request-id", "").lower(), who.user.uid)
            replay = self.state.replays.get(key)
            if replay is not None and replay.until > self.clock.now():
                return web.Response(status=replay.status, body=replay.body, headers=replay.headers)
            response = await self._one_of_few(served, request, who)
            if key[0]:
                self._remember(key, response)
            return response

        return serve

    async def _one_of_few(self, served: Served, request: web.Request, who: Caller) -> web.Response:
        """The cap on parallel requests answers 429 without a time ("Throttling")."""
        if self.limits and self._running >= self.state.switches.max_parallel:
            return write({"errors": [{"type": "transport", "code": 429}]}, 429)
        self._running += 1
        try:
            if request.method != "GET" and who.read_only:
                raise refuse(403, "This token is for reading only.", type_="security")
            return await served(self, request, who)
        except Refusal as no:
            return no.response
        finally:
            self._running -= 1

    def _remember(self, key: tuple[str, str], response: web.Response) -> None:
        headers = {name: value for name, value in response.headers.items() if name in {"Content-Type", "Location"}}
        until = self.clock.now() + REPLAYED
        self.state.replays[key] = Replay(until, response.status, cast("bytes", response.body), headers)


def _check_path(request: web.Request) -> None:
    for name in ("user", "organization", "action"):
        value = request.match_info.get(name)
        if value is not None and not _UUID.fullmatch(value):
            raise refuse(400, f"The value '{value}' is not valid.", parameterName=f"{name}Uid")
    login = request.match_info.get("login", "0")
    if not login.isdecimal():
        raise refuse(400, f"The value '{login}' is not valid.", parameterName="userLoginId")
    note(request, request.match_info.get("user", "").lower() or None)


_ROUTES: Final[tuple[tuple[str, str, Served], ...]] = (
    ("GET", "/about", reads.about),
    ("GET", "/users", reads.users),
    ("GET", "/users/me", reads.me),
    ("GET", "/users/logins", reads.logins),
    ("GET", "/users/serviceProvider/localUserRule", reads.rules),
    ("GET", "/users/serviceProvider/localUserRule/{rule}", reads.rule),
    ("DELETE", "/users/serviceProvider/localUserRule/{rule}", changes.drop_rule),
    ("GET", "/organizations/{organization}/users", reads.organization_users),
    ("GET", "/organizations/{organization}/keys", reads.organization_keys),
    ("GET", "/asyncActions/config", reads.action_settings),
    ("GET", "/asyncActions/{action}", reads.action),
    ("GET", "/asyncActions/{action}/result", reads.action_result),
    ("DELETE", "/asyncActions/{action}/result", changes.drop_result),
    ("GET", "/users/{user}", reads.user),
    ("DELETE", "/users/{user}", changes.drop_user),
    ("DELETE", "/users/{user}/tokens", changes.revoke),
    ("GET", "/users/{user}/logins", reads.user_logins),
    ("POST", "/users/{user}/logins/apikey", changes.add_key),
    ("GET", "/users/{user}/logins/{login}", reads.login),
    ("PATCH", "/users/{user}/logins/{login}", changes.patch_login),
    ("DELETE", "/users/{user}/logins/{login}", changes.drop_login),
)
