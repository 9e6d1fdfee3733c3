"""Calls to the Users API of one LivePerson account."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Protocol

from bot.errors import Conflict, CredentialsRejected, Misconfigured
from providers.http import Answer, Door, Intake
from providers.liveperson.log_on import LogOn
from providers.liveperson.oauth1 import SignedRequests
from providers.liveperson.oauth2 import ClientCredentials
from providers.liveperson.places import USERS, Places
from providers.liveperson.settings import Settings

_UNAUTHORIZED = 401


class Way(Protocol):
    """How each call shows who we are. `denial` says that this was not believed in the end."""

    @property
    def denial(self) -> str: ...

    async def ready(self) -> None:
        """Log on where that is needed. Raises `CredentialsRejected`, `Forbidden`, `RateLimited` and the like."""

    def header(self, method: str, url: str) -> str:
        """Return `Authorization` for one try of one call."""

    def turned_down(self) -> bool:
        """Note a 401; return whether another try can help."""

    def is_own(self, user_id: str, login: str) -> bool:
        """Whether this user is the one that we work as."""

    async def aclose(self) -> None:
        """Log out, where there is a log-on. Never raises."""


class Session:
    """Finds the hosts and logs on with the first call. What has ended is renewed once; what is rejected stays so."""

    def __init__(self, settings: Settings, door: Door, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._door = door
        self._places = Places(settings, door)
        self._way = _way(settings, door, self._places, clock)
        self._rejected: CredentialsRejected | None = None
        self._has_lapsed = False

    async def list(self, into: Intake) -> Answer:
        """Read all users with all fields. `If-Match` is never sent with a read: it would be answered with 304."""
        return await self._call("GET", f"?v={self._settings.api_version}&select=%24all", {}, into)

    async def get(self, user_id: str) -> Answer:
        """Read one user with all fields."""
        return await self._call("GET", f"{_of(user_id)}?v={self._settings.api_version}&select=%24all", {})

    async def delete(self, user_id: str, revision: str) -> Answer:
        """Send the deletion of one user, once.

        Raises `Conflict` where we were nobody to the server any more (401): not done, and the user is to be read anew.
        """
        return await self._call("DELETE", f"{_of(user_id)}?v={self._settings.api_version}", {"If-Match": revision})

    def is_own(self, user_id: str, login: str) -> bool:
        """Whether this user is the one that we work as, as far as that can be told."""
        return self._way.is_own(user_id, login)

    async def aclose(self) -> None:
        """Log out, where there is a log-on. Never raises."""
        await self._way.aclose()

    async def _call(self, method: str, tail: str, headers: dict[str, str], into: Intake | None = None) -> Answer:
        if self._rejected is not None:
            raise self._rejected
        try:
            return await self._believed(method, tail, headers, into)
        except CredentialsRejected as error:
            self._rejected = error
            raise

    async def _believed(self, method: str, tail: str, headers: dict[str, str], into: Intake | None) -> Answer:
        answer = await self._attempt(method, tail, headers, into)
        if answer.status == _UNAUTHORIZED and self._may_try_again(method):
            answer = await self._attempt(method, tail, headers, into)
        if answer.status == _UNAUTHORIZED:
            self._way.turned_down()
            raise CredentialsRejected(self._way.denial)
        self._has_lapsed = self._has_lapsed and method == "GET"
        return answer

    def _may_try_again(self, method: str) -> bool:
        """Whether a call that met a 401 is made again at once; a deletion never is."""
        can_help = self._way.turned_down()
        if can_help and method != "GET" and not self._has_lapsed:
            self._has_lapsed = True
            raise Conflict("our log-on to LivePerson had ended when the deletion came; it was not carried out")
        return can_help and method == "GET"

    async def _attempt(self, method: str, tail: str, headers: dict[str, str], into: Intake | None) -> Answer:
        place = await self._places.of(USERS)
        url = f"{place}/api/account/{self._settings.account}/configuration/le-users/users{tail}"
        await self._way.ready()

        def made() -> dict[str, str]:
            return {"Authorization": self._way.header(method, url), **headers}

        if method == "GET":
            return await self._door.read(method, url, headers=made, into=into)
        return await self._door.send(method, url, headers=made())


def _way(settings: Settings, door: Door, places: Places, clock: Callable[[], float]) -> Way:
    if settings.consumer_key is not None:
        return SignedRequests(settings)
    if settings.username is not None:
        return LogOn(settings, door, places)
    return ClientCredentials(settings, door, places, clock)


def _of(user_id: str) -> str:
    # An empty id would turn the deletion of one user into the batch call on the same path.
    if not re.fullmatch(r"[1-9][0-9]*", user_id):
        raise Misconfigured("the id of a user is not a number; nothing was sent")
    return f"/{user_id}"
