"""What time does: starts what is due, ends what nobody approved. Takes `now`; running it twice changes nothing more."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from bot import policy as rules
from bot import turns
from bot.errors import PeopleNotReadable
from bot.model import Case, CaseState, CaseView, Plan, PlanState
from bot.policy import Policy
from bot.ports import Engine, Membership, People, Reporter, Store, Systems, Tx

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweeper:
    """One pass over the cases that wait for time."""

    store: Store
    people: People
    systems: Systems
    engine: Engine
    reporter: Reporter
    policy: Policy

    async def sweep(self, now: datetime) -> None:
        """Start and expire what is due at `now` (UTC)."""
        waiting = await self.store.cases(frozenset({CaseState.WAITING, CaseState.APPROVED}))
        for case in waiting:
            try:
                await self._attend(case, now)
            except Exception as error:  # noqa: BLE001 — one broken case must not keep the others from their time
                _report(case, error)

    async def _attend(self, case: Case, now: datetime) -> None:
        if case.state is CaseState.WAITING and case.expires_at is not None and case.expires_at <= now:
            await self._expire(case, now)
        if case.state is CaseState.APPROVED and turns.is_due(case.start_at, now):
            await self._start(case, now)

    async def _expire(self, case: Case, now: datetime) -> None:
        async with self.store.begin() as tx:
            held = await tx.case(case.id)
            view = await tx.view(case.id)
            plan = view.open_plan if view is not None else None
            if held is None or view is None or plan is None or held.state is not CaseState.WAITING:
                return
            if held.expires_at is None or held.expires_at > now:
                return
            await tx.set_plan_state(case.id, plan.turn, PlanState.WAITING, PlanState.VOID)
            await tx.audit(case.id, "expired", {"turn": plan.turn}, {})
            await tx.want(case.id, "root", f"plan:{plan.turn}", "expired")
            if held.attempt:
                await self._end_unapproved(tx, view, plan)
            elif await tx.move(held, CaseState.EXPIRED, ended_at=now):
                await tx.want(case.id, "dm:expired", channel=held.requester.user_id)
        self.reporter.wake()

    async def _end_unapproved(self, tx: Tx, view: CaseView, plan: Plan) -> None:
        looks = [system.discovery for system in plan.systems]
        why = "Changed since the approval, and nobody approved it anew in time."
        await turns.refuse_unapproved(tx, view.case, looks, why)
        await turns.end(tx, view.case)

    async def _start(self, case: Case, now: datetime) -> None:
        """Begin an approved case, if those who approved may still do so."""
        try:
            approvers = await self.people.members(self.policy.approvers)
        except PeopleNotReadable:
            log.warning("case %s is due, but Slack does not say who may approve; it is tried again", case.id)
            return
        async with self.store.begin() as tx:
            held = await tx.case(case.id)
            view = await tx.view(case.id)
            if held is None or view is None or held.state is not CaseState.APPROVED:
                return
            if not turns.is_due(held.start_at, now):
                return
            plan = next((plan for plan in reversed(view.plans) if plan.state is PlanState.APPROVED), None)
            if plan is None:
                return
            if self._still_approved(view, plan, approvers):
                await turns.begin_run(tx, self.engine, held, plan.turn, turns.systems_to_run(plan))
                await tx.want(case.id, f"plan:{plan.turn}")
            else:
                await self._ask_again(tx, held, plan)
        self.reporter.wake()

    def _still_approved(self, view: CaseView, plan: Plan, approvers: Membership) -> bool:
        valid = [given for given in view.approvals if given.turn == plan.turn and given.user_id in approvers]
        needed = rules.needed_now(self.policy, plan, self.systems.connected())
        return rules.counting(valid, view.case.requester, view.case.leaver) >= needed

    async def _ask_again(self, tx: Tx, case: Case, plan: Plan) -> None:
        """An approver has lost the right since: the plan waits again; approvals that still count go on counting."""
        await tx.set_plan_state(case.id, plan.turn, PlanState.APPROVED, PlanState.WAITING)
        expires_at = await tx.now() + self.policy.approval_expiry
        await tx.move(case, CaseState.WAITING, start_at=None, expires_at=expires_at)
        await tx.audit(case.id, "approval no longer valid", {"turn": plan.turn}, {})
        await tx.want(case.id, "root", f"plan:{plan.turn}")


def _report(case: Case, error: Exception) -> None:
    # Only the type: the text of a stray error may quote what people typed.
    log.error("the sweeper failed at case %s: %s; it is tried again", case.id, type(error).__name__)
