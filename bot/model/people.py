"""Who leaves, who asks and who decides."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_BECOMES_ASCII = re.compile("([\u037e\u1fef\u212a])")
"""The signs that NFC would turn into ASCII ones: the Greek question mark, the varia and Kelvin."""

_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def fold(text: str) -> str:
    """Return the form in which two keys are compared: NFC, ASCII letters lowered, nothing else changed.

    `str.casefold` would make `ß` an `ss`, and NFC by itself makes U+212A (Kelvin) a `K`: either would find somebody
    else's account, so a sign that is not ASCII never becomes one that is.
    """
    pieces = _BECOMES_ASCII.split(text.strip())
    return "".join(map(_composed, pieces)).translate(_ASCII_LOWER)


def _composed(piece: str) -> str:
    return piece if _BECOMES_ASCII.fullmatch(piece) else unicodedata.normalize("NFC", piece)


class KeyKind(StrEnum):
    """What a key is, so that a mail is never sent where a log-in is meant."""

    MAIL = "mail"
    LOGIN = "login"


class KeySource(StrEnum):
    """Where a key came from, in the words that people are shown."""

    TYPED = "typed in the request"
    PROFILE = "Slack profile"
    OTHER = "other logins"


@dataclass(frozen=True, slots=True)
class Key:
    """One way of knowing the leaver in a system. `value` is as it was given; compare with `fold`."""

    kind: KeyKind
    value: str
    source: KeySource

    def equals(self, value: str | None) -> bool:
        """Whether `value` is this key and not merely near it. Nothing equals an empty key."""
        return value is not None and fold(value) == fold(self.value) != ""


@dataclass(frozen=True, slots=True)
class Leaver:
    """The person whose access is taken away. Has at least one mail or log-in."""

    name: str
    keys: tuple[Key, ...]
    slack_id: str | None = None
    team_id: str | None = None

    @property
    def mails(self) -> tuple[Key, ...]:
        """The keys that are mail addresses."""
        return tuple(key for key in self.keys if key.kind is KeyKind.MAIL)

    @property
    def logins(self) -> tuple[Key, ...]:
        """The keys that are log-in names."""
        return tuple(key for key in self.keys if key.kind is KeyKind.LOGIN)

    @property
    def address(self) -> str:
        """What the case is called by: the first mail, else the first log-in."""
        return (self.mails or self.keys)[0].value

    @property
    def initials(self) -> str:
        """What a discreet case is called by, e.g. `D. F.`."""
        words = [word for word in self.name.split() if word] or [self.address]
        return " ".join(f"{word[0].upper()}." for word in words[:3])


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack: requester, approver, admin, owner or outsider.

    `mail` is the address that Slack vouches for, or None where the profile has none.
    `trusted` is False for bots, guests, deactivated people and people of another workspace.
    """

    user_id: str
    team_id: str
    name: str = ""
    mail: str | None = None
    trusted: bool = True

    def is_same_as(self, other: Person) -> bool:
        """Whether both are one human: by Slack id within a team, or by mail."""
        if (self.user_id, self.team_id) == (other.user_id, other.team_id):
            return True
        return bool(self.mail and other.mail and fold(self.mail) == fold(other.mail))

    def is_leaver(self, leaver: Leaver) -> bool:
        """Whether this person is the one who leaves: by Slack id, or by any mail of the leaver."""
        if leaver.slack_id is not None and self.user_id == leaver.slack_id:
            return True
        return any(key.equals(self.mail) for key in leaver.mails)
