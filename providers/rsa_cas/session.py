"""Calls to RSA's Administration API with a token that is renewed once when it is turned down."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import AnswerLost, Conflict, CredentialsRejected, Forbidden, Misconfigured, ProviderError, Unavailable
from providers.http import Answer, Door, failure
from providers.rsa_cas.settings import Settings
from providers.rsa_cas.tokens import tokens

OK = 200
NOT_FOUND = 404
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_SPARE = 60.0
_REJECTED = "RSA does not accept our token; check the key, the url as written, and the clock"


class Session:
    """Adds the token to each call. `clock` gives seconds since 1970."""

    def __init__(self, settings: Settings, door: Door, clock: Callable[[], float] = time.time) -> None:
        self._api = settings.api
        self._door = door
        self._clock = clock
        self._tokens = tokens(settings, door, clock)
        self._bearer = ""
        self._ends = 0.0
        self._has_lapsed = False

    async def read(self, method: str, path: str, content: Mapping[str, object] | None = None) -> Answer:
        """Ask for something that changes nothing; every status but a bad token's is returned."""
        for _ in range(2):
            answer = await self._try(self._door.read, method, path, content)
            if not _is_bad_token(answer):
                return answer
            self._bearer = ""
        raise CredentialsRejected(_REJECTED)

    async def send(self, method: str, path: str, content: Mapping[str, object] | None = None) -> Answer:
        """Send something that changes something, once.

        Raises `Conflict` where the token was turned down: not done, and the user is to be read before the next try.
        """
        answer = await self._try(self._door.send, method, path, content)
        if not _is_bad_token(answer):
            self._has_lapsed = False
            return answer
        self._bearer = ""
        if self._has_lapsed:
            raise CredentialsRejected(_REJECTED)
        self._has_lapsed = True
        raise Conflict("RSA no longer took our token when the request came; it was not carried out")

    async def _try(
        self, exchange: Callable[..., Any], method: str, path: str, content: Mapping[str, object] | None
    ) -> Answer:
        body = None if content is None else json.dumps(content).encode()
        headers = {"Authorization": f"Bearer {await self._token()}", "Content-Type": "application/json"}
        answer: Answer = await exchange(method, self._api + path, headers=headers, body=body)
        return answer

    async def _token(self) -> str:
        now = self._clock()
        if not self._bearer or now >= self._ends:
            try:
                self._bearer, lifetime = await self._tokens.new()
            except AnswerLost:
                raise Unavailable("RSA's token endpoint did not answer; nothing was sent") from None
            self._ends = now + max(lifetime - _SPARE, lifetime / 2)
        return self._bearer


def said_by_the_api(answer: Answer) -> tuple[str, str] | None:
    """Return `code` and `description` of an error in the API's own shape, None for a body of any other origin."""
    content = answer.told()
    if not isinstance(content.get("code"), str) or "description" not in content:
        return None
    return content["code"], str(content["description"])


def is_no_such_user(answer: Answer) -> bool:
    """Whether a 404 was said about the user. Raises `Misconfigured` where it was said about the path."""
    if answer.status != NOT_FOUND:
        return False
    if said_by_the_api(answer) is None:
        raise Misconfigured("there is no Administration API at this address (404); is the url right?")
    return True


def fault(answer: Answer, *, sending: bool, needs: str) -> ProviderError:
    """Return what an error answer means; `needs` names the right that a 403 lacks."""
    if answer.status == _FORBIDDEN:
        return Forbidden(f"our key may not do this (403): it needs {needs}")
    return failure(answer, sending=sending)


def _is_bad_token(answer: Answer) -> bool:
    # A bad, expired or wrongly signed token is a 403 of another shape than a missing permission.
    if answer.status == _UNAUTHORIZED:
        return True
    content = answer.told() if answer.status == _FORBIDDEN else {}
    return content.get("status") == _FORBIDDEN and "path" in content and "token" in str(content.get("message")).lower()
