"""LivePerson's words for a user, and what they are in ours (Users API, Appendix). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard

from bot.errors import UnexpectedAnswer
from bot.model import Account, Finding, Key, Match, Word, facts

_ID = re.compile(r"[1-9][0-9]*")
_TYPES = {"0": "system user", "1": "person", "2": "bot"}
_PERSON = "person"
_API_USER = "API user"
_NOBODYS = frozenset({"system user", "bot", _API_USER})


@dataclass(frozen=True, slots=True)
class User:
    """One user. `id` is empty where the answer holds no valid one; numbers and booleans may come quoted."""

    id: str
    pid: str
    login: str
    mail: str
    nickname: str
    kind: str
    is_deleted: bool
    is_enabled: bool
    rights: tuple[str, ...]
    manages: tuple[str, ...]
    agent_group: str
    updated: str
    has_both_names: bool

    @property
    def is_readable(self) -> bool:
        """Whether it can be told whose this is: by log-in and address, both there to compare, or as nobody's."""
        return self.kind in _NOBODYS or bool(self.id and self.has_both_names and (self.login or self.mail))


def user_of(entry: object) -> User:
    """Return one user. Raises `UnexpectedAnswer` where the answer is no user at all."""
    if not isinstance(entry, dict):
        raise UnexpectedAnswer("LivePerson's answer holds something that is not a user")
    manages = tuple(_group(one) for one in _items(entry, "managerOf"))
    return User(
        id=_id(entry.get("id")),
        pid=_text(entry, "pid"),
        login=_text(entry, "loginName"),
        mail=_text(entry, "email"),
        nickname=_text(entry, "nickname"),
        kind=_kind(entry),
        is_deleted=_truth(entry.get("deleted")),
        is_enabled=_truth(entry.get("isEnabled")),
        rights=(
            *(f"profile {one}" for one in _items(entry, "profileIds")),
            *(f"permission group {one}" for one in _items(entry, "permissionGroups")),
            *(f"manager of group {one}" for one in manages),
        ),
        manages=manages,
        agent_group=_group(entry.get("memberOf")),
        updated=_text(entry, "dateUpdated"),
        has_both_names=_may_be_compared(entry, "loginName") and _may_be_compared(entry, "email"),
    )


def _may_be_compared(entry: dict[str, Any], name: str) -> bool:
    """Whether a field was told: a text, or null for none. A field that is left out or of another type was not."""
    return name in entry and (entry[name] is None or isinstance(entry[name], str))


def is_clear_person(entry: object) -> TypeGuard[dict[str, Any]]:
    """Whether this is a user who is there and has an id and a name to compare: not deleted, and readable.

    It says so without reading the rest, which of most users of a long list is never needed.
    """
    return (
        isinstance(entry, dict)
        and not _truth(entry.get("deleted"))
        and bool(_id(entry.get("id")))
        and type(entry.get("loginName")) is str
        and type(entry.get("email")) is str
        and bool(entry["loginName"].strip() or entry["email"].strip())
    )


def _id(value: object) -> str:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if _ID.fullmatch(text) else ""


def _kind(entry: dict[str, Any]) -> str:
    if _truth(entry.get("isApiUser")):
        return _API_USER
    number = entry.get("userTypeId")
    return _PERSON if number is None else _TYPES.get(str(number), "user of an unknown type")


def _truth(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    return value.strip() if isinstance(value, str) else ""


def _items(entry: dict[str, Any], name: str) -> list[Any]:
    value = entry.get(name)
    return value if isinstance(value, list) else []


def _group(value: object) -> str:
    return str(value.get("agentGroupId", "")) if isinstance(value, dict) else str(value or "")


def account_of(system: str, user: User, matched_by: tuple[Key, ...], match: Match, *, is_own: bool = False) -> Account:
    """Return the account that a user is; `is_own` says that the bot works as this user.

    `fullName` is masked by the vendor and never read.
    """
    return Account(
        system=system,
        id=user.id,
        handle=user.login or user.mail,
        identity=facts(id=user.id, pid=user.pid or None, login=user.login, mail=user.mail, type=user.kind),
        match=match,
        matched_by=matched_by,
        weight=user.rights,
        notes=facts(
            nickname=user.nickname or None,
            status="enabled" if user.is_enabled else "disabled",
            agent_group=user.agent_group or None,
            changed=user.updated or None,
        ),
        findings=tuple(_findings(user, is_own=is_own)),
        one_at_a_time=True,  # the revision is one number for the whole account ("Users API, Appendix": data revisions)
    )


def _findings(user: User, *, is_own: bool) -> Iterable[Finding]:
    if is_own:
        yield Finding("This is the user that the bot itself works as.", Word.REFUSED)
    if user.kind != _PERSON:
        yield Finding(f"Not a person's account ({user.kind}): somebody has to look at it in LivePerson.", Word.MANUAL)
    if user.manages:
        yield Finding(f"Manages {len(user.manages)} agent group(s), which would lose this manager.")
