"""Answering for a case in which no system knows the person: confirm that there is nothing, or correct the address."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot import nothing_found, turns
from bot.cases.desk import AGAIN, FASTER, GONE, Desk, gone, is_again, note_refusal, person_of_click
from bot.cases.said import Said, Shown, said
from bot.model import Case, CaseState, CaseView, Person, PlanState
from bot.policy import Ruling
from bot.ports import Membership, Tx

_OPEN_IT = Said(ok=False, text="Open the details and decide there: nobody confirms initials. Nothing was done.")


@dataclass(frozen=True, slots=True)
class _Confirmer:
    """Who answers, what the lists said just before, and after how many runs the question was drawn."""

    person: Person
    approvers: Membership
    admins: Membership
    attempt: int

    @property
    def facts(self) -> dict[str, object]:
        """What the audit keeps of the person."""
        return {"user": self.person.user_id, "team": self.person.team_id, "attempt": self.attempt}


class Confirming(Desk):
    """What people answer where nothing was found anywhere."""

    __slots__ = ()

    async def review_nothing(self, case_id: int, attempt: int, user_id: str, team_id: str) -> CaseView | Said:
        """Return the case to somebody who could confirm that there is nothing; that they looked is in the audit."""
        confirmer = await self._confirmer(attempt, user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_confirmer(tx, case_id, confirmer)
            if isinstance(judged, Said):
                return judged
            await tx.audit(case_id, "nothing reviewed", confirmer.facts, {})
            return judged

    async def confirm_nothing(
        self, case_id: int, attempt: int, user_id: str, team_id: str, shown: Shown, click: str = ""
    ) -> Said:
        """Record that the address is right and that there is nothing: the case is closed with that person's name."""
        confirmer, _ = await asyncio.gather(self._confirmer(attempt, user_id, team_id), self.quiet.see_to_id(case_id))
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_confirmer(tx, case_id, confirmer)
            if isinstance(judged, Said):
                return judged
            if await is_again(tx, case_id, click):
                return AGAIN
            answer = await self._confirmed(tx, judged, confirmer, shown(judged))
        self.reporter.wake()
        return answer

    async def _confirmed(self, tx: Tx, view: CaseView, confirmer: _Confirmer, shown: str | None) -> Said:
        case, person = view.case, confirmer.person
        if shown is None:
            await note_refusal(tx, case.id, "confirm nothing", person, _OPEN_IT.text)
            return _OPEN_IT
        moved = await tx.move(case, case.state, confirmed_by=person.user_id)
        if moved is None:
            return FASTER
        listed = confirmer.approvers if person.user_id in confirmer.approvers else confirmer.admins
        facts = {**confirmer.facts, "why": listed.why[person.user_id]}
        await tx.audit(case.id, nothing_found.CONFIRMED, facts, {"shown": shown})
        await turns.end(tx, moved)
        return Said(ok=True, text=f"Noted, with your name: there is nothing to remove. {case.name} is closed.")

    async def _judge_confirmer(self, tx: Tx, case_id: int, confirmer: _Confirmer) -> CaseView | Said:
        view, person = await tx.view(case_id), confirmer.person
        if view is None:
            return await gone(tx, "confirm nothing", person)
        ruling = nothing_found.may_confirm(
            person, confirmer.approvers, confirmer.admins, view, self.policy, confirmer.attempt
        )
        return view if ruling.ok else await _refuse(tx, view, "confirm nothing", person, ruling)

    async def may_correct(self, case_id: int, user_id: str, team_id: str) -> CaseView | Said:
        """Return the case to who asked for it, so that they can ask with another address; a refusal is in the audit."""
        person = await person_of_click(self, user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            view = await tx.view(case_id)
            if view is None:
                return await gone(tx, "correct", person)
            ruling = nothing_found.may_correct(person, view)
            return view if ruling.ok else await _refuse(tx, view, "correct", person, ruling)

    async def _confirmer(self, attempt: int, user_id: str, team_id: str) -> _Confirmer:
        person, approvers, admins = await asyncio.gather(
            person_of_click(self, user_id, team_id),
            self.people.members(self.policy.approvers, of={user_id}),
            self.people.members(self.policy.admins, of={user_id}),
        )
        return _Confirmer(person, approvers, admins, attempt)


async def _refuse(tx: Tx, view: CaseView, act: str, person: Person, ruling: Ruling) -> Said:
    """Note a refusal; nobody learns of a case that is about themselves."""
    await note_refusal(tx, view.case.id, act, person, ruling.why)
    return GONE if person.is_leaver(view.case.leaver) else said(ruling, view.case.leaver)


async def end_corrected(tx: Tx, case_id: int, requester: Person) -> Case | None:
    """Cancel a case whose address its requester corrects, so that the person's keys are free for the new request.

    None where there is no such question any more, or where it is somebody else's: then the case stays as it is.
    """
    view = await tx.view(case_id)
    if view is None:
        return None
    ruling = nothing_found.may_correct(requester, view)
    if not ruling.ok:
        await note_refusal(tx, case_id, "correct", requester, ruling.why)
        return None
    moved = await tx.move(view.case, CaseState.CANCELLED, ended_by=requester.user_id)
    for plan in view.plans if moved is not None else ():
        await tx.set_plan_state(case_id, plan.turn, plan.state, PlanState.VOID)
    return moved


async def name_successor(tx: Tx, old: Case, new: Case) -> None:
    """Say in a corrected case which one takes its place, where both are told in one channel."""
    number = f" {new.name} takes its place." if new.channel == old.channel else ""
    await tx.move(old, old.state, closing_note=f"The address was wrong, and is corrected.{number}")
    facts = {"user": old.requester.user_id, "team": old.requester.team_id, "by_case": new.id}
    await tx.audit(old.id, "corrected", facts, {})
    await tx.want(old.id, "root", "cancelled", "nothing", "closing", "pack")
