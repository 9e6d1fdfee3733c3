"""How a case moves on: what follows when the last system was looked at, or the last one has ended.

Every function works inside the caller's transaction, on a case that the transaction holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot import later, nothing_found
from bot import plan as planning
from bot.model import Case, CaseState, CaseView, Discovery, Outcome, Plan, PlanState, Word
from bot.policy import Policy
from bot.ports import Tx

MAX_TURNS = 3


async def after_looks(tx: Tx, case: Case, policy: Policy) -> None:
    """Make the first plan once every system was looked at; end the case where there is nothing to approve."""
    view = await _view(tx, case)
    await _put_plan(tx, case, view.looks, policy)


async def after_removals(tx: Tx, case: Case, policy: Policy) -> None:
    """End the case, or make another plan of the accounts that changed or are new since the approval."""
    view = await _view(tx, case)
    waiting = planning.unapproved(view.looks, view.outcomes)
    if case.state is CaseState.PAUSED:
        await refuse_unapproved(tx, case, waiting, "It changed since the approval, and the case was stopped.")
        await end(tx, case)
    elif waiting and view.open_plan is not None:
        await _wait_for_approval(tx, case, view.open_plan, policy)
    elif waiting and _may_turn(view):
        if nothing_found.was_asked(view):
            await tx.want(case.id, "nothing")
        await _put_plan(tx, case, waiting, policy, view.looks)
    else:
        await refuse_unapproved(tx, case, waiting, "It changed since the approval too often; an admin has to look.")
        await end(tx, case)


def _may_turn(view: CaseView) -> bool:
    """Whether another plan may be asked for: two after the first, and one more for each retry or choice by a person."""
    choices = sum(any(one.picked for system in plan.systems for one in system.accounts) for plan in view.plans)
    retries = view.case.attempt - sum(plan.state is PlanState.APPROVED for plan in view.plans)
    return view.case.turn < MAX_TURNS + retries + choices


async def _put_plan(
    tx: Tx, case: Case, looks: Iterable[Discovery], policy: Policy, whole: Iterable[Discovery] = ()
) -> None:
    now = await tx.now()
    plan = planning.make(case, looks, policy, now, whole)
    await tx.add_plan(plan)
    await tx.audit(case.id, "plan", {"turn": plan.turn, "digest": plan.digest, "state": plan.state}, {})
    case = replace(case, turn=plan.turn)
    if plan.state is PlanState.WAITING:
        await _wait_for_approval(tx, case, plan, policy)
        return
    for outcome in planning.outcomes_without_removal(plan, now):
        await put_outcome(tx, case, outcome)
    shows = any(one.accounts or one.discovery.findings or one.discovery.similar for one in plan.systems)
    if shows and not nothing_found.is_nothing_found(await _view(tx, case)):
        await tx.want(case.id, f"plan:{plan.turn}")
    await end(tx, case)


async def _wait_for_approval(tx: Tx, case: Case, plan: Plan, policy: Policy) -> None:
    expires_at = await tx.now() + policy.approval_expiry
    await tx.move(case, CaseState.WAITING, turn=case.turn, expires_at=expires_at)
    await tx.want(case.id, "root", f"plan:{plan.turn}", *(("progress",) if case.attempt else ()))


async def plan_of_choice(tx: Tx, case: Case, shown: Plan, plan: Plan, policy: Policy) -> Case | None:
    """Put a plan that follows from a person's choice in the place of the one that was shown; it waits for approvals.

    None where the shown plan was decided on meanwhile.
    """
    if shown.state is PlanState.WAITING:
        if not await tx.set_plan_state(case.id, shown.turn, PlanState.WAITING, PlanState.VOID):
            return None
        await tx.want(case.id, f"plan:{shown.turn}")
    for account in plan.chosen():
        await tx.drop_outcome(case.id, account.system, account.id)
    await tx.add_plan(plan)
    await tx.audit(case.id, "plan", {"turn": plan.turn, "digest": plan.digest, "state": plan.state}, {})
    case = replace(case, turn=plan.turn)
    await _wait_for_approval(tx, case, plan, policy)
    return case


async def refuse_unapproved(tx: Tx, case: Case, waiting: Iterable[Discovery], why: str) -> None:
    """Give accounts that nobody approved anew their outcome: they stay."""
    now = await tx.now()
    for look in waiting:
        for account in look.accounts:
            outcome = Outcome(
                look.system, account.id, Word.REFUSED, why, now, account.handle, "The account still works."
            )
            await put_outcome(tx, case, outcome)


async def put_outcome(tx: Tx, case: Case, outcome: Outcome) -> None:
    """Store one outcome and put it into the audit."""
    await tx.put_outcome(case.id, case.attempt, outcome)
    facts = {
        "system": outcome.system,
        "attempt": case.attempt,
        "word": outcome.word,
        "proved_at": outcome.proof.at.isoformat() if outcome.proof else None,
        "by_id": outcome.proof.by_id if outcome.proof else None,
        "by_search": outcome.proof.by_search if outcome.proof else None,
        "effective_at": outcome.effective_at,
        "done_by": outcome.done_by,
    }
    named = {"account": outcome.account_id, "handle": outcome.handle}
    personal = {**named, "sentence": outcome.sentence, "left": outcome.left}
    await tx.audit(case.id, "outcome", facts, personal)


async def end(tx: Tx, case: Case) -> None:
    """Close the case, or hand it to people, now that every account has an outcome; says so in the thread.

    Where no system knows the person, it is closed only after somebody has answered for that.
    """
    view = await _view(tx, case)
    is_open = any(not is_settled(view, name) for name in _names(case)) or nothing_found.is_doubtful(view)
    to = CaseState.NEEDS_PEOPLE if is_open else CaseState.CLOSED
    moved = await tx.move(case, to, turn=case.turn, ended_at=case.ended_at or await tx.now(), expires_at=None)
    if moved is None:
        return
    await tx.audit(case.id, "ended", {"state": to}, {})
    for look in await tx.add_rechecks(case.id, tuple(later.due_later(view, await tx.now()))):
        facts = {"system": look.system, "look": look.name, "due_at": look.due_at}
        await tx.audit(case.id, "look due", facts, {})
    asks = ("nothing",) if nothing_found.is_nothing_found(view) else ()
    await tx.want(case.id, "root", "progress", *asks, "closing", "pack")
    await tx.want(case.id, "dm:ended", channel=case.requester.user_id)


def is_settled(view: CaseView, system: str) -> bool:
    """Whether nobody has to look at this system again: read to the end, unassigned, or ended by a person."""
    return not view.needs_people(system)


def _names(case: Case) -> tuple[str, ...]:
    return tuple(system.name for system in case.systems)


async def _view(tx: Tx, case: Case) -> CaseView:
    view = await tx.view(case.id)
    if view is None:
        raise LookupError(f"case {case.id} is not in the database")
    return view


def is_due(start_at: datetime | None, now: datetime) -> bool:
    """Whether an approved case begins now."""
    return start_at is not None and start_at <= now
