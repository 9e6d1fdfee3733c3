"""The domain on a real SQLite file, with fake systems, people and engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.authenticators import KeyBox
from bot.cases import Cases, Form, Opened, Room, Said
from bot.model import Case, CaseView, Person
from bot.policy import Policy
from bot.ports import WorkKind
from bot.quiet import Quiet
from bot.rechecks import Rechecks
from bot.runs import Runs
from bot.store import SqlStore, open_store
from bot.sweeper import Sweeper
from tests.bot.fakes import AMY, BEN, DirectEngine, FakePeople, FakeReporter, FakeSystem, FakeSystems, account
from tests.migrated import migrated_file

POLICY = Policy(requesters=("U0AMY",), approvers=("S0SECURITY",), admins=("U0ROOT",))


@dataclass
class House:
    """Everything that a case needs, with short ways to move one along."""

    store: SqlStore
    crm: FakeSystem
    wiki: FakeSystem
    policy: Policy = POLICY
    people: FakePeople = field(default_factory=FakePeople)
    engine: DirectEngine = field(default_factory=DirectEngine)
    waited: list[float] = field(default_factory=list)
    forms: int = 0
    keys: KeyBox | None = None

    def __post_init__(self) -> None:
        self.systems = FakeSystems([self.crm, self.wiki])
        self.govern(self.policy)

    def govern(self, policy: Policy, *, discreet: bool = False) -> None:
        """Put these rules in force; `discreet` keeps names of new cases out of the channel."""
        self.policy = policy
        reporter = FakeReporter()
        room = Room("C0CASES", "C0SENSITIVE", discreet)
        self.cases = Cases(self.store, self.people, self.systems, self.engine, reporter, policy, room, self.keys)
        quiet = Quiet(self.store, self.people, policy, room)
        self.runs = Runs(self.store, self.systems, reporter, policy, quiet, sleep=self._sleep)
        self.rechecks = Rechecks(self.store, self.systems, reporter, quiet)
        self.sweeper = Sweeper(self.store, self.people, self.systems, self.engine, reporter, policy, quiet)
        self.engine.work = {
            WorkKind.LOOK: self.runs.look,
            WorkKind.REMOVE: self.runs.remove,
            WorkKind.RECHECK: self.rechecks.look,
        }

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def form(self, **changes: object) -> Form:
        """A request about Dana in both systems, with whatever is to be different."""
        self.forms += 1
        plain = Form(f"V{self.forms}", None, "dana@acme.test", (), "", ("crm", "wiki"), None)
        return replace(plain, **changes)  # type: ignore[arg-type]

    async def opened(self, **changes: object) -> Case:
        """A case that was opened by Amy; nothing was looked at yet."""
        opened = await self.cases.open(self.form(**changes), AMY.user_id, AMY.team_id)
        assert isinstance(opened, Opened), opened
        return opened.case

    async def planned(self, **changes: object) -> CaseView:
        """A case whose plan waits, or that has ended by itself."""
        case = await self.opened(**changes)
        await self.engine.drain()
        return await self.view(case.id)

    async def approved(self, view: CaseView, by: Person = BEN, click: str = "") -> Said:
        """What an approver is told who presses Approve on the newest open plan."""
        plan = view.open_plan
        assert plan is not None
        button = (view.case.id, plan.turn, plan.digest, by.user_id, by.team_id)
        return await self.cases.approve(*button, lambda _: "shown", click)

    async def confirmed(self, view: CaseView, by: Person = BEN, click: str = "") -> Said:
        """What somebody is told who confirms that no system knows the person."""
        where = (view.case.id, view.case.attempt, by.user_id, by.team_id)
        return await self.cases.confirm_nothing(*where, lambda _: "shown", click)

    async def planned_in_crm(self) -> CaseView:
        """A case with one account in the CRM and none in the wiki, whose plan waits."""
        self.crm.accounts["1"] = account()
        return await self.planned()

    async def run(self, view: CaseView) -> CaseView:
        """The case after its newest plan was approved and carried out."""
        assert (await self.approved(view)).ok
        await self.engine.drain()
        return await self.view(view.case.id)

    async def ran(self, **changes: object) -> CaseView:
        """A case that was approved and has run."""
        return await self.run(await self.planned(**changes))

    async def view(self, case_id: int) -> CaseView:
        """The case as it stands."""
        view = await self.store.view(case_id)
        assert view is not None
        return view


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with two empty systems, `crm` and `wiki`."""
    store = await open_store(migrated_file(tmp_path / "offboard.db"))
    try:
        yield House(store, FakeSystem("crm"), FakeSystem("wiki", identity="fake wiki"))
    finally:
        await store.aclose()
