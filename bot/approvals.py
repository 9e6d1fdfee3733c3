"""Which approvals count now, and which accounts they let a run remove. Pure; every start of a run is judged here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import policy as rules
from bot.brakes import is_break_glass
from bot.model import Approval, CaseSystem, CaseView, Plan, PlannedAccount, PlanState
from bot.policy import Policy
from bot.ports import Membership

NOBODY = Membership({})
"""A list that is known to be empty."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Who is an approver and who is an admin, read just before."""

    approvers: Membership
    admins: Membership = NOBODY


@dataclass(frozen=True, slots=True)
class Support:
    """What a plan rests on now: the approvals that still count, how many people that are, and how many are needed."""

    approvals: tuple[Approval, ...]
    have: int
    needed: int

    @property
    def is_enough(self) -> bool:
        """Whether a run of the plan may start: enough people approve, or an admin's break-glass still counts."""
        return self.have >= self.needed or any(is_break_glass(given) for given in self.approvals)

    @property
    def users(self) -> tuple[str, ...]:
        """The Slack ids on whose word a run of the plan rests."""
        return tuple(sorted({given.user_id for given in self.approvals}))


def find_support(
    view: CaseView, plan: Plan, lists: Lists, policy: Policy, connected: Iterable[CaseSystem], *more: Approval
) -> Support:
    """Say whether those who approved this plan still may, and are enough by the rules of today.

    `more` are approvals that the view does not hold yet. Break-glass counts while it is switched on and its admin is
    one. Where a code from outside Slack is asked for by now, approvals without one count no longer. Raises
    `NotAskedAbout` where the lists do not say it of everybody who approved the plan.
    """
    systems = tuple(connected)
    of_plan = (one for one in (*view.approvals, *more) if one.turn == plan.turn)
    given = rules.with_codes(of_plan, needed=rules.is_code_needed(policy, plan, view.case, systems))
    valid = (*_of_approvers(given, lists.approvers), *_of_admins(given, lists.admins, policy))
    ordinary = [one for one in valid if not is_break_glass(one)]
    have = rules.counting(ordinary, view.case.requester, view.case.leaver, policy.people)
    return Support(valid, have, rules.needed_now(policy, plan, systems))


def _of_approvers(given: Sequence[Approval], approvers: Membership) -> Iterable[Approval]:
    ordinary = [one for one in given if not is_break_glass(one)]
    listed = approvers.among(one.user_id for one in ordinary)
    return (one for one in ordinary if one.user_id in listed)


def _of_admins(given: Sequence[Approval], admins: Membership, policy: Policy) -> Iterable[Approval]:
    glass = [one for one in given if is_break_glass(one)]
    listed = admins.among(one.user_id for one in glass)
    return (one for one in glass if policy.break_glass and one.user_id in listed)


@dataclass(frozen=True, slots=True)
class Approved:
    """An account that a plan was approved for, as it was shown."""

    plan: Plan
    account: PlannedAccount


def find_approved(view: CaseView, system: str, policy: Policy, run: int, at: datetime | None) -> tuple[Approved, ...]:
    """Return the accounts of a system that run number `run`, started at `at`, may remove.

    The newest plan that names an account decides about it: an approval of an older plan does not count for an account
    that was put before the approvers again, whatever they said. The caller leaves out what has ended.
    """
    found: dict[str, Approved] = {}
    for plan in view.plans:
        planned = plan.system(system)
        holds = plan.state is PlanState.APPROVED and _is_in_time(view, plan, policy, run, at)
        for one in planned.accounts if planned is not None else ():
            found.pop(one.account.id, None)
            if holds and one.chosen:
                found[one.account.id] = Approved(plan, one)
    return tuple(found.values())


def _is_in_time(view: CaseView, plan: Plan, policy: Policy, run: int, at: datetime | None) -> bool:
    """An approval holds for its own run, whenever that starts; for a retry it must not be older than the expiry."""
    is_retry = run > sum(one.state is PlanState.APPROVED for one in view.plans)
    given = [approval.at for approval in view.approvals if approval.turn == plan.turn]
    return not is_retry or (bool(given) and at is not None and at < max(given) + policy.approval_expiry)


def find_unfinished(view: CaseView, system: str, policy: Policy, at: datetime) -> tuple[Approved, ...]:
    """Return the accounts of a system that a retry started now would remove: approved, and without a good end."""
    ended = {outcome.account_id for outcome in view.of_system(system) if outcome.ended_well}
    approved = find_approved(view, system, policy, view.case.attempt + 1, at)
    return tuple(one for one in approved if one.account.account.id not in ended)
