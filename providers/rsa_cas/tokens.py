"""Bearer tokens for RSA's Administration API, got in either of its two ways."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlencode

from bot.errors import CredentialsRejected, Forbidden, UnexpectedAnswer
from providers.http import Answer, Door, failure, is_token
from providers.rsa_cas.keys import signing_key
from providers.rsa_cas.settings import Settings
from providers.settings import revealed

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIVES = 300.0
_LEGACY_LIVES = 900.0
"""Seconds; the server takes at most an hour."""
_OK = 200
_BAD_CLIENT = frozenset({400, 401})
_SCOPES = ("rsa.user.read", "rsa.user.manage", "rsa.authenticator.mobile.read")
_REMOVING = {"now": "rsa.user.delete", "mark": "rsa.user.delete.soft"}


class Tokens(Protocol):
    """Where tokens come from."""

    async def new(self) -> tuple[str, float]:
        """Return a new token and the seconds for which it can be used."""


def tokens(settings: Settings, door: Door, clock: Callable[[], float]) -> Tokens:
    """Return the way in that is configured. `clock` gives seconds since 1970."""
    return LegacyKey(settings, clock) if settings.access_key is not None else OAuthClient(settings, door, clock)


def scopes(settings: Settings) -> tuple[str, ...]:
    """Return the OAuth scopes that are needed. Without the one for devices a removal could not be proved by id."""
    return (*_SCOPES, _REMOVING[settings.remove])


class LegacyKey:
    """A token of our own making (*Authentication for the Cloud Administration APIs*, legacy)."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock

    async def new(self) -> tuple[str, float]:
        now = int(self._clock())
        claims: dict[str, object] = {
            "sub": self._settings.access_id,
            "iat": now,
            "exp": now + int(_LEGACY_LIVES),
            "aud": self._settings.url,
        }
        return signing_key(revealed(self._settings.access_key)).sign(claims), _LEGACY_LIVES


class OAuthClient:
    """A token for a client that proves itself with a signed assertion (*Manage OAuth API Clients*)."""

    def __init__(self, settings: Settings, door: Door, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._door = door
        self._clock = clock
        self._endpoint = f"{settings.issuer}/token"

    async def new(self) -> tuple[str, float]:
        # Asked with `send`, which sends once: an assertion's `jti` is spent with its first use, so a repetition
        # of the same bytes would be turned down like a wrong key.
        answer = await self._door.send(
            "POST",
            self._endpoint,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(self._form()).encode(),
        )
        if answer.status in _BAD_CLIENT:
            raise self._refusal(answer)
        if answer.status != _OK:
            raise failure(answer, sending=False)
        return self._granted(answer.json())

    def _form(self) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": str(self._settings.client_id),
            "scope": " ".join(scopes(self._settings)),
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }

    def _assertion(self) -> str:
        now = int(self._clock())
        claims: dict[str, object] = {
            "iss": self._settings.client_id,
            "sub": self._settings.client_id,
            "aud": self._endpoint,
            "iat": now,
            "exp": now + int(_ASSERTION_LIVES),
            "jti": str(uuid.uuid4()),
        }
        return signing_key(revealed(self._settings.private_key)).sign(claims)

    def _refusal(self, answer: Answer) -> CredentialsRejected | Forbidden:
        if b"invalid_scope" in answer.body:
            return Forbidden(f"the OAuth client lacks one of the scopes {', '.join(scopes(self._settings))}")
        return CredentialsRejected(
            f"RSA does not accept the OAuth client ({answer.status}); check its id, key, issuer and the clock"
        )

    def _granted(self, content: Any) -> tuple[str, float]:  # noqa: ANN401  # JSON is any value
        token = content.get("access_token") if isinstance(content, dict) else None
        if not is_token(token):
            raise UnexpectedAnswer("RSA's token endpoint gave no token")
        granted = content.get("scope")
        lacking = set(scopes(self._settings)) - set(granted.split()) if isinstance(granted, str) and granted else set()
        if lacking:
            raise Forbidden(f"the OAuth client lacks the scopes {', '.join(sorted(lacking))}")
        lifetime = content.get("expires_in")
        return token, float(lifetime) if isinstance(lifetime, int | float) and lifetime > 0 else _ASSERTION_LIVES
