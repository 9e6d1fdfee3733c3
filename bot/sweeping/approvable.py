"""A case that nobody can approve any more, because a group has become smaller: said in its thread, once a time."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot import policy as rules
from bot.asking import find_deciders
from bot.errors import PeopleNotReadable
from bot.model import CaseState, CaseView, Person
from bot.policy import Policy
from bot.ports import People, Reporter, Store, Systems
from bot.quiet import Quiet
from bot.sweeping.troubles import Troubles

log = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=1)
"""How often Slack is asked; the lists are no fresher than that anyway."""
A_PASS: Final = 10
"""Cases that are counted in one pass: ten thousand that wait must not cost more than what they wait for."""
_REQUESTER_AND_LEAVER: Final = 2
"""People who may be among the first of the list and never approve: so many more are asked about."""
_LONG_AGO: Final = datetime.fromtimestamp(0, UTC)


@dataclass(slots=True)
class Approvable:
    """Counts who could approve each plan that waits: once, and again when the lists or the systems have changed.

    Slack is asked about the first of the list only, as many as are enough for any plan.
    """

    store: Store
    people: People
    systems: Systems
    policy: Policy
    reporter: Reporter
    quiet: Quiet
    troubles: Troubles
    _last: datetime = field(default=_LONG_AGO)
    _approvers: tuple[Person, ...] | None = None
    _needed: int = 0
    _enough_for: int = 0
    _known: object = None
    _counted: set[int] = field(default_factory=set)
    _left: list[int] = field(default_factory=list)

    async def sweep(self, now: datetime) -> None:
        """Ask Slack at most once a minute, also where the clock jumps back, and count some of the cases that wait."""
        if abs(now - self._last) >= EVERY:
            await self._ask(now)
        here, self._left = self._left[:A_PASS], self._left[A_PASS:]
        for case_id in here:
            if self._approvers is not None:
                self._counted.add(case_id)
                counting = self._count(case_id, self._approvers)
                await self.troubles.attempt("counting the approvers", case_id, counting)

    async def _ask(self, now: datetime) -> None:
        """Read the list of approvers, and say which cases are to be counted with it."""
        waiting = await self.store.waiting()
        if not waiting:
            return
        systems = self.systems.connected()
        needed = max(self._needed, rules.approvals_needed(self.policy, systems))
        try:
            approvers = await find_deciders(self.people, self.policy.approvers, needed + _REQUESTER_AND_LEAVER)
        except PeopleNotReadable:
            log.info("Slack does not say who may approve; it is asked again")
            return
        self._last, self._approvers, self._enough_for = now, approvers, needed
        known = (frozenset(approvers), needed, systems)
        self._counted = self._counted & set(waiting) if known == self._known else set()
        self._known = known
        self._left = [case_id for case_id in waiting if case_id not in self._counted]

    async def _count(self, case_id: int, approvers: tuple[Person, ...]) -> None:
        """Say it where it has become so, and forget that it was said where it is so no longer."""
        view = await self.store.view(case_id)
        if view is None or self._short_of(view, approvers) is None or self._asks_for_more(view):
            return
        said = await self.store.notes(case_id)
        last = next((name for name in said if name.startswith(_NAME)), None)
        short = self._short_of(view, approvers)
        if bool(short) == bool(last):
            return
        if short:
            await self.quiet.see_to(view.case)
        await self._note(case_id, approvers, last)

    def _asks_for_more(self, view: CaseView) -> bool:
        """Whether too few people were asked about for this plan; then they are asked about in the next pass."""
        plan = view.open_plan
        needed = 0 if plan is None else rules.needed_now(self.policy, plan, self.systems.connected())
        if needed <= self._enough_for:
            return False
        self._needed, self._last = max(self._needed, needed), _LONG_AGO
        return True

    async def _note(self, case_id: int, approvers: tuple[Person, ...], last: str | None) -> None:
        async with self.store.begin() as tx:
            view = await tx.view(case_id)
            short = self._short_of(view, approvers) if view is not None else None
            if view is None or short is None:
                return
            if last is not None and not short:
                await tx.drop_note(case_id, last)
            elif last is None and short and await tx.note_once(case_id, f"{_NAME}{view.case.turn}"):
                needed, possible = short
                await tx.audit(case_id, "nobody can approve", {"needed": needed, "possible": possible}, {})
                at = int((await tx.now()).timestamp())
                await tx.want(case_id, f"nobody:{at}", text=f"{needed} {possible}")
        self.reporter.wake()

    def _short_of(self, view: CaseView, approvers: tuple[Person, ...]) -> tuple[int, int] | tuple[()] | None:
        """Return how many are needed and possible where these are fewer, () where they are enough, None: no plan."""
        plan = view.open_plan
        if plan is None or view.case.state is not CaseState.WAITING:
            return None
        needed = rules.needed_now(self.policy, plan, self.systems.connected())
        possible = rules.possible_approvers(approvers, view.case.requester, view.case.leaver)
        return (needed, possible) if possible < needed else ()


_NAME: Final = "nobody:"
