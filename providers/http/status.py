"""What a status means where a vendor's page says nothing else."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bot.errors import (
    AnswerLost,
    Conflict,
    CredentialsRejected,
    Forbidden,
    Misconfigured,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
    UnexpectedAnswer,
)
from providers.http.answer import Answer

DEFAULT_PAUSE = 10.0
"""Seconds to wait after a 429 that names no time."""

_WRONG_PLACE = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE, HTTPStatus.NOT_IMPLEMENTED}
_REDIRECTS = range(300, 400)
_STALE = {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}


def failure(answer: Answer, *, sending: bool) -> ProviderError:
    """Return the error for an answer that an adapter has no better word for.

    `sending` says that the call was meant to change something: then what is not surely undone is `AnswerLost`.
    """
    status = answer.status
    if status == HTTPStatus.UNAUTHORIZED:
        return CredentialsRejected("the system does not accept our key (401)")
    if status == HTTPStatus.FORBIDDEN:
        return Forbidden("our key may not do this (403)")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited("the system asks for fewer calls (429)", retry_after(answer) or DEFAULT_PAUSE)
    if status in _STALE:
        return Conflict(f"the account's state is another than thought ({status})")
    if status in _WRONG_PLACE or status in _REDIRECTS:
        return Misconfigured(f"the server does not answer as this kind of system does ({status}); is the url right?")
    return _by_class(status, sending=sending)


def _by_class(status: int, *, sending: bool) -> ProviderError:
    is_no = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT
    if is_no:
        text = f"the system did not accept the request ({status})"
        return Refused(text) if sending else UnexpectedAnswer(text)
    if sending:
        return AnswerLost(f"the answer does not say whether it was done ({status})")
    if status >= HTTPStatus.BAD_REQUEST:
        return Unavailable(f"the system has a fault at the moment ({status})")
    return UnexpectedAnswer(f"the system's answer cannot be understood ({status})")


def retry_after(answer: Answer) -> float | None:
    """Return the seconds that the header `Retry-After` asks for (given as seconds or as a date), or None."""
    text = answer.headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _until(text: str) -> float:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return math.nan
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
