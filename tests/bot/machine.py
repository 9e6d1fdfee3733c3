"""Everything that can happen to a case, as rules, and what must hold after each of them."""

from __future__ import annotations

import asyncio
import functools
import shutil
import tempfile
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.cases import Said
from bot.errors import Refused
from bot.model import CaseState, CaseView, Person, Plan, Word
from bot.ports import WorkKind
from bot.store import migrate_now, open_store
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, FakePeople, account
from tests.bot.watching import Crash, Pressed, WatchedSystem

T = TypeVar("T")
GROUPS: dict[str, tuple[str, ...]] = {"S0SECURITY": (BEN.user_id, CHLOE.user_id, AMY.user_id, DANA.user_id)}
RULES = replace(POLICY, approvals=2, break_glass=True)
PEOPLE = st.sampled_from([AMY, BEN, CHLOE, ROOT, OTTO, DANA])
DECIDERS = st.sampled_from([BEN, CHLOE, AMY])
SYSTEMS = st.sampled_from(["crm", "wiki"])


@functools.cache
def empty() -> Path:
    """A migrated file without rows, to be copied."""
    path = Path(tempfile.mkdtemp()) / "empty.db"
    migrate_now(f"sqlite:///{path}")
    return path


class Case(RuleBasedStateMachine):
    """One case after another about Dana, with an account in each of two systems to begin with."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.pressed: Pressed = set()
        self.house = self.run(self._house())
        self.number = 0
        self.case_id = 0

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    async def _house(self) -> House:
        path = Path(self.folder.name) / "offboard.db"
        shutil.copy(empty(), path)
        store = await open_store(f"sqlite:///{path}")
        crm = WatchedSystem("crm", pressed=self.pressed)
        wiki = WatchedSystem("wiki", identity="fake wiki", pressed=self.pressed)
        house = House(store, crm, wiki, RULES, FakePeople(groups=GROUPS))
        for system in (crm, wiki):
            system.house.append(house)
            system.accounts["1"] = account(system.name)
        return house

    def system(self, name: str) -> WatchedSystem:
        found = self.house.crm if name == "crm" else self.house.wiki
        assert isinstance(found, WatchedSystem)
        return found

    @property
    def view(self) -> CaseView:
        return self.run(self.house.view(self.case_id))

    def plan(self) -> Plan | None:
        return self.view.plans[-1] if self.view.plans else None

    @initialize(doubled=st.sampled_from(["", "crm", "wiki"]))
    def opens(self, doubled: str) -> None:
        if doubled:
            self.changes(doubled, "doubles")
        self.case_id = self.run(self.house.planned()).case.id

    @rule()
    def works(self) -> None:
        """The engine carries out what was handed over; after a crash the same piece is handed over again."""
        while self.house.engine.queue:
            piece = self.house.engine.queue.pop(0)
            try:
                kind, case_id, attempt, system = piece
                self.run(self.house.engine.work[kind](case_id, attempt, system))
            except Crash:
                self.house.engine.queue.insert(0, piece)

    @rule(by=st.sampled_from([BEN, ROOT]))
    def is_approved_and_stopped_before_anything_is_sent(self, by: Person) -> None:
        self.all_approve()
        self.stops(by)
        self.works()

    @rule(system=SYSTEMS)
    def changes_while_it_runs_and_another_system_is_tried_again(self, system: str) -> None:
        self.all_approve()
        self.changes(system, "grows")
        self.works()
        for name in ("crm", "wiki"):
            self.mends(name, ROOT, "retry")
        self.works()

    @rule()
    def an_account_is_chosen_after_the_run_and_its_system_tried_again_before_anybody_approves(self) -> None:
        self.all_approve()
        self.works()
        for name in ("crm", "wiki"):
            self.chooses(name, BEN)
            self.mends(name, ROOT, "retry")
        self.works()

    @rule(system=SYSTEMS)
    def is_worked_on_while_a_changed_account_waits(self, system: str) -> None:
        """One system has grown and waits with a second plan, half approved; the other refused and is tried again.

        Then a piece of work is handed over for the one that waits. Nobody asks for such a piece; should one come all
        the same, nothing may be sent on the strength of a plan that nobody approved.
        """
        other = self.system("wiki" if system == "crm" else "crm")
        other.do_errors.append(Refused("not today"))
        self.all_approve()
        self.changes(system, "grows")
        self.works()
        self.approves(BEN)
        self.mends(other.name, ROOT, "retry")
        self.run(self._hand_over(system))
        self.works()

    async def _hand_over(self, system: str) -> None:
        async with self.house.store.begin() as tx:
            case = await tx.case(self.case_id)
            if case is not None and case.state is CaseState.RUNNING:
                self.number += 1
                attempt = 1000 + self.number
                await tx.add_work(case.id, WorkKind.REMOVE, attempt, case.turn, [system])
                await self.house.engine.enqueue(tx, WorkKind.REMOVE, case.id, attempt, system)

    @rule()
    def works_a_little(self) -> None:
        if self.house.engine.queue:
            kind, case_id, attempt, system = piece = self.house.engine.queue.pop(0)
            try:
                self.run(self.house.engine.work[kind](case_id, attempt, system))
            except Crash:
                self.house.engine.queue.append(piece)

    @rule(by=PEOPLE)
    def approves(self, by: Person) -> None:
        plan = self.plan()
        if plan is not None:
            self._approve(by, plan.turn, plan.digest)

    def _approve(self, by: Person, turn: int, digest: str) -> None:
        self.pressed.add((by.user_id, self.case_id, turn, digest))
        self._press(self.house.cases.approve(self.case_id, turn, digest, by.user_id, by.team_id, lambda _: ""))

    @rule(by=DECIDERS, turn=st.integers(1, 4), borrowed=st.booleans())
    def presses_an_old_button(self, by: Person, turn: int, borrowed: bool) -> None:
        """The button of any plan, or one forged from the number of one plan and the digest of another."""
        plans = self.view.plans if borrowed else [plan for plan in self.view.plans if plan.turn == turn]
        for digest in [plan.digest for plan in plans][:1]:
            self._approve(by, turn, digest)

    @rule(system=SYSTEMS)
    def a_second_plan_is_approved_with_the_digest_of_the_first(self, system: str) -> None:
        self.all_approve()
        self.changes(system, "grows")
        self.works()
        for by in (BEN, CHLOE):
            self.presses_an_old_button(by, self.view.case.turn, borrowed=True)
        self.works()

    @rule()
    def the_requester_and_one_approver_approve(self) -> None:
        for by in (AMY, BEN, BEN, DANA):
            self.approves(by)
        self.works()

    @rule()
    def all_approve(self) -> None:
        for by in (BEN, CHLOE):
            self.approves(by)

    @rule(by=PEOPLE)
    def withdraws(self, by: Person) -> None:
        self._press(self.house.cases.withdraw(self.case_id, by.user_id, by.team_id))

    @rule(by=DECIDERS)
    def declines(self, by: Person) -> None:
        plan = self.plan()
        if plan is not None:
            self._press(self.house.cases.decline(self.case_id, plan.turn, plan.digest, by.user_id, by.team_id, "no"))

    @rule(by=PEOPLE)
    def cancels(self, by: Person) -> None:
        self._press(self.house.cases.cancel(self.case_id, by.user_id, by.team_id))

    @rule(by=st.sampled_from([BEN, ROOT]))
    def stops(self, by: Person) -> None:
        self._press(self.house.cases.stop(self.case_id, by.user_id, by.team_id))

    @rule(by=PEOPLE)
    def breaks_the_glass(self, by: Person) -> None:
        plan = self.plan()
        if plan is not None and by is ROOT:
            who = (by.user_id, by.team_id)
            self._press(
                self.house.cases.break_glass(self.case_id, plan.turn, plan.digest, *who, "now", "dana@acme.test")
            )

    @rule(system=SYSTEMS, by=PEOPLE, word=st.sampled_from(["retry", "skip", "mark_done"]))
    def mends(self, system: str, by: Person, word: str) -> None:
        cases, who = self.house.cases, (self.case_id, system, by.user_id, by.team_id)
        if word == "retry":
            self._press(cases.retry(*who))
        else:
            self._press((cases.skip if word == "skip" else cases.mark_done)(*who, "ticket 7"))

    @rule(system=SYSTEMS, by=DECIDERS)
    def chooses(self, system: str, by: Person) -> None:
        plan = self.plan()
        if plan is not None:
            who = (self.case_id, plan.turn, plan.digest, by.user_id, by.team_id)
            self._press(self.house.cases.choose(*who, [(system, "1")], "her manager says so"))

    @rule(system=SYSTEMS, change=st.sampled_from(["grows", "is renamed", "doubles", "vanishes", "comes back"]))
    def changes(self, system: str, change: str) -> None:
        held = self.system(system).accounts
        self.number += 1
        match change:
            case "grows" if "1" in held:
                held["1"] = replace(held["1"], weight=(*held["1"].weight, f"role {self.number}"))
            case "is renamed" if "1" in held:
                held["1"] = replace(held["1"], identity=(("id", "1"), ("mail", f"other{self.number}@acme.test")))
            case "doubles":
                held[f"{self.number + 1}"] = account(system, id=f"{self.number + 1}")
            case "vanishes":
                held.clear()
            case "comes back":
                held["1"] = account(system)

    @rule(system=SYSTEMS)
    def will_crash(self, system: str) -> None:
        self.system(system).crashes = True

    @rule(days=st.sampled_from([0, 1, 4]))
    def time_passes(self, days: int) -> None:
        self.run(self.house.sweeper.sweep(datetime.now(UTC) + timedelta(days=days)))

    @precondition(lambda self: self.case_id and self.over())
    @rule()
    def opens_another(self) -> None:
        self.house.engine.queue.clear()
        self.case_id = self.run(self.house.opened()).id

    def over(self) -> bool:
        state = self.view.case.state
        return state in {CaseState.DECLINED, CaseState.CANCELLED, CaseState.EXPIRED}

    def _press(self, act: Awaitable[Said]) -> None:
        said = self.run(act)
        assert said.text

    @invariant()
    def nothing_was_sent_that_nobody_approved_as_it_stood(self) -> None:
        assert self.system("crm").unapproved == []
        assert self.system("wiki").unapproved == []

    @invariant()
    def a_closed_case_has_a_proof_or_a_named_persons_word_for_every_account(self) -> None:
        if not self.case_id or self.view.case.state is not CaseState.CLOSED:
            return
        for outcome in self.view.outcomes:
            proved = outcome.proof is not None or not outcome.account_id
            assert {
                Word.REMOVED: outcome.proof is not None,
                Word.ABSENT: proved,
                Word.SCHEDULED: outcome.effective_at is not None,
            }.get(outcome.word, outcome.done_by is not None and bool(outcome.sentence)), outcome
        assert all(self.view.word(system.name) is not None for system in self.view.case.systems)

    def teardown(self) -> None:
        self.run(self.house.store.aclose())
        self.runner.close()
        self.folder.cleanup()
