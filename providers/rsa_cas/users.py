"""RSA's words for a user, and what they are in ours (*User Details API*). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.errors import UnexpectedAnswer
from bot.model import Account, Finding, Key, Match, facts

DISABLED = "Disabled"
BIN = timedelta(days=7)
"""How long a user stays marked before the vendor's bulk job deletes it (*Mark User Deleted API*)."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NOT_PROVABLE = Finding(
    "The key may not read devices (scope rsa.authenticator.mobile.read), so that the user is gone could not be proved."
)

NOT_SEARCHABLE = Finding(
    "RSA is searched by address, and for user names by the whole name: somebody known there by another user name alone "
    "(an alternate one, or one spelled otherwise) is not found, nor surely an address that hides a character."
)
"""No call finds a user by `alternateUsername` or by a part of `principalUsername` (*User Details API*)."""


@dataclass(frozen=True, slots=True)
class User:
    """One user. `marked_at` is None where it is not marked or the vendor does not say when."""

    id: str
    mail: str
    login: str
    other_login: str
    name: str
    source: str
    status: str
    is_marked: bool
    marked_at: datetime | None
    synced: str
    last_seen: str

    @property
    def names(self) -> tuple[str, ...]:
        """All by which the user logs on or is written to; each may be an address or a user name."""
        return tuple(name for name in (self.mail, self.login, self.other_login) if name)


def is_id(text: str) -> bool:
    """Whether a text is a user's id and may stand in a path."""
    return _UUID.fullmatch(text) is not None


def user_of(entry: object) -> User:
    """Return one user. Raises `UnexpectedAnswer` where the id is none or there is no status."""
    if not isinstance(entry, dict) or not is_id(_text(entry, "id")) or not _text(entry, "userStatus"):
        raise UnexpectedAnswer("RSA's answer is not a user with an id and a status")
    return User(
        id=_text(entry, "id"),
        mail=_text(entry, "emailAddress"),
        login=_text(entry, "principalUsername"),
        other_login=_text(entry, "alternateUsername"),
        name=f"{_text(entry, 'firstName')} {_text(entry, 'lastName')}".strip(),
        source=_text(entry, "identitySource"),
        status=_text(entry, "userStatus"),
        is_marked=_truth(entry.get("markDeleted")),
        marked_at=time_of(entry.get("markDeletedAt")),
        synced=_text(entry, "lastSyncTime"),
        last_seen=_text(entry, "monthLastAuthenticated"),
    )


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    return value.strip() if isinstance(value, str) else ""


def _truth(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def time_of(value: object) -> datetime | None:
    """Return a time such as `2026-01-10T02:00:09.000Z`; None for anything else."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def entries_of(content: object) -> list[object]:
    """Return the entries of an array, or of an object that wraps just one: the pages do not show which it is."""
    if isinstance(content, list):
        return content
    arrays = [value for value in content.values() if isinstance(value, list)] if isinstance(content, dict) else []
    if len(arrays) != 1:
        raise UnexpectedAnswer("RSA's answer is not a list")
    return list(arrays[0])


def devices_of(content: object) -> tuple[str, ...]:
    """Return the ids of devices, sorted."""
    ids = (entry.get("id") or entry.get("deviceId") for entry in entries_of(content) if isinstance(entry, dict))
    return tuple(sorted(str(one) for one in ids if one))


def account_of(
    system: str,
    user: User,
    matched_by: tuple[Key, ...],
    match: Match,
    devices: tuple[str, ...] | None,
    ends_at: datetime | None,
) -> Account:
    """Return the account that a user is. `devices` is None where the key may not read them."""
    return Account(
        system=system,
        id=user.id,
        handle=user.mail or user.login,
        identity=facts(id=user.id, mail=user.mail, login=user.login or None, organization=user.source, type="user"),
        match=match,
        matched_by=matched_by,
        parts=devices or (),
        notes=facts(
            status=user.status,
            marked="yes" if user.is_marked else None,
            name=user.name or None,
            last_login=user.last_seen or None,
            last_synchronisation=user.synced or None,
        ),
        findings=tuple(_findings(user, devices)),
        left=_left(user),
        ends_at=ends_at,
    )


def _findings(user: User, devices: tuple[str, ...] | None) -> Iterable[Finding]:
    if devices is None:
        yield NOT_PROVABLE
    if "scim" in user.source.lower():
        yield Finding(f"{user.source} may be managed by SCIM: then RSA only disables, and the source deletes.")


def _left(user: User) -> str:
    if not user.synced or not user.source:
        return ""
    return f"It comes back at the next synchronisation if the person is still in {user.source}."
