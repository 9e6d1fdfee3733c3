"""What it means that LivePerson does not log us on (*Login service retry policy*, *OAuth 2.0 Client Credentials*)."""

from __future__ import annotations

from bot.errors import CredentialsRejected, Forbidden, ProviderError, RateLimited
from providers.http import Answer, failure, retry_after

OK = 200
TOO_MANY = 429
_REJECTED = frozenset({400, 401})
_BLOCKED = 451
_PAUSE = 5.0


def pause(answer: Answer) -> float | None:
    """Return the seconds to wait before the next try: after a 429 at least five."""
    asked = retry_after(answer)
    return max(asked or 0.0, _PAUSE) if answer.status == TOO_MANY else asked


def of_log_on(answer: Answer, what: str) -> ProviderError:
    """Return what any answer but a 200 means; `what` is who or what was to log on."""
    if answer.status in _REJECTED:
        return CredentialsRejected(f"LivePerson does not accept {what} ({answer.status})")
    if answer.status == _BLOCKED:
        return Forbidden(f"LivePerson has blocked this account, or {what} (451)")
    if answer.status == TOO_MANY:
        return RateLimited("LivePerson asks for fewer log-ons", pause(answer) or _PAUSE)
    return failure(answer, sending=False)
