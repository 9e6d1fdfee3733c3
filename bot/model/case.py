"""A case: one leaver, from the request to the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.account import Discovery, Sight
from bot.model.outcome import Outcome, Word, worst
from bot.model.people import Leaver, Person
from bot.model.plan import Approval, Plan, PlanState


class CaseState(StrEnum):
    """Where a case stands, in the words of the outside."""

    LOOKING = "looking"
    WAITING = "waiting"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    NEEDS_PEOPLE = "needs people"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_S = CaseState
TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    _S.LOOKING: frozenset({_S.WAITING, _S.NEEDS_PEOPLE, _S.CLOSED, _S.CANCELLED}),
    _S.WAITING: frozenset(
        {
            _S.LOOKING,
            _S.APPROVED,
            _S.RUNNING,
            _S.PAUSED,
            _S.NEEDS_PEOPLE,
            _S.CLOSED,
            _S.DECLINED,
            _S.CANCELLED,
            _S.EXPIRED,
        }
    ),
    _S.APPROVED: frozenset({_S.RUNNING, _S.WAITING, _S.PAUSED, _S.NEEDS_PEOPLE, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.WAITING, _S.PAUSED, _S.NEEDS_PEOPLE, _S.CLOSED}),
    _S.PAUSED: frozenset({_S.RUNNING, _S.APPROVED, _S.WAITING, _S.NEEDS_PEOPLE, _S.CLOSED, _S.CANCELLED}),
    _S.NEEDS_PEOPLE: frozenset({_S.RUNNING, _S.WAITING, _S.PAUSED, _S.CLOSED, _S.CANCELLED}),
    _S.CLOSED: frozenset({_S.NEEDS_PEOPLE}),
    _S.DECLINED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
}
NO_CHANNEL = ""
"""The channel of a case for which no channel is usable: nothing is posted, and people were told directly."""
NOT_KNOWN = "?"
"""The channel of a case of which Slack does not say at the moment where it can be told: nothing is posted yet."""
NOWHERE = (NO_CHANNEL, NOT_KNOWN)
RELEASED = frozenset({_S.CLOSED, _S.DECLINED, _S.CANCELLED, _S.EXPIRED})
"""States in which the person may have a new case."""


class WorkKind(StrEnum):
    """What is done in one system of a case."""

    LOOK = "look"
    REMOVE = "remove"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class CaseSystem:
    """A system as it was connected when the case was requested. `owner` is a Slack id or None.

    `second_factor` says that whoever approves must also give a code from outside Slack.
    """

    name: str
    label: str
    kind: str
    identity: str
    approvals: int
    owner: str | None = None
    second_factor: bool = False


class HoldKind(StrEnum):
    """Why a case does not go on by itself."""

    STOPPED = "stopped"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps a case from going on: a person's Stop, or a limit. `says` tells people why.

    For a limit, `turn` and `systems` are the run that waits for an admin's release; `retry` that it is a retry.
    """

    kind: HoldKind
    says: str
    turn: int = 0
    systems: tuple[str, ...] = ()
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for in the modal. `view_id` makes opening idempotent. `when` None means now (else UTC)."""

    view_id: str
    requester: Person
    leaver: Leaver
    systems: tuple[str, ...]
    reason: str = ""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands. Times are UTC. `attempt` counts runs, `turn` plans; both start at 0.

    `closing_note` is the reason given and `ended_by` the Slack id of who declined or cancelled. `redacted_at` says when
    what was personal of an old case was deleted. `confirmed_by` is the Slack id of who confirmed that the address is
    right and that no system knows the person.
    """

    id: int
    state: CaseState
    leaver: Leaver
    requester: Person
    reason: str
    systems: tuple[CaseSystem, ...]
    channel: str
    discreet: bool
    opened_at: datetime
    when: datetime | None = None
    start_at: datetime | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    turn: int = 0
    attempt: int = 0
    closing_note: str = ""
    ended_by: str | None = None
    hold: Hold | None = None
    redacted_at: datetime | None = None
    confirmed_by: str | None = None

    @property
    def name(self) -> str:
        """How people call it, e.g. `OFF-12`."""
        return f"OFF-{self.id}"

    @property
    def title(self) -> str:
        """The leaver as the channel may see them: address, or initials in a discreet case."""
        return self.leaver.initials if self.discreet else self.leaver.address

    def system(self, name: str) -> CaseSystem | None:
        """The system of that name, or None where the case is not about it."""
        return next((system for system in self.systems if system.name == name), None)


@dataclass(frozen=True, slots=True)
class DueLook:
    """A later look that is to be asked for."""

    system: str
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Recheck:
    """A later look at a system in which something was taken away. `name` says which; `tries` how often it was tried."""

    id: int
    case_id: int
    system: str
    name: str
    due_at: datetime
    tries: int = 0

    @property
    def number(self) -> int:
        """The number under which the engine knows this try of this look; unique for ever."""
        return self.id * 100 + self.tries


@dataclass(frozen=True, slots=True)
class Working:
    """A system that is being worked on. `says` is the present step or wait, for people."""

    system: str
    says: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that a message about a case can show: one consistent read.

    `looks` holds the latest discovery of each system that was looked at. `elsewhere` are the labels of systems that
    are connected and not part of the case; like `admins` and `approvers` it is filled in by whoever shows the case, as
    is `head`: how far the case's audit chain goes, in the short form that `verify --head` takes.
    """

    case: Case
    plans: tuple[Plan, ...] = ()
    approvals: tuple[Approval, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    looks: tuple[Discovery, ...] = ()
    working: tuple[Working, ...] = ()
    admins: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    head: str = ""

    @property
    def open_plan(self) -> Plan | None:
        """The newest plan that waits for approvals."""
        return next((plan for plan in reversed(self.plans) if plan.state is PlanState.WAITING), None)

    def of_system(self, name: str) -> tuple[Outcome, ...]:
        """The outcomes of one system."""
        return tuple(outcome for outcome in self.outcomes if outcome.system == name)

    def word(self, name: str) -> Word | None:
        """The one word for a system, or None while it has none."""
        return worst(self.of_system(name))

    def look(self, name: str) -> Discovery | None:
        """The latest discovery of one system."""
        return next((look for look in self.looks if look.system == name), None)

    def needs_people(self, name: str) -> bool:
        """Whether a person has to retry, mark done or skip this system before the case can be closed.

        Nobody has to where the whole system was read and every account ended well, where nothing is assigned, or
        where a person has ended it. Good outcomes of a system that was not seen as a whole are not enough.
        """
        outcomes = self.of_system(name)
        if any(not outcome.ended_well for outcome in outcomes):
            return True
        sight = look.sight if (look := self.look(name)) is not None else None
        if sight is Sight.UNASSIGNED:
            return False
        by_a_person = any(outcome.done_by is not None for outcome in outcomes)
        return not outcomes or not (sight is Sight.FULL or by_a_person)
