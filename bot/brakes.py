"""Who may hold a case up or let it go on, and when a limit does so by itself. Pure, as `bot.policy`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.model import Approval, Case, CaseState, HoldKind, Person, Plan, PlanState, fold
from bot.policy import Limits, Policy, Ruling, may_decide, needs_address
from bot.ports import Membership

_OWN = Ruling(ok=False, why="You cannot act on your own offboarding.")


def may_stop(person: Person, admins: Membership, approvers: Membership, case: Case, policy: Policy) -> Ruling:
    """Whether this person may stop a run: any admin or approver, also one who asked for it. Stopping harms nobody."""
    if person.is_leaver(case.leaver):
        return _OWN
    for listed in (admins, approvers):
        if person.trusted and person.user_id in listed:
            return Ruling(ok=True, why=listed.why[person.user_id])
    who = (*policy.admins, *policy.approvers)
    return Ruling(ok=False, why="Only admins and approvers can stop a run. Nothing was done.", who=who)


def may_release(person: Person, admins: Membership, case: Case, policy: Policy) -> Ruling:
    """Whether this person may let a case go on that a limit holds: an admin."""
    if person.is_leaver(case.leaver):
        return _OWN
    if person.trusted and person.user_id in admins:
        return needs_address(person, policy.admins) or Ruling(ok=True, why=admins.why[person.user_id])
    return Ruling(ok=False, why="Only an admin can let this go on. Nothing was done.", who=policy.admins)


def may_choose(person: Person, approvers: Membership, case: Case, policy: Policy) -> Ruling:
    """Whether this person may say which of several accounts is the leaver's: whoever may decide on a plan."""
    ruling = may_decide(person, approvers, case, policy)
    if ruling.ok or person.user_id not in approvers:
        return ruling
    return Ruling(ok=False, why=ruling.why.replace("decide on", "choose in"), who=ruling.who)


def may_break_glass(person: Person, admins: Membership, case: Case, policy: Policy) -> Ruling:
    """Whether this person may begin at once without approvals: an admin, where the operator has allowed it at all."""
    if not policy.break_glass:
        return Ruling(ok=False, why="Break-glass is not switched on here. Nothing was done.", who=policy.approvers)
    if person.is_leaver(case.leaver):
        return _OWN
    if person.trusted and person.user_id in admins:
        allowed = Ruling(ok=True, why=f"{BREAK_GLASS}: {admins.why[person.user_id]}")
        return needs_address(person, policy.admins) or allowed
    return Ruling(ok=False, why="Only an admin can break the glass. Nothing was done.", who=policy.admins)


def names_the_leaver(typed: str, case: Case) -> bool:
    """Whether what was typed as the second confirmation is the address that the case is called by."""
    return fold(typed) == fold(case.leaver.address) != ""


BREAK_GLASS = "break-glass"


def is_break_glass(approval: Approval) -> bool:
    """Whether this was no approval by four eyes but an admin's break-glass."""
    return approval.why.startswith(BREAK_GLASS)


def approved_by(person: Person, plan: Plan, approvals: Iterable[Approval]) -> bool:
    """Whether this very Slack account gave an approval of the plan."""
    return any(
        (given.turn, given.user_id, given.team_id) == (plan.turn, person.user_id, person.team_id) for given in approvals
    )


def withdrawable(case: Case, plans: Iterable[Plan]) -> Plan | None:
    """Return the plan of which approvals can be taken back: the newest, unless its run has begun or it is over."""
    newest = max(plans, key=lambda plan: plan.turn, default=None)
    if newest is None:
        return None
    if newest.state is PlanState.WAITING and case.state in _OPEN:
        return newest
    held_before_its_run = case.hold is not None and case.hold.kind is HoldKind.LIMIT and not case.hold.retry
    waits = case.state is CaseState.APPROVED or (case.state is CaseState.PAUSED and held_before_its_run)
    return newest if waits and newest.state is PlanState.APPROVED else None


_OPEN = frozenset({CaseState.WAITING, CaseState.RUNNING, CaseState.NEEDS_PEOPLE})


@dataclass(frozen=True, slots=True)
class Started:
    """How many runs have begun: within an hour, within a day, and within a day on each approver's word."""

    last_hour: int
    last_day: int
    by_approver: Mapping[str, int]


def relax_for_break_glass(limits: Limits) -> Limits:
    """Return the limits that hold for break-glass: it goes beyond the pace of all runs, and beyond nothing else."""
    return replace(limits, per_hour=None, per_day=None)


def limit_reached(limits: Limits, started: Started) -> str | None:
    """Return in a sentence which limit one more run would break, or None. Names nobody."""
    if limits.per_hour is not None and started.last_hour >= limits.per_hour:
        return f"{_runs(limits.per_hour)} begun within an hour, which is the limit (per_hour)."
    if limits.per_day is not None and started.last_day >= limits.per_day:
        return f"{_runs(limits.per_day)} begun within a day, which is the limit (per_day)."
    most = max(started.by_approver.values(), default=0)
    if limits.per_approver_per_day is not None and most >= limits.per_approver_per_day:
        text = "begun within a day on one approver's word, which is the limit (per_approver_per_day)."
        return f"{_runs(limits.per_approver_per_day)} {text}"
    return None


def _runs(number: int) -> str:
    return "1 run has" if number == 1 else f"{number} runs have"


@dataclass(frozen=True, slots=True)
class Share:
    """Of a system's `size` users, how many went within a day or would go now."""

    label: str
    size: int
    going: int


def share_reached(limits: Limits, shares: Iterable[Share]) -> str | None:
    """Return in a sentence in which system more would go than the limit allows, or None. Names no person."""
    most = limits.share_of_system
    if most is None:
        return None
    for share in shares:
        # Rounded: 0.29 of 100 is a hair below 29 for a machine.
        if share.size > 0 and share.going > round(most * share.size, 6):
            of = f"{share.going} of {share.size} users of {share.label} would be taken away within a day"
            return f"{of}, which is more than the limit allows (share_of_system = {most:g})."
    return None
