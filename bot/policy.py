"""Who may do what. Pure: a rule gets all it needs and returns its reason; it never raises, logs or asks the time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.identifiers import is_variant, local_part, loosen, normalize_identifier
from bot.domain.second_factor import is_with_code
from bot.model import Account, Approval, Case, CaseState, CaseSystem, Leaver, Person, Plan
from bot.ports import Membership

_BETWEEN_WORDS = re.compile(r"[\s.,_\-]+")
People = tuple[tuple[str, ...], ...]
"""Slack ids that the operator says are one human each (`[people]`)."""


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
    people: People = ()


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
    return needs_address(person, policy.approvers) or Ruling(ok=True, why=approvers.why[person.user_id])


def needs_address(person: Person, who: tuple[str, ...]) -> Ruling | None:
    """Refuse the decision of somebody for whom Slack vouches no address: nobody can tell whether they are two people.

    None where there is an address. `who` are the people who may decide instead.
    """
    if person.mail is not None:
        return None
    text = "Slack shows no confirmed address for you, so your decision cannot count. Confirm one in Slack, then press"
    return Ruling(ok=False, why=f"{text} again. Nothing was done.", who=who)


def may_mend(person: Person, admins: Membership, system: CaseSystem, case: Case, policy: Policy) -> Ruling:
    """Whether this person may retry, mark done or skip a system: an admin, or the system's owner."""
    if person.is_leaver(case.leaver):
        return Ruling(ok=False, why="You cannot act on your own offboarding.")
    who = (*policy.admins, *((system.owner,) if system.owner else ()))
    if person.trusted and person.user_id in admins:
        return needs_address(person, who) or Ruling(ok=True, why=admins.why[person.user_id])
    if person.trusted and system.owner is not None and person.user_id == system.owner:
        return needs_address(person, who) or Ruling(ok=True, why=f"owner of {system.name}")
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


def may_see(person: Person, case: Case, *, everything: bool) -> bool:
    """Whether this person may see a case; `everything` is what `sees_all` says of them.

    Whom *Other logins* led to is kept from seeing it, unless a list gives them the right: free text takes none away.
    """
    if person.is_leaver(case.leaver) or not person.trusted:
        return False
    if everything:
        return True
    return person.is_same_as(case.requester) and not person.slack_ids & case.leaver.unseeing


def states_no_slack(case: Case) -> bool:
    """Whether an approval of this case states that the leaver has no Slack account: nobody found them or said so."""
    return not case.leaver.slack_ids and not case.leaver.no_slack


def refuse_owner(person: Person, accounts: Iterable[Account], leaver: Leaver) -> Ruling | None:
    """Refuse a decision about accounts of which one carries this person's address, or could be theirs by its name.

    None where there is no such account. Names are compared only where the leaver was not found in Slack: there whoever
    decides may be the leaver.
    """
    if not _owns_one(person, tuple(accounts), leaver):
        return None
    text = "An account that was found has your address or name, so you cannot decide this. You can decline a plan that"
    return Ruling(ok=False, why=f"{text} waits; all else is for somebody else. Nothing was done.")


def _owns_one(person: Person, accounts: Sequence[Account], leaver: Leaver) -> bool:
    texts = [text for account in accounts for text in (account.handle, *(value for _, value in account.identity))]
    if person.mail is not None and any(is_variant(text, person.mail) for text in texts):
        return True
    names = {_loosen_name(name) for account in accounts for name in _names_of(account)}
    return not leaver.slack_ids and _loosen_name(person.name) in names - {""}


def _names_of(account: Account) -> tuple[str, ...]:
    said = (value for fact, value in (*account.identity, *account.notes) if fact == "name")
    return (*said, local_part(account.handle))


def _loosen_name(name: str) -> str:
    """Return a name's words in one order, so that `frost, dana` and `dana.frost` are `Dana Frost`."""
    return " ".join(sorted(word for word in _BETWEEN_WORDS.split(loosen(name)) if word))


def possible_approvers(people: Iterable[Person], requester: Person, leaver: Leaver) -> int:
    """How many different people could approve this case; who has no address that Slack vouches for cannot."""
    could = [one for one in people if one.mail and not one.is_same_as(requester) and not one.is_leaver(leaver)]
    return len(different(could))


def different(people: Iterable[Person]) -> tuple[Person, ...]:
    """Return one of each human: who has two Slack ids stands here once, under the first."""
    seen: list[Person] = []
    for person in people:
        if not any(person.is_same_as(other) for other in seen):
            seen.append(person)
    return tuple(seen)


def approvals_needed(policy: Policy, systems: Iterable[CaseSystem]) -> int:
    """How many distinct approvers a plan that touches these systems needs."""
    return max([policy.approvals, *(system.approvals for system in systems)])


def needed_now(policy: Policy, plan: Plan, connected: Iterable[CaseSystem]) -> int:
    """How many approvals a plan needs: what it was shown with, or what the configuration asks by now, if more."""
    touched = {system.name for system in plan.systems if system.chosen}
    return max(plan.needed, approvals_needed(policy, [system for system in connected if system.name in touched]))


def is_code_needed(policy: Policy, plan: Plan, case: Case, connected: Iterable[CaseSystem]) -> bool:
    """Whether an approval of this plan needs a code: by the rules, or for a system in which it chose an account.

    A system may ask for it since the request or by the configuration of today.
    """
    touched = {system.name for system in plan.systems if system.chosen}
    listed = (*case.systems, *connected)
    return policy.second_factor or any(system.second_factor and system.name in touched for system in listed)


def with_codes(approvals: Iterable[Approval], *, needed: bool) -> list[Approval]:
    """Return the approvals that count where codes are `needed`: those that were given with one."""
    return [given for given in approvals if not needed or is_with_code(given.why)]


def counting(approvals: Iterable[Approval], requester: Person, leaver: Leaver, people: People = ()) -> int:
    """How many different people approved; requester and leaver never count, one human with two ids counts once.

    An approval by somebody without an address does not count. `people` are ids that are one human each.
    """
    return possible_approvers([approver_of(one, people) for one in approvals], requester, leaver)


def approver_of(approval: Approval, people: People = ()) -> Person:
    """Return who gave an approval, with the other ids of the same human."""
    also = next((ids for ids in people if approval.user_id in ids), ())
    others = tuple(one for one in also if one != approval.user_id)
    return Person(approval.user_id, approval.team_id, mail=approval.mail, also=others)


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
