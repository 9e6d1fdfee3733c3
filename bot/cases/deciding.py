"""Deciding on a plan: approve, decline, cancel. One transaction decides and hands over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot import policy as rules
from bot import starting, turns
from bot.approvals import Lists, Support, find_support
from bot.asking import until_known
from bot.cases.addresses import note_address, read_admins
from bot.cases.codes import CodePurpose, UsedCode, ask_for_code, check_code, facts_of_code, ground_with_code
from bot.cases.desk import AGAIN, FASTER, Desk, gone, is_again, note_refusal, person_of_click, refuse
from bot.cases.said import Said, Shown
from bot.model import Approval, Case, CaseState, CaseView, Person, Plan, PlanState
from bot.nothing_found import is_nothing_found
from bot.policy import Ruling, approver_of
from bot.ports import Membership, Tx

T = TypeVar("T")

_STALE = Ruling(ok=False, why="This plan is no longer the one that counts. Look at the newest one. Nothing was done.")
_AT_WORK = Ruling(ok=False, why="Another system is being worked on. Press again when that has ended. Nothing was done.")
_REVIEW_FIRST = Said(ok=False, text="Press Review and decide there: nobody approves initials. Nothing was done.")
_DECIDABLE = frozenset({CaseState.WAITING, CaseState.RUNNING, CaseState.NEEDS_PEOPLE})


@dataclass(frozen=True, slots=True)
class _Button:
    """What was pressed: whose button, and under exactly which plan."""

    turn: int
    digest: str
    user_id: str
    team_id: str
    click: str = ""


@dataclass(frozen=True, slots=True)
class _Click:
    """Who pressed what, and what the lists said just before."""

    person: Person
    approvers: Membership
    turn: int
    digest: str
    id: str
    admins: Membership | None = None


class Deciding(Desk):
    """What approvers do."""

    __slots__ = ()

    async def may_decide(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str) -> Said:
        """Say whether this person could decide on this plan now; a refusal is in the audit."""

        async def allowed(tx: Tx, view: CaseView, click: _Click, why: str) -> Said:  # noqa: ARG001 — the shape of an act
            return Said(ok=True, text=why)

        return await self._on_plan("decide", case_id, _Button(turn, digest, user_id, team_id), allowed)

    async def review(
        self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, page: int = 1
    ) -> CaseView | Said:
        """Return the case to somebody who could decide on this plan and opens it; that they did is in the audit."""

        async def opened(tx: Tx, view: CaseView, click: _Click, why: str) -> CaseView:
            await tx.audit(case_id, "plan reviewed", {**_facts(click), "why": why, "page": page}, {})
            return view

        return await self._on_plan("review", case_id, _Button(turn, digest, user_id, team_id), opened)

    async def approve(
        self,
        case_id: int,
        turn: int,
        digest: str,
        user_id: str,
        team_id: str,
        shown: Shown,
        click: str = "",
        code: str | None = None,
    ) -> Said:
        """Count one approval of exactly this plan; with enough of them the run is handed over in the same commit.

        Where a code is needed and `code` is None nothing is counted, and the answer `needs_code`. A code is used up by
        the approval that it is given for, and by nothing else.
        """
        admins = () if code is None else await self.told_of_pauses(case_id)

        async def counted(tx: Tx, view: CaseView, click: _Click, why: str) -> Said:
            text = shown(view)
            if text is None:
                await note_refusal(tx, case_id, "approve", click.person, _REVIEW_FIRST.text)
                return _REVIEW_FIRST
            used = await self._code(tx, view, click, code, admins)
            return used if isinstance(used, Said) else await self._count(tx, view, click, why, text, used)

        return await self._on_plan("approve", case_id, _Button(turn, digest, user_id, team_id, click), counted)

    async def _code(
        self, tx: Tx, view: CaseView, click: _Click, code: str | None, admins: Sequence[str]
    ) -> UsedCode | Said | None:
        """Judge the code that an approval needs; None where it needs none."""
        plan = _plan(view, click)
        if not self.is_code_needed(view, plan):
            return None
        what = CodePurpose("approve", view.case, click.person, {"turn": plan.turn, "digest": plan.digest}, admins)
        return await (ask_for_code(tx, self.keys, what) if code is None else check_code(tx, self.keys, what, code))

    async def _on_plan(
        self, act: str, case_id: int, button: _Button, do: Callable[[Tx, CaseView, _Click, str], Awaitable[T]]
    ) -> T | Said:
        """Judge the click on one of the case's plans, and do what was clicked; a refusal is in the audit.

        Slack is asked about whoever clicked, and about earlier approvers only where their approvals are to be counted.
        """

        async def once(asked: frozenset[str]) -> T | Said:
            return await self._judged(act, case_id, await self._click(button, asked), do)

        answer = await until_known((button.user_id,), once)
        return FASTER if answer is None else answer

    async def _judged(
        self, act: str, case_id: int, click: _Click, do: Callable[[Tx, CaseView, _Click, str], Awaitable[T]]
    ) -> T | Said:
        """Hold the case, judge the click and do what was clicked, in one transaction."""
        async with self.store.begin(ahead=True) as tx:
            view = await tx.view(case_id)
            if view is None:
                return await gone(tx, act, click.person)
            if await is_again(tx, case_id, click.id):
                return AGAIN
            ruling = self._judge_click(view, click)
            if act == "approve" and ruling.ok:
                ruling = rules.refuse_owner(click.person, _plan(view, click).found(), view.case.leaver) or ruling
            if not ruling.ok:
                return await refuse(tx, view, act, click.person, ruling)
            answer = await do(tx, view, click, ruling.why)
        self.reporter.wake()
        return answer

    async def _count(self, tx: Tx, view: CaseView, click: _Click, why: str, shown: str, used: UsedCode | None) -> Said:
        case, person = view.case, click.person
        plan = _plan(view, click)
        why = ground_with_code(why, used)
        approval = Approval(plan.turn, plan.digest, person.user_id, person.team_id, person.mail, why, await tx.now())
        support = self._support(view, plan, click, approval)
        is_new = await self._add(tx, view, plan, approval, click)
        have, needed, valid = support.have, support.needed, support.approvals
        if not is_new and have < needed:
            return Said(ok=False, text="You have approved this already. It counts once.")
        if used is not None:
            await used.use(tx)
        await note_address(tx, case, person, click.admins, self.policy)
        stated = {"states_no_slack_account": True} if rules.states_no_slack(case) else {}
        facts = {**_facts(click), "why": why, **stated, **facts_of_code(used)}
        await tx.audit(case.id, "approved", facts, {"shown": shown})
        await tx.want(case.id, "root", f"plan:{plan.turn}")
        if have < needed:
            return Said(ok=True, text=f"Counted: {have} of {needed} approvals.")
        return await self._approved(tx, case, plan, valid)

    def _support(self, view: CaseView, plan: Plan, click: _Click, *more: Approval) -> Support:
        return find_support(view, plan, Lists(click.approvers), self.policy, self.systems.connected(), *more)

    async def _add(self, tx: Tx, view: CaseView, plan: Plan, approval: Approval, click: _Click) -> bool:
        """Store an approval; False where this human gave one that counts, under this Slack id or another.

        One that does not count any more makes room: the audit keeps that it was given.
        """
        counts = self._support(view, plan, click).approvals
        own = [
            one
            for one in view.approvals
            if one.turn == plan.turn and approver_of(one, self.policy.people).is_same_as(click.person)
        ]
        if any(one in counts for one in own):
            return False
        for one in own:
            await tx.drop_approval(view.case.id, plan.turn, one.user_id, one.team_id)
        return await tx.add_approval(view.case.id, approval)

    async def _approved(self, tx: Tx, case: Case, plan: Plan, approvals: Sequence[Approval]) -> Said:
        if not await tx.set_plan_state(case.id, plan.turn, PlanState.WAITING, PlanState.APPROVED):
            return FASTER
        now = await tx.now()
        start_at = rules.start_of(case.when, now, self.policy.cool_down)
        if turns.is_due(start_at, now):
            begun = await starting.begin(tx, self.engine, case, starting.of_plan(plan, approvals), self.policy)
            return _said_of_start(begun)
        moved = await tx.move(case, CaseState.APPROVED, start_at=start_at, expires_at=None)
        return Said(ok=True, text=f"Approved. It begins at {start_at:%Y-%m-%d %H:%M} UTC.") if moved else FASTER

    async def decline(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, reason: str) -> Said:
        """End a plan with a reason. A first plan's case is declined; of a later plan the accounts stay as they are."""
        await self.quiet.see_to_id(case_id)

        async def declined(tx: Tx, view: CaseView, click: _Click, why: str) -> Said:
            return await self._declined(tx, view, click, why, reason)

        return await self._on_plan("decline", case_id, _Button(turn, digest, user_id, team_id), declined)

    async def _declined(self, tx: Tx, view: CaseView, click: _Click, why: str, reason: str) -> Said:
        case = view.case
        if not await tx.set_plan_state(case.id, click.turn, PlanState.WAITING, PlanState.VOID):
            return FASTER
        await note_address(tx, case, click.person, click.admins, self.policy)
        await tx.audit(case.id, "declined", {**_facts(click), "why": why}, {"reason": reason})
        await tx.want(case.id, "root", f"plan:{click.turn}", "declined")
        if case.attempt:
            return await self._decline_later_plan(tx, view, click, reason)
        by = click.person.user_id
        moved = await tx.move(case, CaseState.DECLINED, ended_at=await tx.now(), closing_note=reason, ended_by=by)
        await tx.want(case.id, "dm:declined", channel=case.requester.user_id)
        return Said(ok=True, text="Declined. Nothing was taken away.") if moved else FASTER

    async def _decline_later_plan(self, tx: Tx, view: CaseView, click: _Click, reason: str) -> Said:
        plan = _plan(view, click)
        looks = [system.discovery for system in plan.systems]
        await turns.refuse_unapproved(tx, view.case, looks, "It needed a new approval, and an approver declined it.")
        if not view.working:
            by = click.person.user_id
            moved = await tx.move(view.case, view.case.state, closing_note=reason, ended_by=by)
            await turns.end(tx, moved or view.case)
        return Said(ok=True, text="Declined. These accounts stay as they are.")

    async def cancel(self, case_id: int, user_id: str, team_id: str) -> Said:
        """End a case in which nothing was sent yet."""
        person, admins = await asyncio.gather(
            person_of_click(self, user_id, team_id), self.people.members(self.policy.admins, of={user_id})
        )
        async with self.store.begin(ahead=True) as tx:
            view = await tx.view(case_id)
            if view is None:
                return await gone(tx, "cancel", person)
            ruling = _judge_cancel(person, admins, view.case, self.policy)
            if not ruling.ok:
                return await refuse(tx, view, "cancel", person, ruling)
            answer = await self._cancelled(tx, view, person, ruling.why)
        self.reporter.wake()
        return answer

    async def _cancelled(self, tx: Tx, view: CaseView, person: Person, why: str) -> Said:
        case = view.case
        if not await tx.move(case, CaseState.CANCELLED, ended_at=await tx.now(), ended_by=person.user_id):
            return FASTER
        for plan in view.plans:
            await tx.set_plan_state(case.id, plan.turn, plan.state, PlanState.VOID)
        await tx.audit(case.id, "cancelled", {"user": person.user_id, "team": person.team_id, "why": why}, {})
        again = ("closing", *(("nothing",) if is_nothing_found(view) else ())) if case.ended_at else ()
        await tx.want(case.id, "root", "cancelled", *again, *(f"plan:{plan.turn}" for plan in view.plans))
        await tx.want(case.id, "dm:cancelled", channel=case.requester.user_id)
        return Said(ok=True, text=f"{case.name} is cancelled. Nothing was taken away.")

    def _judge_click(self, view: CaseView, click: _Click) -> Ruling:
        ruling = rules.may_decide(click.person, click.approvers, view.case, self.policy)
        if not ruling.ok:
            return ruling
        plan = next((plan for plan in view.plans if plan.turn == click.turn), None)
        current = plan is not None and plan.state is PlanState.WAITING and plan.digest == click.digest
        if not current or view.case.state not in _DECIDABLE:
            return _STALE
        # A run cannot wait for a cool-down while another one is on: the case has one start.
        return _AT_WORK if view.case.state is CaseState.RUNNING and self.policy.cool_down else ruling

    async def _click(self, button: _Button, asked: frozenset[str]) -> _Click:
        person, approvers, admins = await asyncio.gather(
            person_of_click(self, button.user_id, button.team_id),
            self.people.members(self.policy.approvers, of=asked),
            read_admins(self, asked),
        )
        return _Click(person, approvers, button.turn, button.digest, button.click, admins)


def _plan(view: CaseView, click: _Click) -> Plan:
    """Return the plan of a click that was judged: it is one of the case's."""
    return next(plan for plan in view.plans if plan.turn == click.turn)


def _said_of_start(begun: Case | None) -> Said:
    if begun is None:
        return FASTER
    if begun.state is CaseState.RUNNING:
        return Said(ok=True, text="Approved. The run has begun.")
    return Said(ok=True, text="Approved. It does not begin yet: a limit is reached, and an admin has to let it go on.")


def _facts(click: _Click) -> dict[str, object]:
    """Return what the audit keeps of a click on a plan: who, and on exactly which one."""
    who = {"user": click.person.user_id, "team": click.person.team_id}
    return {"turn": click.turn, "digest": click.digest, **who}


def _judge_cancel(person: Person, admins: Membership, case: Case, policy: rules.Policy) -> Ruling:
    ruling = rules.may_cancel(person, admins, case, policy)
    if not ruling.ok:
        return ruling
    if case.state in {CaseState.DECLINED, CaseState.CANCELLED, CaseState.EXPIRED, CaseState.CLOSED}:
        return Ruling(ok=False, why=f"{case.name} is over already ({case.state}). Nothing was done.")
    if case.attempt > 0:
        text = (
            f"{case.name} has begun to take access away, so it cannot be cancelled any more. Use Skip for what is left."
        )
        return Ruling(ok=False, why=text)
    return ruling
