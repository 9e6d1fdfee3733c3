"""Any order of requests, clicks, changes, times and crashes: nothing goes that was not approved as it stands."""

from __future__ import annotations

import asyncio
import functools
import shutil
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.cases import Said
from bot.model import Account, CaseState, CaseView, Person, Plan, PlanState, Sent, Step, Word
from bot.plan import difference
from bot.policy import counting
from bot.store import migrate_now, open_store
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, FakePeople, FakeSystem, account

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


class Crash(BaseException):
    """The process is gone; what was done in the system is done."""


@dataclass
class WatchedSystem(FakeSystem):
    """A system that holds every write against what was approved at that moment, and may crash right after one."""

    house: list[House] = field(default_factory=list)
    crashes: bool = False
    unapproved: list[str] = field(default_factory=list)

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        view = await self.house[0].view(self.house[0].forms)
        runs = view.case.state is CaseState.RUNNING
        if not runs or not any(covers(view, plan, account) for plan in view.plans):
            self.unapproved.append(f"{self.name} {account}")
        sent = await super().do(account, step, key)
        if self.crashes:
            self.crashes = False
            raise Crash
        return sent


def covers(view: CaseView, plan: Plan, account: Account) -> bool:
    """Whether this plan, approved by enough people or begun by break-glass, holds this account as it now stands."""
    given = [one for one in view.approvals if (one.turn, one.digest) == (plan.turn, plan.digest)]
    enough = counting(given, view.case.requester, view.case.leaver) >= plan.needed
    glass = any(one.why.startswith("break-glass") for one in given)
    same = [one for one in plan.chosen() if one.system == account.system and difference(one, account) is None]
    return plan.state is PlanState.APPROVED and (enough or glass) and bool(same)


class Case(RuleBasedStateMachine):
    """One case after another about Dana, with an account in each of two systems to begin with."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
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
        crm, wiki = WatchedSystem("crm"), WatchedSystem("wiki", identity="fake wiki")
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

    @initialize()
    def opens(self) -> None:
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
            self._press(self.house.cases.approve(self.case_id, plan.turn, plan.digest, by.user_id, by.team_id, ""))

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


TestCase = Case.TestCase
TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=16,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes longer than a test may
    suppress_health_check=list(HealthCheck),
)
