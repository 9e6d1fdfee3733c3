"""Starting a run: every start is judged anew, held by the limits, and asks for approvals where they do not count.

Every function works inside the caller's transaction, on a case that the transaction holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

from bot import plan as planning
from bot.approvals import Approved, Lists, find_support, find_unfinished
from bot.brakes import Share, Started, limit_reached, relax_for_break_glass, share_reached
from bot.model import Approval, Case, CaseState, CaseView, Hold, HoldKind, Plan, PlanState, Sight
from bot.policy import Limits, Policy
from bot.ports import Engine, Systems, Tx, WorkKind

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Start:
    """A run that is to begin: of which plan, in which systems, and on whose approval it rests.

    `released`: an admin lets it go beyond all limits. `breaks_glass`: it goes beyond the pace of all runs.
    """

    turn: int
    systems: tuple[str, ...]
    users: tuple[str, ...] = ()
    retry: bool = False
    released: bool = False
    breaks_glass: bool = False


class StartResult(Enum):
    """What became of a start."""

    RUNS = "the run has begun"
    HELD = "a limit holds it until an admin releases it"
    ASKS = "the approvals do not count any more, and a plan waits for new ones"
    NOT_NOW = "the approvals do not count any more, and no new plan can be made at the moment"
    OVERTAKEN = "the case was moved meanwhile"

    @staticmethod
    def of(begun: Case | None) -> StartResult:
        """Return what it means that `begin` answered with this case."""
        if begun is None:
            return StartResult.OVERTAKEN
        return StartResult.RUNS if begun.state is CaseState.RUNNING else StartResult.HELD


def of_plan(plan: Plan, approvals: Iterable[Approval]) -> Start:
    """Return the start of what a plan was approved for."""
    users = tuple(sorted({given.user_id for given in approvals if given.turn == plan.turn}))
    return Start(plan.turn, systems_to_run(plan), users)


def systems_to_run(plan: Plan) -> tuple[str, ...]:
    """Return the systems of a plan in which something is to be done or looked at again."""
    return tuple(system.name for system in plan.systems if system.discovery.sight is not Sight.UNASSIGNED)


async def start(
    tx: Tx, engine: Engine, view: CaseView, wanted: Start, lists: Lists, policy: Policy, systems: Systems
) -> StartResult:
    """Begin a run if those who approved what it would remove still may and are enough; otherwise ask for approvals.

    Raises `NotAskedAbout` where the lists do not say it of everybody on whose word the run would rest.
    """
    if wanted.retry:
        return await _start_retry(tx, engine, view, wanted, lists, policy, systems)
    plan = next(plan for plan in view.plans if plan.turn == wanted.turn)
    support = find_support(view, plan, lists, policy, systems.connected())
    if not support.is_enough:
        await ask_again(tx, view.case, plan, policy, _LOST)
        return StartResult.ASKS
    begun = await begin(tx, engine, view.case, replace(wanted, users=support.users), policy)
    await tx.want(view.case.id, f"plan:{plan.turn}")
    return StartResult.of(begun)


async def _start_retry(
    tx: Tx, engine: Engine, view: CaseView, wanted: Start, lists: Lists, policy: Policy, systems: Systems
) -> StartResult:
    """Retry what was approved and has no good end. Where nothing would be removed, the retry only looks."""
    now = await tx.now()
    unfinished = {name: find_unfinished(view, name, policy, now) for name in wanted.systems}
    plans = {one.plan.turn: one.plan for found in unfinished.values() for one in found}
    # Everybody at once: one round of questions to Slack, however many plans there are.
    lists.approvers.among(given.user_id for given in view.approvals if given.turn in plans)
    supports = [find_support(view, plan, lists, policy, systems.connected()) for plan in plans.values()]
    if all(support.is_enough for support in supports):
        users = tuple(sorted({user for support in supports for user in support.users}))
        return StartResult.of(await begin(tx, engine, view.case, replace(wanted, users=users), policy))
    return await _ask_anew(tx, engine, view, wanted, unfinished, policy)


async def _ask_anew(
    tx: Tx, engine: Engine, view: CaseView, wanted: Start, unfinished: Mapping[str, Sequence[Approved]], policy: Policy
) -> StartResult:
    """Put what a retry would remove into a new plan that waits for approvals; nothing of it is sent before."""
    case = view.case
    if case.state is CaseState.RUNNING or view.open_plan is not None:
        return await _leave_to_open_plan(tx, view, policy)
    plan = planning.put_again(case, _approved_by_system(unfinished), view.looks, policy, await tx.now())
    await tx.add_plan(plan)
    await tx.audit(case.id, "plan", {"turn": plan.turn, "digest": plan.digest, "state": plan.state}, {})
    await tx.audit(case.id, "approval no longer valid", {"turn": plan.turn, "why": _LOST}, {})
    if plan.state is not PlanState.WAITING:
        # None of it may be chosen any more: the newest plan says so, and the run looks and removes nothing.
        moved = await tx.move(case, case.state, turn=plan.turn)
        begun = None if moved is None else await begin(tx, engine, moved, replace(wanted, users=()), policy)
        return StartResult.of(begun)
    for one in (one for found in unfinished.values() for one in found):
        await tx.drop_outcome(case.id, one.account.account.system, one.account.account.id)
    await _wait(tx, replace(case, turn=plan.turn), policy)
    await tx.want(case.id, f"plan:{plan.turn}", "progress")
    return StartResult.ASKS


def _approved_by_system(unfinished: Mapping[str, Sequence[Approved]]) -> Iterator[planning.Shown]:
    for name, found in unfinished.items():
        shown = next((system for one in reversed(found) if (system := one.plan.system(name)) is not None), None)
        if shown is not None:
            yield shown, tuple(one.account for one in found)


async def _leave_to_open_plan(tx: Tx, view: CaseView, policy: Policy) -> StartResult:
    """Start nothing; a case that a limit held waits again for the decision on its open plan."""
    if view.case.state is CaseState.PAUSED and view.open_plan is not None:
        await _wait(tx, view.case, policy)
        await tx.want(view.case.id, f"plan:{view.open_plan.turn}", "progress")
    return StartResult.NOT_NOW


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
    limits = relax_for_break_glass(policy.limits) if start.breaks_glass else policy.limits
    if not limits.any:
        return None
    now = await tx.now()
    by_approver = {user: await tx.started_since(user, now - _DAY) for user in start.users}
    started = Started(await tx.started_since(None, now - _HOUR), await tx.started_since(None, now - _DAY), by_approver)
    return limit_reached(limits, started) or share_reached(limits, await _shares(tx, case, start, limits))


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


def approved_plan(plans: Sequence[Plan]) -> Plan | None:
    """Return the newest plan that was approved."""
    return next((plan for plan in reversed(plans) if plan.state is PlanState.APPROVED), None)


async def ask_again(tx: Tx, case: Case, plan: Plan, policy: Policy, why: str) -> None:
    """Let an approved plan wait again, because its approvals are no longer enough; those that count go on counting."""
    await tx.set_plan_state(case.id, plan.turn, PlanState.APPROVED, PlanState.WAITING)
    await tx.audit(case.id, "approval no longer valid", {"turn": plan.turn, "why": why}, {})
    await _wait(tx, case, policy)
    await tx.want(case.id, f"plan:{plan.turn}")


async def _wait(tx: Tx, case: Case, policy: Policy) -> None:
    """Let the case wait for approvals, from now on as long as they may take."""
    expires_at = await tx.now() + policy.approval_expiry
    await tx.move(case, CaseState.WAITING, turn=case.turn, start_at=None, hold=None, expires_at=expires_at)
    await tx.want(case.id, "root")


_LOST = "an approver has lost the right"
