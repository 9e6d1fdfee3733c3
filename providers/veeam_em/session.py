"""One log-on to an Enterprise Manager ("HTTP Authentication")."""

from __future__ import annotations

import asyncio
import base64
import logging
from dataclasses import dataclass
from http import HTTPStatus

from bot.errors import Conflict, CredentialsRejected, ProviderError, UnexpectedAnswer
from providers.http import Answer, Door, failure
from providers.veeam_em import shapes
from providers.veeam_em.settings import Settings

log = logging.getLogger(__name__)

_SESSION = "X-RestSvcSessionId"
_ACCEPT = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class LoggedOn:
    """A session. `token` travels in the header and is opaque; `id` stands in the log-out's path; `user` is us."""

    token: str
    id: str
    user: str


class Session:
    """Logs on at the first call, and once more where the server has forgotten us (15 idle minutes).

    Every call has one exact `Accept`: a list that merely holds JSON makes some servers read XML as JSON.
    A log-on that is rejected is final for this session: trying again may lock the user out.
    """

    def __init__(self, settings: Settings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._on: LoggedOn | None = None
        self._rejected: CredentialsRejected | None = None
        self._lost = {"read": 0, "delete": 0}
        self._turn = asyncio.Lock()

    async def user(self) -> str:
        """Return the name that the server knows us by."""
        return (await self._logged_on()).user

    async def read(self, path: str) -> Answer:
        """Ask for a document; a session that has ended is opened again once."""
        on = await self._logged_on()
        answer = await self._door.read("GET", self._settings.api + path, headers=_headers(on))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            await self._forget(on, "read")
            again = await self._logged_on()
            answer = await self._door.read("GET", self._settings.api + path, headers=_headers(again))
        if answer.status != HTTPStatus.UNAUTHORIZED:
            self._lost["read"] = 0
        return answer

    async def delete(self, path: str) -> Answer:
        """Send one DELETE. Raises `Conflict` where the session had ended: not done, to be read anew first."""
        on = await self._logged_on()
        answer = await self._door.send("DELETE", self._settings.api + path, headers=_headers(on))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            await self._forget(on, "delete")
            raise Conflict("the session with Enterprise Manager had ended before the request was carried out")
        self._lost["delete"] = 0
        return answer

    async def aclose(self) -> None:
        """Log out. A log-out that does not work is logged: the server ends the session by itself."""
        on, self._on = self._on, None
        if on is None or not on.id:
            return
        try:
            url = f"{self._settings.api}/logonSessions/{on.id}"
            answer = await self._door.send("DELETE", url, headers=_headers(on))
            if answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.OK}:
                log.warning("logging out of Enterprise Manager was answered with %s", answer.status)
        except ProviderError as error:
            log.warning("logging out of Enterprise Manager did not work: %s", error)

    async def _logged_on(self) -> LoggedOn:
        async with self._turn:
            if self._rejected is not None:
                raise self._rejected
            if self._on is None:
                self._on = await self._log_on()
            return self._on

    async def _forget(self, on: LoggedOn, act: str) -> None:
        """Drop a session that the server no longer knows; two such losses at one act are no lapse of time."""
        async with self._turn:
            self._lost[act] += 1
            if self._lost[act] > 1:
                self._rejected = CredentialsRejected("Enterprise Manager takes our log-on and then denies it (401)")
                raise self._rejected
            if self._on is on:
                self._on = None

    async def _log_on(self) -> LoggedOn:
        secret = f"{self._settings.username}:{self._settings.password.get_secret_value()}"
        basic = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
        answer = await self._door.read("POST", f"{self._settings.api}/sessionMngr/?v=latest", headers=basic | _ACCEPT)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._rejected = CredentialsRejected("Enterprise Manager does not accept our user name and password (401)")
            raise self._rejected
        if answer.status not in {HTTPStatus.CREATED, HTTPStatus.OK}:
            raise failure(answer, sending=False)
        user, session = shapes.log_on(answer)
        token = answer.headers.get(_SESSION, "").strip()
        if not token:
            raise UnexpectedAnswer("the log-on was answered without a session")
        return LoggedOn(token, session, user)


def _headers(on: LoggedOn) -> dict[str, str]:
    return {_SESSION: on.token, **_ACCEPT}
