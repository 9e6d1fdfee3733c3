"""What people may see of the cases."""

from __future__ import annotations

from collections.abc import Sequence

from bot import policy as rules
from bot.audit import STATUS_READ
from bot.cases.desk import Desk, count_refusal, gone
from bot.model import RELEASED, CaseState, CaseView, Person
from bot.nothing_found import may_confirm, may_correct
from bot.ports import Membership


class Reading(Desk):
    """Lists and single cases. Requesters see their own; approvers, admins and owners all; nobody their own leaving."""

    __slots__ = ()

    async def visible(self, user_id: str, team_id: str) -> tuple[CaseView, ...]:
        """Return the newest fifty cases that this person may see."""
        person, everything = await self.identify_reader(user_id, team_id)
        cases = [case for case in await self.store.cases() if rules.may_see(person, case, everything=everything)]
        views = [await self.store.view(case.id) for case in cases[:50]]
        return tuple(view for view in views if view is not None)

    async def status(self, case_id: int, user_id: str, team_id: str) -> CaseView | None:
        """Return one case, or None where there is none that this person may see."""
        person, everything = await self.identify_reader(user_id, team_id)
        view = await self.store.view(case_id)
        return view if view is not None and rules.may_see(person, view.case, everything=everything) else None

    async def read_status(self, case_id: int, user_id: str, team_id: str) -> CaseView | None:
        """As `status`, for somebody who asked to read it: that they did, or were not let, is in the audit."""
        person, everything = await self.identify_reader(user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            view = await tx.view(case_id)
            if view is None:
                await gone(tx, "status", person)
                return None
            if not rules.may_see(person, view.case, everything=everything):
                await count_refusal(tx, "status", person, "may not see the case")
                return None
            await tx.audit(case_id, STATUS_READ, {"user": person.user_id, "team": person.team_id}, {})
            return view

    async def waits_for(self, views: Sequence[CaseView], user_id: str, team_id: str) -> frozenset[int]:
        """Return the ids of those cases that wait for this person: for a decision, a mended system, or an answer."""
        person, approvers, admins = await self.read_lists(user_id, team_id)
        return frozenset(
            view.case.id
            for view in views
            if self._could_decide(person, approvers, view)
            or self._could_mend(person, admins, view)
            or may_confirm(person, approvers, admins, view, self.policy, view.case.attempt).ok
            or may_correct(person, view).ok
        )

    def _could_decide(self, person: Person, approvers: Membership, view: CaseView) -> bool:
        plan = view.open_plan
        if plan is None or view.case.state in RELEASED:
            return False
        has_approved = any((given.turn, given.user_id) == (plan.turn, person.user_id) for given in view.approvals)
        return not has_approved and rules.may_decide(person, approvers, view.case, self.policy).ok

    def _could_mend(self, person: Person, admins: Membership, view: CaseView) -> bool:
        if view.case.state is not CaseState.NEEDS_PEOPLE:
            return False
        now = {system.name: system for system in self.systems.connected()}
        stuck = [now.get(system.name, system) for system in view.case.systems if view.needs_people(system.name)]
        return any(rules.may_mend(person, admins, system, view.case, self.policy).ok for system in stuck)

    async def joined(self, channel: str, user_id: str) -> None:
        """Move the open cases of whoever has just joined this channel to where they cannot be read by them."""
        for case in await self.store.cases(frozenset(CaseState) - RELEASED):
            if case.channel == channel and user_id in case.leaver.unseeing:
                await self.quiet.see_to(case)
        self.reporter.wake()

    async def place(self, case_id: int) -> tuple[str, str] | None:
        """Return channel and timestamp of a case's root message, or None where it is not posted."""
        return await self.store.place(case_id, "root")
