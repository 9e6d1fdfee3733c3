"""What a system says about the leaver, and what can be done to an account there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.outcome import Word
from bot.model.people import Key

Facts = tuple[tuple[str, str], ...]


def facts(**named: object) -> Facts:
    """Return named facts in a fixed order; a fact that is None is left out, the rest become text."""
    return tuple((name, str(value)) for name, value in sorted(named.items()) if value is not None)


class Match(StrEnum):
    """Why an account is thought to be the leaver's, in the words that people are shown."""

    EXACT = "exact match"
    DERIVED = "derived from the address"
    ASSIGNED = "assigned by the operator"
    OTHER = "found by other logins only"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person must know before deciding.

    `stops` is the outcome that the account gets instead of a removal (`manual` or `refused`); None only informs.
    """

    text: str
    stops: Word | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One call that changes an account. `says` completes the sentence "would …", e.g. "disable the user"."""

    name: str
    says: str
    irreversible: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """One account of one person in one system.

    `id` is the system's immutable id. `identity` must be equal at removal; `weight` (roles, ownership, hosts) may
    shrink but never grow; `parts` (identities, devices) may only get fewer; `notes` are shown and never compared.
    `left` says in one sentence what access remains after this account is gone, or is empty.
    `ends_at` is set where the vendor has already accepted a later removal. `one_at_a_time` keeps removals of
    such accounts in one system apart: administrators, since the last one must stay, and accounts of a system in
    which every change makes the others' revision stale. `would` are the steps that a removal would take from here;
    the look fills it in, adapters leave it empty.
    """

    system: str
    id: str
    handle: str
    identity: Facts
    match: Match
    matched_by: tuple[Key, ...] = ()
    weight: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    notes: Facts = ()
    findings: tuple[Finding, ...] = ()
    left: str = ""
    ends_at: datetime | None = None
    one_at_a_time: bool = False
    would: tuple[Step, ...] = ()

    @property
    def stop(self) -> Finding | None:
        """The finding that keeps the bot's hands off this account, if there is one."""
        return next((finding for finding in self.findings if finding.stops is not None), None)


class Sight(StrEnum):
    """How much of a system was seen, in the words that people are shown."""

    FULL = "read"
    PARTIAL = "not seen with this key"
    UNASSIGNED = "not looked at: nothing is assigned"
    NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one look at one system showed. Nothing found means *absent* only where `sight` is FULL.

    `similar` are handles that are near a key but not equal: shown, never chosen. `reason` says why a system
    was not read, for people. `size` is how many users the system has, where the look tells that by the way.
    """

    system: str
    sight: Sight
    accounts: tuple[Account, ...] = ()
    similar: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    size: int | None = None


class SentState(StrEnum):
    """What the vendor answered to a step."""

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    PENDING = "pending"
    NO_SUCH_ACCOUNT = "no such account"


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer to one step. `at` is the vendor's date where the state is SCHEDULED."""

    state: SentState
    at: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """What `check` found: `ok` only where credentials and rights suffice and the whole system is seen."""

    ok: bool
    says: str
    sees_all: bool = True
