"""Who calls: a token of IAM or a signature with an access key, and how often they may."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Final

from aiohttp import web

from sandbox.systems.huawei_hss.answers import gateway, unauthentic
from sandbox.systems.huawei_hss.signature import Claim, canonical_request, claim, signature
from sandbox.systems.huawei_hss.state import FAILURES, LOCK, HssState, IamUser, Key
from sandbox.systems.pace import Pace

_SKEW: Final = 900.0
"""A date more than 15 minutes off is refused ("AK/SK signing guide")."""

_PER_CALLER: Final = 5
_PER_API: Final = 600
"""Calls a minute of one API, by one user or from one address, and altogether ("Limitations and Constraints")."""


@dataclass(frozen=True, slots=True)
class Caller:
    """`scope` is that of the token; a key serves for both."""

    user: IamUser
    scope: str | None = None


class Desk:
    """Says who calls, or refuses as the gateway does."""

    def __init__(self, state: HssState, now: float) -> None:
        self._state = state
        self._now = now

    async def caller(self, request: web.Request) -> Caller:
        if "X-Auth-Token" in request.headers:
            return self._by_token(request.headers["X-Auth-Token"])
        return await self._by_key(request)

    def _by_token(self, text: str) -> Caller:
        token = self._state.tokens.get(text)
        user = self._state.users.get(token.user) if token is not None and token.expires > self._now else None
        if token is None or user is None or not user.enabled:
            raise unauthentic("decrypt token fail")
        return Caller(user, token.scope)

    async def _by_key(self, request: web.Request) -> Caller:
        said = claim(request.headers.get("Authorization", ""))
        if said is None:
            raise unauthentic("verify aksk signature fail")
        key = self._key(said)
        self._check_date(request)
        if not await self._is_right(request, said, key):
            self._count_failure(key)
            raise unauthentic("verify aksk signature fail")
        key.failures = 0
        user = self._state.users.get(key.user)
        if user is None or not user.enabled:
            raise unauthentic(f"Get secretKey failed,ak:{said.access},err:ak not exist")
        return Caller(user)

    def _key(self, said: Claim) -> Key:
        key = self._state.keys.get(said.access)
        if key is None:
            raise unauthentic(f"Get secretKey failed,ak:{said.access},err:ak not exist")
        if key.locked_until > self._now:
            raise unauthentic("AK access failed to reach the limit,forbidden")
        return key

    def _check_date(self, request: web.Request) -> None:
        try:
            date = datetime.strptime(request.headers.get("X-Sdk-Date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise unauthentic("verify aksk signature fail") from None
        if abs(date.timestamp() - self._now) > _SKEW:
            raise gateway("APIGW.0303", "Incorrect app authentication information: the request time has expired")

    async def _is_right(self, request: web.Request, said: Claim, key: Key) -> bool:
        """Host and date must be signed, as must the security token of a temporary key."""
        needed = {"host", "x-sdk-date"} | ({"x-security-token"} if key.token is not None else set())
        if not needed.issubset(said.headers) or list(said.headers) != sorted(said.headers):
            return False
        if key.token is not None and request.headers.get("X-Security-Token") != key.token:
            return False
        canonical = canonical_request(
            request.method, request.raw_path, request.headers, said.headers, await request.read()
        )
        return compare_digest(signature(key.secret, request.headers["X-Sdk-Date"], canonical), said.signature)

    def _count_failure(self, key: Key) -> None:
        key.failures += 1
        if key.failures >= FAILURES:
            key.failures, key.locked_until = 0, self._now + LOCK


class Throttle:
    """Counts the calls of each API by user, by address and altogether."""

    def __init__(self) -> None:
        self._callers: defaultdict[tuple[str, str], Pace] = defaultdict(lambda: Pace(_PER_CALLER, 60))
        self._apis: defaultdict[str, Pace] = defaultdict(lambda: Pace(_PER_API, 60))

    def count(self, request: web.Request, caller: Caller, now: float) -> None:
        api = f"{request.method} {request.path}"
        by_user = self._callers[(caller.user.id, api)].admits(now)
        by_address = self._callers[(request.remote or "", api)].admits(now)
        if not (by_user and by_address and self._apis[api].admits(now)):
            said = f"policy user over ratelimit,limit:{_PER_CALLER},time:1 minute"
            raise gateway("APIGW.0308", f"The throttling threshold has been reached: {said}", 429)
