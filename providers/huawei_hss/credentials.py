"""The two ways to show Huawei Cloud who calls: a signature with a pair of keys, or a token of IAM."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from bot.errors import CredentialsRejected
from providers.http import Door
from providers.huawei_hss.memory import Memory
from providers.huawei_hss.settings import Settings
from providers.huawei_hss.signer import Request, Signer
from providers.huawei_hss.tokens import Tokens
from providers.settings import Secret, revealed

_WRONG_TIME = "0303"


class Credential(Protocol):
    """What makes a request somebody's."""

    def must_be_usable(self) -> None:
        """Raise `CredentialsRejected` where it was turned down of late, without asking anybody."""

    async def headers(self, request: Request) -> dict[str, str]:
        """Return all headers to send."""

    def renews(self) -> bool:
        """Note a 401; return whether another try can help."""

    def turned_down(self, code: str) -> CredentialsRejected:
        """Note that the gateway does not accept it, and return what to raise. `code` is the gateway's, or empty."""


def credential(settings: Settings, door: Door, memory: Memory, clock: Callable[[], float]) -> Credential:
    """Return the way that the entry is configured for. `clock` gives seconds since 1970."""
    if settings.access_key is not None and settings.secret_key is not None:
        return KeyPair(settings.access_key, settings.secret_key, settings, memory, clock)
    return TokenOfIam(settings, door, clock)


class KeyPair:
    """Signs each request (*AK/SK signing guide*). A temporary pair's security token is a signed header."""

    def __init__(
        self, access_key: str, secret_key: Secret, settings: Settings, memory: Memory, clock: Callable[[], float]
    ) -> None:
        self._signer = Signer(access_key, secret_key)
        self._extra = {"X-Project-Id": settings.project_id}
        self._is_temporary = settings.security_token is not None
        if self._is_temporary:
            self._extra["X-Security-Token"] = revealed(settings.security_token)
        self._memory = memory
        self._clock = clock

    def must_be_usable(self) -> None:
        self._memory.must_be_usable()

    async def headers(self, request: Request) -> dict[str, str]:
        whole = Request(
            request.method, request.host, request.path, request.query, {**request.headers, **self._extra}, request.body
        )
        return self._signer.headers(whole, datetime.fromtimestamp(self._clock(), UTC))

    def renews(self) -> bool:
        """Return that nothing can be renewed: five wrong signatures in a row would lock the key."""
        return False

    def turned_down(self, code: str) -> CredentialsRejected:
        self._memory.turned_down()
        if code == _WRONG_TIME:
            return CredentialsRejected(
                "Huawei Cloud says that the time of the request is wrong: check this machine's clock (APIGW.0303)"
            )
        if self._is_temporary:
            return CredentialsRejected("Huawei Cloud does not accept the temporary access key (401); has it ended?")
        return CredentialsRejected("Huawei Cloud does not accept the access key or its signature (401)")


class TokenOfIam:
    """Sends the token that this process holds for the user. `clock` gives seconds since 1970."""

    def __init__(self, settings: Settings, door: Door, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._door = door
        self._clock = clock
        self._tokens = Tokens.of(settings)
        self._used = ""

    def must_be_usable(self) -> None:
        self._tokens.must_be_usable(self._clock())

    async def headers(self, request: Request) -> dict[str, str]:
        self._used = await self._tokens.current(self._settings, self._door, self._clock)
        return {**request.headers, "X-Auth-Token": self._used}

    def renews(self) -> bool:
        self._tokens.drop(self._used)
        return True

    def turned_down(self, code: str) -> CredentialsRejected:  # noqa: ARG002  # one sentence says it all
        return self._tokens.reject("Huawei Cloud gives the IAM user a token and then denies it (401)", self._clock())
