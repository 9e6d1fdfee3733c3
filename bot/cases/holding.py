"""Holding a case up and letting it go on: withdraw an approval, stop a run, release what a limit holds."""

from __future__ import annotations

import asyncio
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot import brakes, starting
from bot import policy as rules
from bot.approvals import Lists, find_support
from bot.asking import until_known
from bot.cases.addresses import note_address, read_admins
from bot.cases.desk import AGAIN, FASTER, Desk, gone, is_again, person_of_click, refuse
from bot.cases.said import Said
from bot.model import Case, CaseState, CaseView, Hold, HoldKind, Person, Plan, PlanState
from bot.policy import Ruling
from bot.ports import Membership, Tx
from bot.starting import StartResult

STOPPED = "Stopped by a person: what was not sent by then is not sent."
_NOT_RUNNING = "Nothing is being taken away in this case at present, so there is nothing to stop. Nothing was done."
_BEGUN = "Nothing of yours can be withdrawn here: you did not approve the newest plan, or its run has begun."
_NOT_HELD = "This case is not held by a limit. Nothing was done."
_ASKS = "Its approvals no longer count, so nothing was started. A plan waits for approval."
_SAID = {
    StartResult.RUNS: Said(ok=True, text="Released. The run has begun."),
    StartResult.ASKS: Said(ok=True, text=_ASKS),
    StartResult.NOT_NOW: Said(ok=True, text=f"{_ASKS} Decide on that plan first, then press Retry."),
}


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who acts, and what the lists said just before. `everybody` are all admins, where they have to be told."""

    person: Person
    approvers: Membership
    admins: Membership
    click: str = ""
    everybody: Membership | None = None

    @property
    def lists(self) -> Lists:
        """The lists that say whether those who approved still may."""
        return Lists(self.approvers, self.admins)


class Holding(Desk):
    """The brakes that people work by hand."""

    __slots__ = ()

    async def withdraw(
        self, case_id: int, user_id: str, team_id: str, of: tuple[int, str] | None = None, click: str = ""
    ) -> Said:
        """Take one's own approval of the newest plan back, until its run begins; the plan then waits again.

        `of` is the plan (turn, digest) that a button stands under: an older plan's button takes nothing back.
        """

        async def once(asked: frozenset[str]) -> Said:
            return await self._withdraw(case_id, await self._hand(user_id, team_id, asked, click), of)

        return await until_known((user_id,), once) or FASTER

    async def _withdraw(self, case_id: int, hand: _Hand, of: tuple[int, str] | None) -> Said:
        async with self.store.begin(ahead=True) as tx:
            view = await self._view(tx, case_id, hand)
            if isinstance(view, Said):
                return view
            plan = brakes.withdrawable(view.case, view.plans)
            is_meant = plan is not None and of in {None, (plan.turn, plan.digest)}
            if plan is None or not is_meant or not brakes.approved_by(hand.person, plan, view.approvals):
                return await self._no(tx, view, "withdraw", hand.person, Ruling(ok=False, why=_BEGUN))
            answer = await self._withdrawn(tx, view, plan, hand)
        self.reporter.wake()
        return answer

    async def _withdrawn(self, tx: Tx, view: CaseView, plan: Plan, hand: _Hand) -> Said:
        case, person = view.case, hand.person
        await tx.drop_approval(case.id, plan.turn, person.user_id, person.team_id)
        facts = {"turn": plan.turn, "digest": plan.digest, "user": person.user_id, "team": person.team_id}
        await tx.audit(case.id, "approval withdrawn", facts, {})
        if plan.state is PlanState.APPROVED and not await self._still_enough(tx, case, plan, hand):
            await starting.ask_again(tx, case, plan, self.policy, "an approval was withdrawn")
        await tx.want(case.id, "root", f"plan:{plan.turn}", *_held_notes(case))
        return Said(ok=True, text="Withdrawn. Your approval no longer counts.")

    async def _still_enough(self, tx: Tx, case: Case, plan: Plan, hand: _Hand) -> bool:
        after = await tx.view(case.id)
        if after is None:
            return False
        return find_support(after, plan, hand.lists, self.policy, self.systems.connected()).is_enough

    async def stop(self, case_id: int, user_id: str, team_id: str, click: str = "") -> Said:
        """Pause a running case: what was not sent yet is not sent. An admin may retry what was stopped."""
        hand = await self._hand(user_id, team_id, {user_id}, click)
        async with self.store.begin(ahead=True) as tx:
            view = await self._view(tx, case_id, hand)
            if isinstance(view, Said):
                return view
            ruling = brakes.may_stop(hand.person, hand.admins, hand.approvers, view.case, self.policy)
            if ruling.ok and view.case.state is not CaseState.RUNNING:
                ruling = Ruling(ok=False, why=_NOT_RUNNING)
            if not ruling.ok:
                return await self._no(tx, view, "stop", hand.person, ruling)
            answer = await self._stopped(tx, view, hand.person, ruling.why)
        self.reporter.wake()
        return answer

    async def _stopped(self, tx: Tx, view: CaseView, person: Person, why: str) -> Said:
        case = view.case
        if await tx.move(case, CaseState.PAUSED, hold=Hold(HoldKind.STOPPED, STOPPED)) is None:
            return FASTER
        for plan in view.plans:
            if await tx.set_plan_state(case.id, plan.turn, PlanState.WAITING, PlanState.VOID):
                await tx.want(case.id, f"plan:{plan.turn}")
        await tx.audit(case.id, "stopped", {"user": person.user_id, "attempt": case.attempt, "why": why}, {})
        await tx.want(case.id, "root", "progress")
        await tx.want(case.id, f"stopped:{case.attempt}", text=person.user_id)
        return Said(ok=True, text="Stopped. What was sent already is still looked after; nothing more is sent.")

    async def may_release(self, case_id: int, user_id: str, team_id: str) -> Said:
        """Say whether this person could let a held case go on now; a refusal is in the audit."""
        hand = await self._hand(user_id, team_id, {user_id})
        async with self.store.begin(ahead=True) as tx:
            view = await self._view(tx, case_id, hand)
            return view if isinstance(view, Said) else await self._judge_release(tx, view, hand)

    async def release(self, case_id: int, user_id: str, team_id: str, reason: str) -> Said:
        """Let a case go on that a limit holds, for a reason that is kept; approvals are judged anew first."""

        async def once(asked: frozenset[str]) -> Said:
            return await self._release(case_id, await self._hand(user_id, team_id, asked), reason)

        return await until_known((user_id,), once) or FASTER

    async def _release(self, case_id: int, hand: _Hand, reason: str) -> Said:
        async with self.store.begin(ahead=True) as tx:
            view = await self._view(tx, case_id, hand)
            if isinstance(view, Said):
                return view
            judged = await self._judge_release(tx, view, hand)
            if not judged.ok:
                return judged
            if not reason.strip():
                return Said(ok=False, text="A reason is needed. Nothing was done.")
            answer = await self._released(tx, view, hand, reason)
        self.reporter.wake()
        return answer

    async def _judge_release(self, tx: Tx, view: CaseView, hand: _Hand) -> Said:
        ruling = brakes.may_release(hand.person, hand.admins, view.case, self.policy)
        hold = view.case.hold
        if ruling.ok and not (view.case.state is CaseState.PAUSED and hold and hold.kind is HoldKind.LIMIT):
            ruling = Ruling(ok=False, why=_NOT_HELD)
        held = next((plan for plan in view.plans if hold is not None and plan.turn == hold.turn), None)
        if ruling.ok and held is not None:
            ruling = rules.refuse_owner(hand.person, held.found(), view.case.leaver) or ruling
        return Said(ok=True, text="") if ruling.ok else await self._no(tx, view, "release", hand.person, ruling)

    async def _released(self, tx: Tx, view: CaseView, hand: _Hand, reason: str) -> Said:
        case, hold = view.case, view.case.hold
        who = hand.person.user_id
        facts = {"user": who, "turn": hold.turn if hold else 0, "why": hand.admins.why.get(who, "")}
        await note_address(tx, case, hand.person, hand.everybody, self.policy)
        await tx.audit(case.id, "released", facts, {"reason": reason})
        await tx.want(case.id, *_held_notes(case), text=f"{hand.person.user_id} {reason}")
        if hold is None or not any(plan.turn == hold.turn for plan in view.plans):
            return FASTER
        wanted = starting.Start(hold.turn, hold.systems, retry=hold.retry, released=True)
        result = await starting.start(tx, self.engine, view, wanted, hand.lists, self.policy, self.systems)
        return _SAID.get(result, FASTER)

    async def _view(self, tx: Tx, case_id: int, hand: _Hand) -> CaseView | Said:
        """Hold the case, read it and take the click; nobody learns of a case that is about themselves."""
        view = await tx.view(case_id)
        if view is None:
            return await gone(tx, "hold", hand.person)
        if hand.person.is_leaver(view.case.leaver):
            return await gone(tx, "hold", hand.person)
        return AGAIN if await is_again(tx, case_id, hand.click) else view

    async def _no(self, tx: Tx, view: CaseView, act: str, person: Person, ruling: Ruling) -> Said:
        return await refuse(tx, view, act, person, ruling)

    async def _hand(self, user_id: str, team_id: str, asked: AbstractSet[str], click: str = "") -> _Hand:
        person, approvers, admins, everybody = await asyncio.gather(
            person_of_click(self, user_id, team_id),
            self.people.members(self.policy.approvers, of=asked),
            self.people.members(self.policy.admins, of=asked),
            read_admins(self, asked),
        )
        return _Hand(person, approvers, admins, click, everybody)


def _held_notes(case: Case) -> tuple[str, ...]:
    """Return the key of the message that says that a limit holds the case, where there is one."""
    held = case.hold is not None and case.hold.kind is HoldKind.LIMIT
    return (f"held:{case.attempt + 1}",) if held else ()
