"""Choosing among accounts that the bot would not choose between, and breaking the glass."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import brakes, starting, turns
from bot import policy as rules
from bot.cases.addresses import note_address
from bot.cases.codes import CodePurpose, UsedCode, ask_for_code, check_code, facts_of_code, ground_with_code
from bot.cases.desk import FASTER, Desk, gone, note_refusal, person_of_click, refuse
from bot.cases.said import Said
from bot.choice import Choice, Chosen, choosable, left_beside, open_to_choice, planned_anew
from bot.model import Approval, CaseState, CaseView, Person, Pick, Plan, PlanState
from bot.policy import Ruling
from bot.ports import Membership, Tx
from bot.quiet import tell
from bot.starting import StartResult

_STALE = Ruling(ok=False, why="This plan is no longer the one that counts. Look at the newest one. Nothing was done.")
_NOT_NOW = Ruling(ok=False, why="This can be done while the plan waits, or when the run has ended. Nothing was done.")
_NOTHING = "Choose at least one of the accounts that the plan shows as not chosen. Nothing was done."
_PROTECTED = "What was chosen is protected by a rule. Nothing was done."
_NO_REASON = "A reason is needed. Nothing was done."
_OTHER_ADDRESS = "This is not the address of the person who leaves. Nothing was done."
_GLASS = "An admin broke the glass: a run has begun without approvals. Look at the case and its reason."
_GLASS_HELD = (
    "An admin broke the glass, and a limit holds the run. Look at the case and its reason before it is released."
)
_HELD = "It does not begin yet: a limit that break-glass does not pass is reached. An admin has to release it."


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Who acts on which plan, and what the lists said just before.

    `told` are the admins who hear of wrong codes, `everybody` all approvers where they are told.
    """

    person: Person
    approvers: Membership
    admins: Membership
    turn: int
    digest: str
    told: tuple[str, ...] = ()
    everybody: tuple[Person, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """What the audit keeps of the person: who, and on what ground they may choose."""
        who = self.person.user_id
        return {"user": who, "team": self.person.team_id, "why": self.approvers.why.get(who, "")}

    def plan(self, view: CaseView) -> Plan | None:
        """Return the plan that this person was looking at."""
        return next((plan for plan in view.plans if (plan.turn, plan.digest) == (self.turn, self.digest)), None)


class Choosing(Desk):
    """What people do about a plan besides deciding on it."""

    __slots__ = ()

    async def may_choose(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str) -> Said:
        """Say whether this person could choose among this plan's accounts now; a refusal is in the audit."""
        chooser = await self._chooser(turn, digest, user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_choice(tx, case_id, chooser)
            if isinstance(judged, Said):
                return judged
            facts = {"turn": turn, "digest": digest, **chooser.facts, "to": "choose"}
            await tx.audit(case_id, "plan reviewed", facts, {})
            return Said(ok=True, text="")

    async def choose(
        self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, accounts: Sequence[Chosen], reason: str
    ) -> Said:
        """Say which accounts are the leaver's. A new plan follows, and the approvals begin anew."""
        chooser = await self._chooser(turn, digest, user_id, team_id)
        await self.quiet.see_to_id(case_id)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_choice(tx, case_id, chooser)
            if isinstance(judged, Said):
                return judged
            plan = chooser.plan(judged)
            if plan is None or not accounts or not set(accounts) <= set(choosable(judged, plan)):
                await note_refusal(tx, case_id, "choose", chooser.person, _NOTHING)
                return Said(ok=False, text=_NOTHING)
            if not reason.strip():
                return Said(ok=False, text=_NO_REASON)
            alone = judged.case.state is CaseState.NEEDS_PEOPLE
            choice = Choice(plan, frozenset(accounts), Pick(chooser.person.user_id, reason), alone)
            answer = await self._chosen(tx, judged, choice, chooser)
        self.reporter.wake()
        return answer

    async def _chosen(self, tx: Tx, view: CaseView, choice: Choice, chooser: _Chooser) -> Said:
        case = view.case
        plan = planned_anew(case, choice, self.policy, await tx.now())
        if not any(plan.chosen()):
            await note_refusal(tx, case.id, "choose", chooser.person, _PROTECTED)
            return Said(ok=False, text=_PROTECTED)
        if await turns.plan_of_choice(tx, case, choice.plan, plan, self.policy) is None:
            return FASTER
        for outcome in left_beside(view, choice):
            await turns.put_outcome(tx, case, outcome)
        facts = {"turn": choice.plan.turn, "to_turn": plan.turn, "digest": plan.digest, **chooser.facts}
        ids = {f"account:{number}": f"{name} {one}" for number, (name, one) in enumerate(sorted(choice.accounts))}
        await tx.audit(case.id, "chosen", facts, {**ids, "reason": choice.pick.reason})
        return Said(ok=True, text="Noted, with your name and reason, in a new plan. It needs approvals of its own.")

    async def _judge_choice(self, tx: Tx, case_id: int, chooser: _Chooser) -> CaseView | Said:
        view = await tx.view(case_id)
        if view is None:
            return await gone(tx, "choose", chooser.person)
        ruling = brakes.may_choose(chooser.person, chooser.approvers, view.case, self.policy)
        ruling = _in_time(view, chooser) if ruling.ok else ruling
        plan = chooser.plan(view)
        if ruling.ok and plan is not None:
            ruling = rules.refuse_owner(chooser.person, plan.found(), view.case.leaver) or ruling
        if ruling.ok:
            return view
        return await refuse(tx, view, "choose", chooser.person, ruling)

    async def may_break_glass(self, case_id: int, user_id: str, team_id: str) -> Said:
        """Say whether this person could begin this case without approvals now; a refusal is in the audit.

        The answer `needs_code` where it takes a code from an authenticator app.
        """
        chooser = await self._chooser(0, "", user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_glass(tx, case_id, chooser)
            if isinstance(judged, Said):
                return judged
            plan = judged.open_plan
            if plan is None or not self.is_code_needed(judged, plan):
                return Said(ok=True, text="")
            asked = await ask_for_code(tx, self.keys, _purpose(judged, plan, chooser))
            return replace(asked, ok=asked.needs_code)

    async def break_glass(
        self,
        case_id: int,
        turn: int,
        digest: str,
        user_id: str,
        team_id: str,
        reason: str,
        typed: str,
        code: str = "",
    ) -> Said:
        """Begin at once, without approvals, cool-down, date or pace; every approver hears of it directly.

        Where a code from an authenticator app is needed, nothing begins without it.
        """
        chooser, everybody, admins, told = await asyncio.gather(
            self._chooser(turn, digest, user_id, team_id),
            self.people.members(self.policy.approvers),
            self.people.members(self.policy.admins),
            self.told_of_pauses(case_id),
        )
        persons = await asyncio.gather(*(self.people.person(user) for user in sorted(everybody.why)))
        chooser = replace(chooser, admins=admins, everybody=tuple(persons), told=told)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_glass(tx, case_id, chooser)
            if isinstance(judged, Said):
                return judged
            plan = chooser.plan(judged)
            if plan is None or plan.state is not PlanState.WAITING:
                await note_refusal(tx, case_id, "break glass", chooser.person, _STALE.why)
                return Said(ok=False, text=_STALE.why)
            if not brakes.names_the_leaver(typed, judged.case):
                await note_refusal(tx, case_id, "break glass", chooser.person, "another address was typed")
                return Said(ok=False, text=_OTHER_ADDRESS)
            if not reason.strip():
                return Said(ok=False, text=_NO_REASON)
            answer = await self._with_code(tx, judged, plan, chooser, reason, code)
        self.reporter.wake()
        return answer

    async def _with_code(self, tx: Tx, view: CaseView, plan: Plan, chooser: _Chooser, reason: str, code: str) -> Said:
        if not self.is_code_needed(view, plan):
            return await self._broken(tx, view, plan, chooser, reason, None)
        used = await check_code(tx, self.keys, _purpose(view, plan, chooser), code)
        return used if isinstance(used, Said) else await self._broken(tx, view, plan, chooser, reason, used)

    async def _broken(
        self, tx: Tx, view: CaseView, plan: Plan, chooser: _Chooser, reason: str, used: UsedCode | None
    ) -> Said:
        case, person = view.case, chooser.person
        if not await tx.set_plan_state(case.id, plan.turn, PlanState.WAITING, PlanState.APPROVED):
            return FASTER
        if used is not None:
            await used.use(tx)
        why = ground_with_code(f"{brakes.BREAK_GLASS}: {chooser.admins.why[person.user_id]}", used)
        given = Approval(plan.turn, plan.digest, person.user_id, person.team_id, person.mail, why, await tx.now())
        await tx.add_approval(case.id, given)
        facts = {"turn": plan.turn, "digest": plan.digest, "user": person.user_id, "why": why, "break_glass": True}
        facts |= {"team": person.team_id, **facts_of_code(used)}
        facts |= {"states_no_slack_account": True} if rules.states_no_slack(case) else {}
        await note_address(tx, case, person, chooser.admins, self.policy)
        await tx.audit(case.id, "glass broken", facts, {"reason": reason})
        # It rests on the admin's word alone, whoever else had approved.
        start = replace(starting.of_plan(plan, (given,)), breaks_glass=True)
        begun = await starting.begin(tx, self.engine, case, start, self.policy)
        await tx.want(case.id, f"plan:{plan.turn}")
        await tx.want(case.id, f"glass:{plan.turn}", text=f"{person.user_id} {reason}")
        others = [one for one in chooser.everybody if one.user_id != person.user_id]
        approvers = [one.user_id for one in others if not one.is_leaver(case.leaver)]
        is_held = StartResult.of(begun) is StartResult.HELD
        await tell(tx, case.id, f"glass:{plan.turn}", approvers, _GLASS_HELD if is_held else _GLASS)
        if is_held:
            return Said(ok=True, text=_HELD)
        return Said(ok=True, text="Begun without approvals. Every approver is told.") if begun else FASTER

    async def _judge_glass(self, tx: Tx, case_id: int, chooser: _Chooser) -> CaseView | Said:
        view = await tx.view(case_id)
        if view is None:
            return await gone(tx, "break glass", chooser.person)
        ruling = brakes.may_break_glass(chooser.person, chooser.admins, view.case, self.policy)
        if ruling.ok and (view.open_plan is None or view.case.state is not CaseState.WAITING):
            ruling = Ruling(ok=False, why="Only a plan that waits can be begun this way. Nothing was done.")
        plan = view.open_plan
        if ruling.ok and plan is not None:
            ruling = rules.refuse_owner(chooser.person, plan.found(), view.case.leaver) or ruling
        if ruling.ok:
            return view
        return await refuse(tx, view, "break glass", chooser.person, ruling)

    async def _chooser(self, turn: int, digest: str, user_id: str, team_id: str) -> _Chooser:
        person, approvers, admins = await asyncio.gather(
            person_of_click(self, user_id, team_id),
            self.people.members(self.policy.approvers, of={user_id}),
            self.people.members(self.policy.admins, of={user_id}),
        )
        return _Chooser(person, approvers, admins, turn, digest)


def _purpose(view: CaseView, plan: Plan, chooser: _Chooser) -> CodePurpose:
    facts = {"turn": plan.turn, "digest": plan.digest}
    return CodePurpose("break glass", view.case, chooser.person, facts, chooser.told)


def _in_time(view: CaseView, chooser: _Chooser) -> Ruling:
    """Judge when a choice may be made: in the plan that waits, or about accounts left to people after the run."""
    plan = chooser.plan(view)
    if plan is None or not open_to_choice(plan):
        return _STALE
    if view.case.state not in {CaseState.WAITING, CaseState.NEEDS_PEOPLE}:
        return _NOT_NOW
    return Ruling(ok=True, why="") if choosable(view, plan) else _STALE
