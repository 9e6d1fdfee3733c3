"""Who leaves, who asks and who decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.identifiers import are_equal, initials, is_variant, normalize_identifier

fold = normalize_identifier
"""The form in which identifiers are compared for equality; see `bot.domain.identifiers`."""


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
        return value is not None and are_equal(value, self.value)


@dataclass(frozen=True, slots=True)
class Leaver:
    """The person whose access is taken away. Has at least one mail or log-in.

    `also` are further Slack ids of this very person: a second account, or one that the operator tied to them.
    `named` are Slack ids that only *Other logins* led to: they are kept from seeing the case, and take no right from
    anybody. `no_slack` says that somebody stated that the person has no Slack account.
    """

    name: str
    keys: tuple[Key, ...]
    slack_id: str | None = None
    team_id: str | None = None
    also: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    no_slack: bool = False

    @property
    def mails(self) -> tuple[Key, ...]:
        """The keys that are mail addresses."""
        return tuple(key for key in self.keys if key.kind is KeyKind.MAIL)

    @property
    def logins(self) -> tuple[Key, ...]:
        """The keys that are log-in names."""
        return tuple(key for key in self.keys if key.kind is KeyKind.LOGIN)

    @property
    def sure_keys(self) -> tuple[Key, ...]:
        """The keys that say who the person is; *Other logins* are free text and only widen the search."""
        return tuple(key for key in self.keys if key.source is not KeySource.OTHER)

    @property
    def slack_ids(self) -> frozenset[str]:
        """All Slack ids of this person; empty where they were not found in Slack."""
        return frozenset(one for one in (self.slack_id, *self.also) if one is not None)

    @property
    def unseeing(self) -> frozenset[str]:
        """The Slack ids that must not see the case: the person's own, and those that *Other logins* led to."""
        return self.slack_ids | frozenset(self.named)

    @property
    def address(self) -> str:
        """What the case is called by: the first mail, else the first log-in."""
        return (self.mails or self.keys)[0].value

    @property
    def initials(self) -> str:
        """What a discreet case is called by, e.g. `D. F.`."""
        return initials(self.name, self.address)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack: requester, approver, admin, owner or outsider.

    `mail` is the address that Slack vouches for, or None where the profile has none.
    `trusted` is False for bots, guests, deactivated people and people of another workspace.
    `also` are further Slack ids that the operator says are the same human (`[people]`).
    """

    user_id: str
    team_id: str
    name: str = ""
    mail: str | None = None
    trusted: bool = True
    also: tuple[str, ...] = ()

    @property
    def slack_ids(self) -> frozenset[str]:
        """All Slack ids of this human."""
        return frozenset((self.user_id, *self.also))

    def is_same_as(self, other: Person) -> bool:
        """Whether both are one human: by Slack id within a team, by the operator's word, or by mail.

        Two addresses that differ in case, spelling or sub-address (`amy+x@`) are one human's.
        """
        if (self.user_id, self.team_id) == (other.user_id, other.team_id):
            return True
        if self.user_id in other.also or other.user_id in self.also:
            return True
        return bool(self.mail and other.mail and is_variant(self.mail, other.mail))

    def is_leaver(self, leaver: Leaver) -> bool:
        """Whether this person is the one who leaves: by Slack id, or by a mail that says who that is."""
        if self.slack_ids & leaver.slack_ids:
            return True
        mails = (key.value for key in leaver.sure_keys if key.kind is KeyKind.MAIL)
        return self.mail is not None and any(is_variant(self.mail, mail) for mail in mails)
