"""Tokens of IAM for a user's password, one for a credential in the whole process.

The facts are those of *Obtaining a User Token Through Password Authentication*.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from bot.errors import CredentialsRejected, Misconfigured, UnexpectedAnswer
from providers.http import Answer, Door, failure, is_token
from providers.huawei_hss.settings import Settings
from providers.settings import revealed

SPARE = 1800.0
"""Seconds before its end in which a token is no longer used: a token lives 24 hours."""
REJECTED_FOR = 300.0
"""Seconds for which IAM is not asked again after it did not accept the user: wrong passwords lock users."""
LONGEST = 32768
"""Characters of a token."""

_CREATED = 201
_UNAUTHORIZED = 401
_BAD_REQUEST = 400

_held: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, ...], Tokens]] = WeakKeyDictionary()


class Tokens:
    """The token of one user for one project. One is fetched at a time; who waits for it uses the same."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._text = ""
        self._ends = -math.inf
        self._rejected_until = -math.inf

    @staticmethod
    def of(settings: Settings) -> Tokens:
        """Return what this process holds for the entry's credential, whichever entry names it."""
        digest = hashlib.sha256(revealed(settings.iam_password).encode()).hexdigest()
        key = (settings.iam_server, str(settings.iam_domain), str(settings.iam_user), settings.project_id, digest)
        return _held.setdefault(asyncio.get_running_loop(), {}).setdefault(key, Tokens())

    def must_be_usable(self, now: float) -> None:
        """Raise `CredentialsRejected` within five minutes after the user was turned down, without asking anybody."""
        if now < self._rejected_until:
            raise CredentialsRejected(
                "Huawei Cloud did not accept the IAM user within the last five minutes; it is not asked again before"
                " they are over, because repeated wrong log-ons lock a user"
            )

    async def current(self, settings: Settings, door: Door, clock: Callable[[], float]) -> str:
        """Return a token that is good for a while. `clock` gives seconds since 1970."""
        async with self._lock:
            now = clock()
            self.must_be_usable(now)
            if now >= self._ends:
                self._text, lifetime = self._granted(await _ask(settings, door), now)
                self._ends = now + max(lifetime - SPARE, lifetime / 2)
            return self._text

    def drop(self, text: str) -> None:
        """Note that this token was turned down; another one that has come since stays."""
        if text == self._text:
            self._ends = -math.inf

    def reject(self, why: str, now: float) -> CredentialsRejected:
        """Ask no more for five minutes; return what to raise."""
        self._ends = -math.inf
        self._rejected_until = now + REJECTED_FOR
        return CredentialsRejected(why)

    def _granted(self, answer: Answer, now: float) -> tuple[str, float]:
        if answer.status == _UNAUTHORIZED:
            raise self.reject("Huawei Cloud does not accept iam_user, iam_password and iam_domain (401)", now)
        if answer.status == _BAD_REQUEST:
            raise Misconfigured("IAM does not take our log-on (400); are project_id and iam_endpoint right?")
        if answer.status != _CREATED:
            raise failure(answer, sending=False)
        text = answer.headers.get("X-Subject-Token", "")
        if not is_token(text) or len(text) > LONGEST:
            raise UnexpectedAnswer("IAM's answer holds no token")
        return text, _lifetime(answer.json())


async def _ask(settings: Settings, door: Door) -> Answer:
    user = {
        "name": settings.iam_user,
        "password": revealed(settings.iam_password),
        "domain": {"name": settings.iam_domain},
    }
    identity = {"methods": ["password"], "password": {"user": user}}
    content = {"auth": {"identity": identity, "scope": {"project": {"id": settings.project_id}}}}
    return await door.read(
        "POST",
        f"{settings.iam_server}/v3/auth/tokens?nocatalog=true",
        headers={"Content-Type": "application/json"},
        body=json.dumps(content).encode(),
    )


def _lifetime(content: Any) -> float:  # noqa: ANN401  # JSON is any value
    """Return the seconds from issue to end, both by IAM's own clock."""
    token = content.get("token") if isinstance(content, dict) else None
    said = token if isinstance(token, dict) else {}
    try:
        issued, ends = (datetime.fromisoformat(str(said.get(name))) for name in ("issued_at", "expires_at"))
        return (ends - issued).total_seconds()
    except (TypeError, ValueError):
        raise UnexpectedAnswer("IAM's answer does not say how long its token is good") from None
