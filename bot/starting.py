"""Beginning a run: within the limits it begins, beyond them the case pauses until an admin lets it go on.

Every function works inside the caller's transaction, on a case that the transaction holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import policy as rules
from bot.brakes import Share, Started, limit_reached, share_reached
from bot.model import Approval, Case, CaseState, CaseView, Hold, HoldKind, Plan, PlanState, Sight
from bot.policy import Limits, Policy
from bot.ports import Engine, Membership, Systems, Tx, WorkKind

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Start:
    """A run that is to begin: of which plan, in which systems, and on whose approval it rests."""

    turn: int
    systems: tuple[str, ...]
    users: tuple[str, ...] = ()
    retry: bool = False
    released: bool = False


def of_plan(plan: Plan, approvals: Iterable[Approval], *, released: bool = False) -> Start:
    """Return the start of what a plan was approved for."""
    users = tuple(sorted({given.user_id for given in approvals if given.turn == plan.turn}))
    return Start(plan.turn, systems_to_run(plan), users, released=released)


def systems_to_run(plan: Plan) -> tuple[str, ...]:
    """Return the systems of a plan in which something is to be done or looked at again."""
    return tuple(system.name for system in plan.systems if system.discovery.sight is not Sight.UNASSIGNED)


async def begin(tx: Tx, engine: Engine, case: Case, start: Start, policy: Policy) -> Case | None:
    """Begin removing under a new attempt number, or pause at a limit; None where the case was moved meanwhile.

    What begins while the case is running belongs to the run under way and is not counted again.
    """
    if case.state is not CaseState.RUNNING:
        reached = None if start.released else await _reached(tx, case, start, policy)
        if reached is not None:
            return await _pause(tx, case, start, reached)
    names = sorted(start.systems)
    moved = await tx.move(case, CaseState.RUNNING, attempt=case.attempt + 1, start_at=await tx.now(), hold=None)
    if moved is None:
        return None
    if case.state is not CaseState.RUNNING:
        await tx.note_start(case.id, moved.attempt, start.users)
    await tx.add_work(case.id, WorkKind.REMOVE, moved.attempt, start.turn, names)
    for name in names:
        await engine.enqueue(tx, WorkKind.REMOVE, case.id, moved.attempt, name)
    await tx.audit(case.id, "run", {"attempt": moved.attempt, "turn": start.turn, "systems": names}, {})
    await tx.want(case.id, "root", "progress")
    return moved


async def _reached(tx: Tx, case: Case, start: Start, policy: Policy) -> str | None:
    if not policy.limits.any:
        return None
    now = await tx.now()
    by_approver = {user: await tx.started_since(user, now - _DAY) for user in start.users}
    started = Started(await tx.started_since(None, now - _HOUR), await tx.started_since(None, now - _DAY), by_approver)
    return limit_reached(policy.limits, started) or share_reached(
        policy.limits, await _shares(tx, case, start, policy.limits)
    )


async def _shares(tx: Tx, case: Case, start: Start, limits: Limits) -> list[Share]:
    """Count, for each system that told its size, what would go of it within a day if this run began."""
    view = await tx.view(case.id) if limits.share_of_system is not None else None
    if view is None:
        return []
    since, shares = await tx.now() - _DAY, []
    for name in start.systems:
        size, own = _size(view, name), {(case.id, account_id) for account_id in _would_go(view, start, name)}
        if size is not None and own:
            system = case.system(name)
            going = len(await tx.going_since(name, since) | own)
            shares.append(Share(system.label if system is not None else name, size, going))
    return shares


def _size(view: CaseView, system: str) -> int | None:
    """Return how many users the system told it has, in the last look that told it."""
    looks = [view.look(system), *(found.discovery for plan in reversed(view.plans) if (found := plan.system(system)))]
    return next((look.size for look in looks if look is not None and look.size is not None), None)


def _would_go(view: CaseView, start: Start, system: str) -> Iterator[str]:
    """Yield the ids of the accounts that the run may take; of a retry, all that was ever approved."""
    for plan in view.plans:
        of_this_run = plan.turn == start.turn or (start.retry and plan.state is PlanState.APPROVED)
        found = plan.system(system) if of_this_run else None
        yield from (account.id for account in (found.chosen if found is not None else ()))


async def _pause(tx: Tx, case: Case, start: Start, why: str) -> Case | None:
    hold = Hold(HoldKind.LIMIT, why, start.turn, tuple(sorted(start.systems)), start.retry)
    moved = await tx.move(case, CaseState.PAUSED, hold=hold, expires_at=None)
    if moved is None:
        return None
    await tx.audit(case.id, "limit reached", {"turn": start.turn, "systems": list(hold.systems), "why": why}, {})
    await tx.want(case.id, "root", f"plan:{start.turn}", f"held:{case.attempt + 1}")
    if case.attempt:
        await tx.want(case.id, "progress")
    return moved


def still_approved(view: CaseView, plan: Plan, approvers: Membership, policy: Policy, systems: Systems) -> bool:
    """Whether those who approved may still do so, and are enough by the rules of today.

    Raises `NotAskedAbout` where `approvers` does not say it of everybody who approved this plan.
    """
    is_code_needed = rules.is_code_needed(policy, plan, view.case, systems.connected())
    given = rules.with_codes((given for given in view.approvals if given.turn == plan.turn), needed=is_code_needed)
    valid = standing(given, approvers)
    needed = rules.needed_now(policy, plan, systems.connected())
    return rules.counting(valid, view.case.requester, view.case.leaver) >= needed


def standing(approvals: Sequence[Approval], approvers: Membership) -> list[Approval]:
    """Return those of these approvals whose givers are on the list now. Raises `NotAskedAbout`, as `still_approved`."""
    listed = approvers.among(given.user_id for given in approvals)
    return [given for given in approvals if given.user_id in listed]


def approved_plan(plans: Sequence[Plan]) -> Plan | None:
    """Return the newest plan that was approved."""
    return next((plan for plan in reversed(plans) if plan.state is PlanState.APPROVED), None)


async def ask_again(tx: Tx, case: Case, plan: Plan, policy: Policy, why: str) -> None:
    """Let an approved plan wait again, because its approvals are no longer enough; those that count go on counting."""
    await tx.set_plan_state(case.id, plan.turn, PlanState.APPROVED, PlanState.WAITING)
    expires_at = await tx.now() + policy.approval_expiry
    await tx.move(case, CaseState.WAITING, start_at=None, hold=None, expires_at=expires_at)
    await tx.audit(case.id, "approval no longer valid", {"turn": plan.turn, "why": why}, {})
    await tx.want(case.id, "root", f"plan:{plan.turn}")
