"""The console's envelopes, users and identities, as values ("User" and "UserLogin" schemas)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from bot.errors import (
    Forbidden,
    ProviderError,
    RateLimited,
    Refused,
    UnexpectedAnswer,
)
from providers.hints import hint
from providers.http import Answer, failure, retry_after
from providers.http.status import DEFAULT_PAUSE

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

VERSION = {"X-Client-Version": "3.6.1"}
"""Selects the resource set that we know ("Versioning"), so every call has it."""

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class User:
    """A person in the console. `mail` is free text of the profile, None where there is none."""

    uid: str
    organization: str
    name: str
    mail: str | None
    role: str
    status: str


@dataclass(frozen=True, slots=True)
class Identity:
    """One way in which a user authenticates. `owner` is the user's uid."""

    id: int
    owner: str
    user_name: str
    provider: str
    description: str
    identifier: str
    status: str
    company: str
    is_read_only: bool
    has_scopes: bool

    @property
    def part(self) -> str:
        """How it is approved: equal only while id, provider, description and the identifier's digest are."""
        digest = hashlib.sha256(self.identifier.encode()).hexdigest()[:8]
        return " ".join(text for text in (str(self.id), self.provider, f"“{self.description}”", f"#{digest}") if text)


def is_uuid(text: str) -> bool:
    """Whether `text` may stand in a path as a user's uid."""
    return _UUID.fullmatch(text) is not None


def user(record: object) -> User:
    """Return a user. Raises `UnexpectedAnswer` where the uid or the name is missing."""
    if not isinstance(record, dict) or not is_uuid(uid := str(record.get("instanceUid"))):
        raise UnexpectedAnswer("the console's answer holds something that is no user")
    return User(
        uid.lower(),
        str(record.get("organizationUid") or "").lower(),
        _text(record, "userName"),
        _mail(record),
        str(record.get("role") or "Unknown"),
        str(record.get("status") or "Unknown"),
    )


def _mail(record: Record) -> str | None:
    profile = record.get("profile")
    mail = profile.get("email") if isinstance(profile, dict) else None
    return mail.strip() or None if isinstance(mail, str) else None


def identity(record: object) -> Identity:
    """Return an identity. Older servers call its owner `userId`, and give `scopes` as one string."""
    if not isinstance(record, dict) or type(record.get("id")) is not int:
        raise UnexpectedAnswer("the console's answer holds something that is no identity")
    owner = str(record.get("userUid") or record.get("userId") or "").lower()
    if not is_uuid(owner):
        raise UnexpectedAnswer("the console's answer holds an identity without an owner")
    return Identity(
        record["id"],
        owner,
        str(record.get("userName") or ""),
        str(record.get("identityProviderName") or "unknown provider"),
        str(record.get("description") or ""),
        str(record.get("identifierInProvider") or ""),
        str(record.get("status") or "Unknown"),
        str(record.get("companyName") or ""),
        record.get("isReadAccessOnly") is True,
        bool(record.get("scopes")),
    )


def data(answer: Answer) -> object:
    """Return what a successful answer to a read holds. Raises what any other means."""
    return _told(answer)["data"]


def page(answer: Answer) -> tuple[list[object], int | None]:
    """Return the records of a page, and how many all pages hold together where that is told. Raises like `data`."""
    envelope = _told(answer)
    if not isinstance(envelope["data"], list):
        raise UnexpectedAnswer("the console's answer is no list")
    return envelope["data"], _total(envelope)


def _told(answer: Answer) -> Record:
    if answer.status != HTTPStatus.OK:
        raise of_read(answer)
    envelope = _envelope(answer)
    if envelope.get("errors") or "data" not in envelope:
        raise UnexpectedAnswer("the console's answer reports errors or holds no data")
    return envelope


def is_missing(answer: Answer) -> bool:
    """Whether the console itself says that there is no such thing: 404 in the console's own words."""
    return answer.status == HTTPStatus.NOT_FOUND and bool(_first_error(answer))


def _total(envelope: Record) -> int | None:
    """Return how many records all pages hold together (`meta.pagingInfo.total`), or None where it is not told."""
    meta = envelope.get("meta")
    paging = meta.get("pagingInfo") if isinstance(meta, dict) else None
    count = paging.get("total") if isinstance(paging, dict) else None
    return count if isinstance(count, int) else None


def asked_pause(answer: Answer) -> float | None:
    """Return the seconds that a 429 asks for: `retryAfter` in its body ("Throttling"), or the header."""
    asked = _first_error(answer).get("retryAfter")
    return float(asked) if isinstance(asked, int | float) and asked >= 0 else retry_after(answer)


def of_read(answer: Answer) -> ProviderError:
    """Return what an unsuccessful answer to a read means."""
    return _of_security(answer) or failure(answer, sending=False)


def of_send(answer: Answer, *private: str) -> ProviderError:
    """Return what an unsuccessful answer to a deletion means. `private` texts are kept out of the error.

    Client errors 400 and 409 are the console's no (in use, protected, last one); all server errors are 520 and
    leave it open whether it was done ("Errors").
    """
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited("the console asks for fewer calls (429)", asked_pause(answer) or DEFAULT_PAUSE)
    denied = _of_security(answer)
    if denied is not None:
        return denied
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT}:
        said = hint(_first_error(answer).get("message"), *private)
        return Refused(f"the console did not accept it ({answer.status}){said}")
    return failure(answer, sending=True)


def _of_security(answer: Answer) -> ProviderError | None:
    is_client_error = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    is_security = str(_first_error(answer).get("type")).lower() == "security"
    if answer.status == HTTPStatus.FORBIDDEN or (is_client_error and is_security):
        return Forbidden(
            f"the bot may not do this in the console ({answer.status}): its user's role, or a key for reading only"
        )
    return None


def _first_error(answer: Answer) -> Record:
    try:
        errors = _envelope(answer).get("errors")
    except UnexpectedAnswer:
        return {}
    return errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}


def _envelope(answer: Answer) -> Record:
    envelope = answer.json()
    if not isinstance(envelope, dict):
        raise UnexpectedAnswer("the console's answer is not in its envelope")
    return envelope


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value:
        raise UnexpectedAnswer(f"the console's answer lacks {key}")
    return value
