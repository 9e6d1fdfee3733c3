"""Where a LivePerson account lives, and a bearer token to use there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.errors import CredentialsRejected, Forbidden, Misconfigured, RateLimited, UnexpectedAnswer
from providers.http import Answer, Door, failure, retry_after
from providers.liveperson.settings import Settings

_USERS = "accountConfigReadWrite"
"""Reads come from here too: a read-only host that lags would show what was."""
_TOKENS = "sentinel"
_PLACE = re.compile(r"^(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?::[0-9]{1,5})?$")
_OK = 200
_BAD_CLIENT = frozenset({400, 401})
_UNKNOWN = frozenset({400, 401, 404})
_UNAUTHORIZED = 401
_TOO_MANY = 429
_BLOCKED = 451
_PAUSE_AFTER_LOG_INS = 5.0
_SPARE = 60.0


class Session:
    """Calls to the Users API. Finds the hosts and logs on with the first call; a token that ends is renewed once.

    `clock` is in seconds and never goes back.
    """

    def __init__(self, settings: Settings, door: Door, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._door = door
        self._clock = clock
        self._places: dict[str, str] = {}
        self._bearer = ""
        self._ends = 0.0

    async def list(self) -> Answer:
        """Read all users with all fields. `If-Match` is never sent with a read: it would be answered with 304."""
        return await self._call("GET", f"?v={self._settings.api_version}&select=%24all", {})

    async def get(self, user_id: str) -> Answer:
        """Read one user with all fields."""
        return await self._call("GET", f"{_of(user_id)}?v={self._settings.api_version}&select=%24all", {})

    async def delete(self, user_id: str, revision: str) -> Answer:
        """Send the deletion of one user; a second time only where a new token was asked for (401)."""
        return await self._call("DELETE", f"{_of(user_id)}?v={self._settings.api_version}", {"If-Match": revision})

    async def _call(self, method: str, tail: str, headers: dict[str, str]) -> Answer:
        answer = await self._attempt(method, tail, headers)
        if answer.status == _UNAUTHORIZED:
            self._bearer = ""
            answer = await self._attempt(method, tail, headers)
        return answer

    async def _attempt(self, method: str, tail: str, headers: dict[str, str]) -> Answer:
        place = await self._place(_USERS)
        url = f"{place}/api/account/{self._settings.account}/configuration/le-users/users{tail}"
        exchange = self._door.read if method == "GET" else self._door.send
        return await exchange(method, url, headers={"Authorization": f"Bearer {await self._token()}", **headers})

    async def _place(self, service: str) -> str:
        if service not in self._places:
            path = f"/api/account/{self._settings.account}/service/{service}/baseURI.json?version=1.0"
            answer = await self._door.read("GET", self._settings.domain_api + path)
            if answer.status in _UNKNOWN:
                raise Misconfigured(f"LivePerson's Domain API does not know the account ({answer.status})")
            if answer.status != _OK:
                raise failure(answer, sending=False)
            self._places[service] = self._checked(answer.json())
        return self._places[service]

    def _checked(self, content: object) -> str:
        base = content.get("baseURI") if isinstance(content, dict) else None
        found = _PLACE.match(base) if isinstance(base, str) else None
        if found is None:
            raise UnexpectedAnswer("LivePerson's Domain API did not name a bare host")
        if not self._settings.trusts(found["host"]):
            raise Misconfigured("LivePerson's Domain API named a host outside `hosts`; no credential was sent there")
        # A Domain API on plain http can only be a loopback one, and so are its neighbours.
        is_near = found["host"] in {"127.0.0.1", "localhost"}
        scheme = urlsplit(self._settings.domain_api).scheme if is_near else "https"
        return f"{scheme}://{base}"

    async def _token(self) -> str:
        if not self._bearer or self._clock() >= self._ends:
            asked = self._clock()
            self._bearer, lifetime = _grant(await self._log_on())
            self._ends = asked + max(lifetime - _SPARE, lifetime / 2)
        return self._bearer

    async def _log_on(self) -> Answer:
        place = await self._place(_TOKENS)
        form = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret.get_secret_value(),
            "grant_type": "client_credentials",
        }
        return await self._door.read(
            "POST",
            f"{place}/sentinel/api/v2/account/{self._settings.account}/app/token",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(form).encode(),
            delay=_delay,
        )


def _of(user_id: str) -> str:
    # An empty id would turn the deletion of one user into the batch call on the same path.
    if not re.fullmatch(r"[1-9][0-9]*", user_id):
        raise Misconfigured("the id of a user is not a number; nothing was sent")
    return f"/{user_id}"


def _delay(answer: Answer) -> float | None:
    pause = retry_after(answer)
    return max(pause or 0.0, _PAUSE_AFTER_LOG_INS) if answer.status == _TOO_MANY else pause


def _grant(answer: Answer) -> tuple[str, float]:
    """Return token and lifetime in seconds (*OAuth 2.0 Client Credentials*)."""
    if answer.status in _BAD_CLIENT:
        raise CredentialsRejected(f"LivePerson does not accept client_id and client_secret ({answer.status})")
    if answer.status == _BLOCKED:
        raise Forbidden("LivePerson has blocked this account or application (451)")
    if answer.status == _TOO_MANY:
        raise RateLimited("LivePerson asks for fewer log-ons", max(retry_after(answer) or 0.0, _PAUSE_AFTER_LOG_INS))
    if answer.status != _OK:
        raise failure(answer, sending=False)
    content: Any = answer.json()
    token = content.get("access_token") if isinstance(content, dict) else None
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise UnexpectedAnswer("LivePerson's token server gave no token")
    lifetime = content.get("expires_in")
    return token, float(lifetime) if isinstance(lifetime, int | float) and lifetime > 0 else _SPARE
