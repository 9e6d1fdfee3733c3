"""What admins and owners do with a system that did not end well: retry, mark done, skip."""

from __future__ import annotations

import asyncio
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot import policy as rules
from bot import starting, turns
from bot.approvals import Lists
from bot.asking import until_known
from bot.cases.desk import AGAIN, FASTER, Desk, gone, is_again, note_refusal, person_of_click, refuse
from bot.cases.glance import Glance, Seen
from bot.cases.said import Said
from bot.looks import known_accounts
from bot.model import Case, CaseState, CaseSystem, CaseView, HoldKind, Outcome, Person, Word
from bot.policy import Ruling
from bot.ports import Membership, Tx
from bot.starting import StartResult

_NOT_ITS_OWN = "This system is not part of the case. Nothing was done."
_MENDABLE = frozenset({CaseState.NEEDS_PEOPLE, CaseState.WAITING, CaseState.RUNNING})


@dataclass(frozen=True, slots=True)
class _Mender:
    person: Person
    admins: Membership


@dataclass(frozen=True, slots=True)
class _Judged:
    """A case in which somebody may do what they ask, and the ground on which they may."""

    view: CaseView
    why: str


class Mending(Desk):
    """The three ways out of a system that needs people."""

    __slots__ = ()

    async def may_mend(self, case_id: int, system: str, user_id: str, team_id: str) -> Said:
        """Say whether this person could act on this system now; a refusal is in the audit."""
        return await self._may_mend(case_id, system, await self._mender(user_id, team_id), "mend")

    async def _may_mend(self, case_id: int, system: str, mender: _Mender, act: str) -> Said:
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_mender(tx, case_id, system, mender, act)
            return judged if isinstance(judged, Said) else Said(ok=True, text="")

    async def retry(self, case_id: int, system: str, user_id: str, team_id: str, click: str = "") -> Said:
        """Try one system again under a new attempt number; everything is looked at before anything is sent.

        Approvals are judged anew: where they no longer count, nothing starts and a new plan asks for others.
        """
        await self.quiet.see_to_id(case_id)

        async def once(asked: frozenset[str]) -> Said:
            mender, approvers = await asyncio.gather(
                self._mender(user_id, team_id, asked), self.people.members(self.policy.approvers, of=asked)
            )
            return await self._retry(case_id, system, mender, Lists(approvers, mender.admins), click)

        return await until_known((user_id,), once) or FASTER

    async def _retry(self, case_id: int, system: str, mender: _Mender, lists: Lists, click: str) -> Said:
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge_mender(tx, case_id, system, mender, "retry")
            if isinstance(judged, Said):
                return judged
            if await is_again(tx, case_id, click):
                return AGAIN
            view = judged.view
            await tx.audit(case_id, "retry", {"system": system, **_facts(mender), "why": judged.why}, {})
            wanted = starting.Start(view.case.turn, (system,), retry=True)
            result = await starting.start(tx, self.engine, view, wanted, lists, self.policy, self.systems)
            if result in _BEGUN:
                await _drop_bad_ends(tx, view, system)
            if result is StartResult.NOT_NOW:
                await note_refusal(tx, case_id, "retry", mender.person, _LOST)
        self.reporter.wake()
        return _SAID_OF_RETRY.get(result, FASTER)

    async def mark_done(self, case_id: int, system: str, user_id: str, team_id: str, evidence: str) -> Said:
        """Record a person's word that the access in this system is gone; what still stands there needs an admin's.

        The system is read once, where it answers in time. What it says stands beside the person's word.
        """
        mender = await self._mender(user_id, team_id)
        allowed = await self._may_mend(case_id, system, mender, Word.MANUAL)
        if not allowed.ok:
            return allowed
        _, seen = await asyncio.gather(self.quiet.see_to_id(case_id), self._read_once(case_id, system))
        return await self._settle(case_id, system, mender, Word.MANUAL, evidence, seen)

    async def _read_once(self, case_id: int, system: str) -> Seen:
        view = await self.store.view(case_id)
        return await Glance(self.systems).at(view, system) if view is not None else Seen.UNREADABLE

    async def skip(self, case_id: int, system: str, user_id: str, team_id: str, reason: str) -> Said:
        """Record a person's decision to leave this system."""
        mender, _ = await asyncio.gather(self._mender(user_id, team_id), self.quiet.see_to_id(case_id))
        return await self._settle(case_id, system, mender, Word.SKIPPED, reason)

    async def _settle(
        self, case_id: int, system: str, mender: _Mender, word: Word, words: str, seen: Seen | None = None
    ) -> Said:
        async with self.store.begin(ahead=True) as tx:
            if seen is not None:
                await tx.audit(case_id, "read for mark done", {"system": system, "seen": seen, **_facts(mender)}, {})
            judged = await self._judge_mender(tx, case_id, system, mender, word, seen)
            if isinstance(judged, Said):
                return judged
            view = judged.view
            facts = {"system": system, **_facts(mender), "why": judged.why}
            await tx.audit(case_id, _ACTS[word], facts, {"words": words})
            for outcome in await self._by_hand(tx, view, system, mender.person, word, _beside(words, seen)):
                await turns.put_outcome(tx, view.case, outcome)
            if view.case.state is CaseState.NEEDS_PEOPLE:
                await turns.end(tx, view.case)
            else:
                await tx.want(case_id, "progress")
        self.reporter.wake()
        return Said(ok=True, text="Noted, with your name, in the thread and in the audit.")

    async def _by_hand(
        self, tx: Tx, view: CaseView, system: str, person: Person, word: Word, words: str
    ) -> list[Outcome]:
        now = await tx.now()
        left = "The account still works." if word is Word.SKIPPED or words.endswith(Seen.STANDS) else ""
        return [
            Outcome(system, account_id, word, words, now, handle, left, done_by=person.user_id)
            for account_id, handle in _unsettled(view, system)
        ]

    async def _judge_mender(
        self, tx: Tx, case_id: int, system: str, mender: _Mender, act: str, seen: Seen | None = None
    ) -> _Judged | Said:
        view = await tx.view(case_id)
        if view is None:
            return await gone(tx, act, mender.person)
        case = view.case
        found = case.system(system)
        if found is None:
            await note_refusal(tx, case_id, act, mender.person, _NOT_ITS_OWN)
            return Said(ok=False, text=_NOT_ITS_OWN)
        ruling = rules.may_mend(mender.person, mender.admins, self._owned(found), case, self.policy)
        why = ruling.why
        if ruling.ok:
            ruling = rules.refuse_owner(mender.person, known_accounts(view, system).values(), case.leaver) or ruling
        ruling = _in_time(view, system) if ruling.ok else ruling
        ruling = self._needs_an_admin(mender, case, act, seen) if ruling.ok else ruling
        if ruling.ok:
            return _Judged(view, why)
        return await refuse(tx, view, act, mender.person, ruling)

    def _needs_an_admin(self, mender: _Mender, case: Case, act: str, seen: Seen | None) -> Ruling:
        """Refuse an owner who is no admin what only an admin may.

        To start a removal that they asked for themselves, to go on after a Stop, to close over an account.
        """
        if mender.person.user_id not in mender.admins:
            if act == "retry" and mender.person.is_same_as(case.requester):
                return Ruling(ok=False, why=_OWN_REQUEST, who=self.policy.admins)
            if act == "retry" and case.hold is not None and case.hold.kind is HoldKind.STOPPED:
                return Ruling(ok=False, why=_STOPPED, who=self.policy.admins)
            if seen is Seen.STANDS:
                return Ruling(ok=False, why=_STANDS, who=self.policy.admins)
        return Ruling(ok=True, why="")

    def _owned(self, system: CaseSystem) -> CaseSystem:
        now = next((found for found in self.systems.connected() if found.name == system.name), None)
        return now or system

    async def _mender(self, user_id: str, team_id: str, asked: AbstractSet[str] = frozenset()) -> _Mender:
        person, admins = await asyncio.gather(
            person_of_click(self, user_id, team_id), self.people.members(self.policy.admins, of={user_id, *asked})
        )
        return _Mender(person, admins)


_OWN_REQUEST = "You asked for this offboarding, so you cannot start it again alone. An admin has to. Nothing was done."
_STOPPED = "This case was stopped. Only an admin can let it go on. Nothing was done."
_STANDS = "The system was read just now and still shows the account. Only an admin can mark it done. Nothing was done."


_ACTS = {Word.MANUAL: "marked done", Word.SKIPPED: "skipped"}


def _facts(mender: _Mender) -> dict[str, object]:
    return {"user": mender.person.user_id, "team": mender.person.team_id}


def _beside(words: str, seen: Seen | None) -> str:
    """Return a person's words with what the system said at the time."""
    return words if seen is None else f"{words.strip()} — {seen}"


_BEGUN = frozenset({StartResult.RUNS, StartResult.HELD})
_LOST = "Its approvals no longer count, so nothing was started."
_SAID_OF_RETRY = {
    StartResult.RUNS: Said(ok=True, text="It is tried again."),
    StartResult.HELD: Said(ok=True, text="It is not tried yet: a limit is reached, and an admin has to let it go on."),
    StartResult.ASKS: Said(ok=True, text=f"{_LOST} A new plan waits for approval."),
    StartResult.NOT_NOW: Said(
        ok=False, text=f"{_LOST} A new plan cannot be made while another one waits or runs: press Retry after that."
    ),
}


async def _drop_bad_ends(tx: Tx, view: CaseView, system: str) -> None:
    """Forget how a system ended, but for its accounts that ended well: those are not touched again."""
    for outcome in view.of_system(system):
        if not outcome.account_id or not outcome.ended_well:
            await tx.drop_outcome(view.case.id, system, outcome.account_id)
    await tx.drop_rechecks(view.case.id, system)


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
