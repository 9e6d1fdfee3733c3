"""Cases that wait for people are called to mind: a few times, never without end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.model import CaseState, CaseView
from bot.policy import Policy
from bot.ports import Reporter, Store
from bot.quiet import Quiet
from bot.sweeping.troubles import Troubles

DAY: Final = timedelta(days=1)
MOST: Final = 3
"""How often the owners and admins of one case are called."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """Approvers are reminded once, at half of the time that a plan may wait; owners and admins once a day."""

    store: Store
    policy: Policy
    reporter: Reporter
    quiet: Quiet
    troubles: Troubles

    async def sweep(self, now: datetime) -> None:
        """Ask for the reminders that are due."""
        for case_id in await self.store.reminded_not_yet(now + self.policy.approval_expiry / 2):
            await self.troubles.attempt("a reminder", case_id, self._approvers(case_id, now))
        for case_id in await self.store.needing_people(now - DAY, note_of(MOST)):
            await self.troubles.attempt("a reminder", case_id, self._owners(case_id, now))

    async def _approvers(self, case_id: int, now: datetime) -> None:
        await self.quiet.see_to_id(case_id)
        async with self.store.begin() as tx:
            view = await tx.view(case_id)
            plan = view.open_plan if view is not None else None
            if view is None or plan is None or not self._is_half_over(view, now):
                return
            if await tx.note_once(case_id, f"remind:{plan.turn}", now):
                await tx.audit(case_id, "reminded", {"turn": plan.turn}, {})
                await tx.want(case_id, f"remind:{plan.turn}")
        self.reporter.wake()

    def _is_half_over(self, view: CaseView, now: datetime) -> bool:
        ends = view.case.expires_at
        if view.case.state is not CaseState.WAITING or ends is None:
            return False
        return ends - self.policy.approval_expiry / 2 <= now < ends

    async def _owners(self, case_id: int, now: datetime) -> None:
        said = await self.store.notes(case_id)
        number = 1 + sum(note_of(one) in said for one in range(1, MOST + 1))
        await self.quiet.see_to_id(case_id)
        async with self.store.begin() as tx:
            view = await tx.view(case_id)
            if view is None or not _is_stuck(view, now - DAY) or number > MOST:
                return
            if await tx.note_once(case_id, note_of(number), now):
                await tx.audit(case_id, "reminded", {"needs people": number}, {})
                await tx.want(case_id, note_of(number))
        self.reporter.wake()


def note_of(number: int) -> str:
    """The name under which one of the calls for people is kept; also the key of its message."""
    return f"overdue:{number}"


def _is_stuck(view: CaseView, since: datetime) -> bool:
    """Whether the case has needed people since then, and nobody and nothing ended anything in it meanwhile."""
    ended = view.case.ended_at
    latest = max([outcome.at for outcome in view.outcomes], default=None)
    moved = ended if latest is None or ended is None else max(ended, latest)
    return view.case.state is CaseState.NEEDS_PEOPLE and moved is not None and moved <= since
