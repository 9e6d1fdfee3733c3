"""Who may do what. Pure: a rule gets all it needs and returns its reason; it never raises, logs or asks the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.identifiers import normalize_identifier
from bot.model import Account, Approval, Case, CaseState, CaseSystem, Leaver, Person, Plan
from bot.ports import Membership


@dataclass(frozen=True, slots=True)
class Limits:
    """How many runs may begin within a rolling hour or day; None is no limit.

    `share_of_system` is the part (0 to 1) of a system's users that may be taken away within a rolling day.
    """

    per_approver_per_day: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    share_of_system: float | None = None

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        every = (self.per_approver_per_day, self.per_hour, self.per_day, self.share_of_system)
        return any(one is not None for one in every)


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's rules. Ids are Slack user ids and user-group ids.

    `people` are Slack ids that are one human each. `second_factor` asks every approver for a code from outside Slack.
    """

    requesters: tuple[str, ...]
    approvers: tuple[str, ...]
    admins: tuple[str, ...] = ()
    approvals: int = 1
    protected: tuple[str, ...] = ()
    approval_expiry: timedelta = field(default=timedelta(hours=72))
    cool_down: timedelta = field(default=timedelta())
    per_requester_per_day: int = 20
    limits: Limits = field(default=Limits())
    break_glass: bool = False
    second_factor: bool = False
    people: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says: `why` is the ground on which it is allowed, or the sentence for the person refused.

    `who` are the user and group ids of those who may, for a refusal.
    """

    ok: bool
    why: str
    who: tuple[str, ...] = ()


def may_ask(person: Person, requesters: Membership, policy: Policy) -> Ruling:
    """Whether this person may open a case."""
    if not person.trusted:
        return Ruling(ok=False, why="Guests, bots and people of other workspaces cannot ask for an offboarding.")
    if person.user_id not in requesters:
        text = "You are not on the list of people who may ask for an offboarding. Nothing was opened."
        return Ruling(ok=False, why=text, who=policy.requesters)
    return Ruling(ok=True, why=requesters.why[person.user_id])


def may_decide(person: Person, approvers: Membership, case: Case, policy: Policy) -> Ruling:
    """Whether this person may approve or decline: on the list now, and neither the requester nor the leaver."""
    if not person.trusted or person.user_id not in approvers:
        return Ruling(ok=False, why="You are not an approver. Nothing was done.", who=policy.approvers)
    if person.is_leaver(case.leaver):
        return Ruling(ok=False, why="You cannot decide on your own offboarding. Somebody else has to.")
    if person.is_same_as(case.requester):
        text = "You asked for this offboarding, so you cannot decide on it. Another approver has to."
        return Ruling(ok=False, why=text, who=policy.approvers)
    return Ruling(ok=True, why=approvers.why[person.user_id])


def may_mend(person: Person, admins: Membership, system: CaseSystem, case: Case, policy: Policy) -> Ruling:
    """Whether this person may retry, mark done or skip a system: an admin, or the system's owner."""
    if person.is_leaver(case.leaver):
        return Ruling(ok=False, why="You cannot act on your own offboarding.")
    if person.trusted and person.user_id in admins:
        return Ruling(ok=True, why=admins.why[person.user_id])
    if person.trusted and system.owner is not None and person.user_id == system.owner:
        return Ruling(ok=True, why=f"owner of {system.name}")
    who = (*policy.admins, *((system.owner,) if system.owner else ()))
    return Ruling(ok=False, why=f"Only admins and the owner of {system.label} can do this. Nothing was done.", who=who)


def may_cancel(person: Person, admins: Membership, case: Case, policy: Policy) -> Ruling:
    """Whether this person may cancel: an admin, or the requester as long as nothing was approved."""
    if person.is_leaver(case.leaver):
        return Ruling(ok=False, why="You cannot act on your own offboarding.")
    if person.trusted and person.user_id in admins:
        return Ruling(ok=True, why=admins.why[person.user_id])
    own = person.trusted and person.is_same_as(case.requester)
    if own and case.state in {CaseState.LOOKING, CaseState.WAITING} and case.attempt == 0:
        return Ruling(ok=True, why="asked for it, and nothing was approved")
    return Ruling(ok=False, why="Only an admin can cancel this now. Nothing was done.", who=policy.admins)


def sees_all(person: Person, approvers: Membership, admins: Membership, owners: Sequence[str]) -> bool:
    """Whether this person sees every case; others see those that they asked for."""
    listed = person.user_id in approvers or person.user_id in admins or person.user_id in owners
    return person.trusted and listed


def possible_approvers(approvers: Membership, requester: Person, leaver: Leaver) -> int:
    """How many people of the list could approve this case."""
    return len(set(approvers.why) - {requester.user_id, leaver.slack_id})


def approvals_needed(policy: Policy, systems: Iterable[CaseSystem]) -> int:
    """How many distinct approvers a plan that touches these systems needs."""
    return max([policy.approvals, *(system.approvals for system in systems)])


def needed_now(policy: Policy, plan: Plan, connected: Iterable[CaseSystem]) -> int:
    """How many approvals a plan needs: what it was shown with, or what the configuration asks by now, if more."""
    touched = {system.name for system in plan.systems if system.chosen}
    return max(plan.needed, approvals_needed(policy, [system for system in connected if system.name in touched]))


def counting(approvals: Iterable[Approval], requester: Person, leaver: Leaver) -> int:
    """How many different people approved; requester and leaver never count, one human with two ids counts once."""
    seen: list[Person] = []
    for approval in approvals:
        person = Person(approval.user_id, approval.team_id, mail=approval.mail)
        if person.is_same_as(requester) or person.is_leaver(leaver):
            continue
        if not any(person.is_same_as(other) for other in seen):
            seen.append(person)
    return len(seen)


def protected_by(patterns: Iterable[str], values: Iterable[str]) -> str | None:
    """Return the pattern that protects one of the values, or None. `*` stands for anything; nothing else is special."""
    folded = [normalize_identifier(value) for value in values if value]
    return next((one for one in patterns if any(_fits(normalize_identifier(one), value) for value in folded)), None)


def _fits(pattern: str, value: str) -> bool:
    """Whether `*` in the pattern can stand for what the value has there. Takes linear time for each part."""
    first, *others = pattern.split("*")
    if not others:
        return value == pattern
    if not value.startswith(first):
        return False
    place = len(first)
    for part in others[:-1]:
        found = value.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return len(value) - place >= len(others[-1]) and value.endswith(others[-1])


def account_names(account: Account) -> tuple[str, ...]:
    """All by which an account may be protected: handle, id and every fact of its identity."""
    return (account.handle, account.id, *(value for _, value in account.identity))


def start_of(when: datetime | None, approved_at: datetime, cool_down: timedelta) -> datetime:
    """When a case may begin: the time asked for, or the last approval and its cool-down, whichever is later."""
    earliest = approved_at + cool_down
    return max(when, earliest) if when is not None else earliest
