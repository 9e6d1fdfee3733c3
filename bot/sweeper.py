"""What time does: starts what is due, ends what nobody approved. Takes `now`; running it twice changes nothing more."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot import rechecks, starting, turns
from bot.approvals import Lists
from bot.asking import until_known
from bot.errors import PeopleNotReadable
from bot.model import Case, CaseState, CaseView, Plan, PlanState, Recheck
from bot.policy import Policy
from bot.ports import Engine, People, Reporter, Store, Systems, Tx
from bot.quiet import Quiet
from bot.restored import is_held
from bot.sweeping.troubles import Troubles

log = logging.getLogger(__name__)

_LOOKS_A_PASS = 50


class Chore(Protocol):
    """One more thing that time does."""

    async def sweep(self, now: datetime) -> None:
        """Do what is due at `now` (UTC); a second pass at the same time does nothing more."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """One pass over the cases that wait for time."""

    store: Store
    people: People
    systems: Systems
    engine: Engine
    reporter: Reporter
    policy: Policy
    quiet: Quiet
    chores: tuple[Chore, ...] = ()
    _failures: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def troubles(self) -> Troubles:
        """What counts the failures at a case; the chores share it."""
        return Troubles(self.store, self.people, self.policy, self.reporter, self._failures)

    async def sweep(self, now: datetime) -> None:
        """Start and expire what is due at `now` (UTC), which is the database's time where it tells one."""
        for chore in self.chores:
            await _kept_apart(chore, now)
        for case_id in await self.store.due_cases(now):
            await self.troubles.attempt("the sweeper", case_id, self._attend(case_id, now))
        await self._look_again(now)
        for case in await self.store.untold():
            await self.quiet.see_to(case)

    async def _look_again(self, now: datetime) -> None:
        """Hand over the later looks that are due; the engine makes them."""
        for recheck in await self.store.due_rechecks(now, _LOOKS_A_PASS):
            await self.troubles.attempt("a later look", recheck.case_id, self._hand_over(recheck))

    async def _hand_over(self, recheck: Recheck) -> None:
        async with self.store.begin() as tx:
            await tx.case(recheck.case_id)
            await rechecks.hand_over(tx, self.engine, recheck)

    async def _attend(self, case_id: int, now: datetime) -> None:
        view = await self.store.view(case_id)
        if view is None:
            return
        case = view.case
        if case.state is CaseState.WAITING and case.expires_at is not None and case.expires_at <= now:
            await self._expire(case, now)
        if case.state is CaseState.APPROVED and turns.is_due(case.start_at, now) and not await is_held(self.store):
            await self._start(view, now)

    async def _expire(self, case: Case, now: datetime) -> None:
        if case.attempt:
            await self.quiet.see_to(case)
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
        why = "It needed a new approval, and nobody gave it in time."
        await turns.refuse_unapproved(tx, view.case, looks, why)
        await turns.end(tx, view.case)

    async def _start(self, view: CaseView, now: datetime) -> None:
        """Begin an approved case, if those who approved may still do so; where that stays unknown, in a later pass."""

        async def once(asked: frozenset[str]) -> None:
            approvers, admins = await asyncio.gather(
                self.people.members(self.policy.approvers, of=asked), self.people.members(self.policy.admins, of=asked)
            )
            await self._begin(view.case, Lists(approvers, admins), now)

        try:
            await until_known({given.user_id for given in view.approvals}, once)
        except PeopleNotReadable:
            log.warning("case %s is due, but Slack does not say who may approve; it is tried again", view.case.id)

    async def _begin(self, case: Case, lists: Lists, now: datetime) -> None:
        async with self.store.begin() as tx:
            view = await tx.view(case.id)
            if view is None or view.case.state is not CaseState.APPROVED or not turns.is_due(view.case.start_at, now):
                return
            plan = starting.approved_plan(view.plans)
            if plan is not None:
                wanted = starting.of_plan(plan, view.approvals)
                await starting.start(tx, self.engine, view, wanted, lists, self.policy, self.systems)
        self.reporter.wake()


async def _kept_apart(chore: Chore, now: datetime) -> None:
    """Do one chore; where it fails, the others and the cases are attended to all the same."""
    try:
        await chore.sweep(now)
    except Exception as error:  # noqa: BLE001 — the edge: what failed is tried again in the next pass
        log.error("%s failed: %s; it is tried again", type(chore).__name__, type(error).__name__)  # noqa: TRY400 — its text may quote people
