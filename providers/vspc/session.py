"""Calls to one console, with an API key or with tokens for a user name and password."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from bot.errors import Conflict, CredentialsRejected
from providers.http import Answer, Door
from providers.settings import revealed
from providers.vspc import shapes
from providers.vspc.settings import Settings
from providers.vspc.tokens import Tokens

_KEY = "the console does not accept our API key (401)"
_DENIED = "the console gives us a token and then denies it (401)"


class Session:
    """Adds who we are to each call. Nothing is ended afterwards.

    An API key is not logged on. A user's tokens could only be revoked all together, those of other looks and other
    programs among them ("Revoke Authentication Token"), so they are left to run out.
    """

    def __init__(self, settings: Settings, door: Door) -> None:
        self._api = settings.api
        self._door = door
        self._key = revealed(settings.api_key)
        self._tokens = Tokens(settings, door)
        self._lost_a_write = False

    async def read(self, path: str) -> Answer:
        """Read one thing; every status but 401 is returned. A token that has ended is renewed once."""
        answer = await self._get(path)
        if answer.status == HTTPStatus.UNAUTHORIZED and not self._key:
            self._tokens.ended()
            answer = await self._get(path)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise self._rejected()
        return answer

    async def delete(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Send one DELETE; every status but 401 is returned.

        Raises `Conflict` where the token had ended: not carried out, to be read anew first.
        """
        answer = await self._door.send("DELETE", self._api + path, headers={**await self._headers(), **headers})
        if answer.status != HTTPStatus.UNAUTHORIZED:
            self._lost_a_write = False
            return answer
        if self._key or self._lost_a_write:
            raise self._rejected()
        self._lost_a_write = True
        self._tokens.ended()
        raise Conflict("the session with the console had ended before the request was carried out")

    async def _get(self, path: str) -> Answer:
        headers = await self._headers()
        return await self._door.read("GET", self._api + path, headers=headers, delay=shapes.asked_pause)

    async def _headers(self) -> dict[str, str]:
        bearer = self._key or await self._tokens.current()
        return {"Authorization": f"Bearer {bearer}", "Accept": "application/json", **shapes.VERSION}

    def _rejected(self) -> CredentialsRejected:
        return CredentialsRejected(_KEY) if self._key else self._tokens.reject(_DENIED)
