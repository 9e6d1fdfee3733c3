"""What admins and owners do with a system that did not end well: retry, mark done, skip."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot import policy as rules
from bot import turns
from bot.cases.desk import FASTER, GONE, Desk, note_refusal, person_of_click
from bot.cases.said import Said
from bot.model import CaseState, CaseSystem, CaseView, Outcome, Person, Word
from bot.policy import Ruling
from bot.ports import Membership, Tx

_MENDABLE = frozenset({CaseState.NEEDS_PEOPLE, CaseState.WAITING, CaseState.RUNNING})


@dataclass(frozen=True, slots=True)
class _Mender:
    person: Person
    admins: Membership


class Mending(Desk):
    """The three ways out of a system that needs people."""

    __slots__ = ()

    async def may_mend(self, case_id: int, system: str, user_id: str, team_id: str) -> Said:
        """Say whether this person could act on this system now; a refusal is in the audit."""
        mender = await self._mender(user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_mender(tx, case_id, system, mender, "mend")
            return judged if isinstance(judged, Said) else Said(ok=True, text="")

    async def retry(self, case_id: int, system: str, user_id: str, team_id: str) -> Said:
        """Try one system again under a new attempt number; everything is looked at before anything is sent."""
        mender = await self._mender(user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_mender(tx, case_id, system, mender, "retry")
            if isinstance(judged, Said):
                return judged
            await tx.drop_outcomes(case_id, system)
            await tx.audit(case_id, "retry", {"system": system, "user": mender.person.user_id}, {})
            begun = await turns.begin_run(tx, self.engine, judged.case, judged.case.turn, [system])
        self.reporter.wake()
        return Said(ok=True, text="It is tried again.") if begun else FASTER

    async def mark_done(self, case_id: int, system: str, user_id: str, team_id: str, evidence: str) -> Said:
        """Record a person's word that the access in this system is gone."""
        return await self._settle(case_id, system, await self._mender(user_id, team_id), Word.MANUAL, evidence)

    async def skip(self, case_id: int, system: str, user_id: str, team_id: str, reason: str) -> Said:
        """Record a person's decision to leave this system."""
        return await self._settle(case_id, system, await self._mender(user_id, team_id), Word.SKIPPED, reason)

    async def _settle(self, case_id: int, system: str, mender: _Mender, word: Word, words: str) -> Said:
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_mender(tx, case_id, system, mender, word)
            if isinstance(judged, Said):
                return judged
            for outcome in await self._by_hand(tx, judged, system, mender.person, word, words):
                await turns.put_outcome(tx, judged.case, outcome)
            if judged.case.state is CaseState.NEEDS_PEOPLE:
                await turns.end(tx, judged.case)
            else:
                await tx.want(case_id, "progress")
        self.reporter.wake()
        return Said(ok=True, text="Noted, with your name, in the thread and in the audit.")

    async def _by_hand(
        self, tx: Tx, view: CaseView, system: str, person: Person, word: Word, words: str
    ) -> list[Outcome]:
        now = await tx.now()
        left = "The account still works." if word is Word.SKIPPED else ""
        return [
            Outcome(system, account_id, word, words, now, handle, left, done_by=person.user_id)
            for account_id, handle in _unsettled(view, system)
        ]

    async def _judge_mender(self, tx: Tx, case_id: int, system: str, mender: _Mender, act: str) -> CaseView | Said:
        case = await tx.case(case_id)
        view = await tx.view(case_id)
        if case is None or view is None:
            return GONE
        found = case.system(system)
        if found is None:
            return Said(ok=False, text="This system is not part of the case. Nothing was done.")
        ruling = rules.may_mend(mender.person, mender.admins, self._owned(found), case, self.policy)
        ruling = _in_time(view, system) if ruling.ok else ruling
        if ruling.ok:
            return view
        await note_refusal(tx, case_id, act, mender.person, ruling.why)
        return Said(ok=False, text=ruling.why, who=ruling.who)

    def _owned(self, system: CaseSystem) -> CaseSystem:
        now = next((found for found in self.systems.connected() if found.name == system.name), None)
        return now or system

    async def _mender(self, user_id: str, team_id: str) -> _Mender:
        person, admins = await asyncio.gather(
            person_of_click(self, user_id, team_id), self.people.members(self.policy.admins)
        )
        return _Mender(person, admins)


def _in_time(view: CaseView, system: str) -> Ruling:
    if view.case.state not in _MENDABLE or any(work.system == system for work in view.working):
        return Ruling(ok=False, why="This cannot be done now: the system is being worked on, or the case is over.")
    if view.open_plan is not None and view.open_plan.system(system) is not None:
        return Ruling(ok=False, why="This system waits for a decision on the newest plan. Decide there first.")
    if not view.needs_people(system):
        return Ruling(ok=False, why="This system ended well; there is nothing to do. Nothing was done.")
    return Ruling(ok=True, why="")


def _unsettled(view: CaseView, system: str) -> list[tuple[str, str]]:
    """Return id and handle of every account without a good end; an empty id stands for a system never read."""
    outcomes = {outcome.account_id: outcome for outcome in view.of_system(system)}
    look = view.look(system)
    accounts: dict[str, str] = {account.id: account.handle for account in (look.accounts if look else ())}
    accounts |= {key: outcome.handle for key, outcome in outcomes.items()}
    open_ones = [
        (key, handle) for key, handle in accounts.items() if key not in outcomes or not outcomes[key].ended_well
    ]
    return open_ones or [("", "")]
