"""One removal from the look to the proof, with one thing going wrong on the way, and what came of it."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from bot import errors
from bot import plan as planning
from bot.guarded import Guarded
from bot.model import (
    Account,
    Case,
    CaseState,
    CaseSystem,
    Discovery,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Outcome,
    Person,
    worst,
)
from bot.policy import Policy
from bot.ports import Provider, Store
from bot.removal import Changed, Removal
from bot.runs import Runs
from providers.http import Door, limit
from providers.huawei_hss import tokens as huawei_tokens
from sandbox.systems.faults import Fault
from sandbox.systems.frame import Simulator
from tests.bot.removing import BookedLedger
from tests.faults.befalling import LARGEST, PATIENCE
from tests.faults.calls import Stage
from tests.faults.staged import Moment, Staged
from tests.providers.subjects import Subject

DANA = Leaver("Dana Frost", (Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED),))
NOT_READ = "not read"
CHANGED = "changed"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
_POLICY = Policy((), ())
_PATIENT = 20.0


def _case(leaver: Leaver, system: str) -> Case:
    systems = (CaseSystem(system, system, "any", "any", approvals=1),)
    asked = Person("U1", "T1")
    return Case(1, CaseState.RUNNING, leaver, asked, "", systems, "C1", discreet=False, opened_at=NOON)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong, from which moment on: a fault on the wire, an act of somebody else's, or both.

    `prepare` is done to the simulator before the look; `who` leaves, and `more` are further settings. Where it is slow
    the provider waits for `patience` seconds.
    """

    moment: Moment = (Stage.LOOK, 0)
    fault: Fault | None = None
    act: Callable[[Simulator], object] | None = None
    prepare: Callable[[Simulator], object] = lambda _: None
    is_slow: bool = False
    patience: float = PATIENCE
    who: Leaver = DANA
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a life ended. `word` is an outcome's, `not read`, or `changed` where a new approval is needed.

    `befell` says that the trouble came; `stands` that the account is in the system's state; `harmed` names other
    things that are not as they were; `blind` are writes that followed another without a read between.
    """

    word: str
    says: str
    left: str
    befell: bool
    stands: bool
    harmed: tuple[str, ...]
    blind: int
    sent: Mapping[str, int]


@dataclass(slots=True)
class Slot:
    """A simulator in which one life at a time is lived, from the same state each time."""

    subject: Subject
    system: Simulator
    new: Callable[[], Awaitable[Simulator]]
    _seeded: bytes = field(init=False)

    def __post_init__(self) -> None:
        self._seeded = pickle.dumps(self.system.state)

    async def live(self, trouble: Trouble) -> Ending:
        """Live one life with this trouble in it."""
        self.system.state = pickle.loads(self._seeded)  # noqa: S301  # our own bytes; half as long as a deep copy
        self.system.journal.entries.clear()
        self.system.faults.clear()
        self.system.faults.used.clear()
        try:
            return await live(self.subject, self.system, trouble)
        finally:
            if trouble.fault is not None and trouble.fault.what == "delay":
                await self._renew()

    async def _renew(self) -> None:
        """Take another simulator: what this one still carries out late must not reach into the next life."""
        await self.system.stop()
        self.system = await self.new()
        self._seeded = pickle.dumps(self.system.state)


async def live(subject: Subject, system: Simulator, trouble: Trouble) -> Ending:
    """Live one life in a running simulator, as it stands."""
    limit._shared.clear()
    _forget_tokens(system.url)
    trouble.prepare(system)
    life = _Life(subject, system, trouble)
    try:
        return await life.ends()
    finally:
        await life.door.aclose()


class _Forgetful:
    """A store that takes what is logged and keeps nothing."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[_Forgetful]:
        yield self

    async def audit(self, *_: object) -> None:
        """Nobody reads it here."""


def _forget_tokens(server: str) -> None:
    """Forget what this process holds for IAM there: each life logs on by itself."""
    for held in huawei_tokens._held.values():
        for key in [key for key in held if key[0] == server]:
            del held[key]


class _Life:
    def __init__(self, subject: Subject, system: Simulator, trouble: Trouble) -> None:
        self._subject = subject
        self._target = subject.dana(system.state)
        self._system = system
        self._trouble = trouble
        self._settings = subject.settings(
            system, **{"timeout": trouble.patience if trouble.is_slow else _PATIENT, **trouble.more}
        )
        self._came = False
        self._kept = self._others()
        self._ledger = BookedLedger([])
        # Only the engine's search is used, and that needs nothing of an engine's but its waiting.
        self._runs = object.__new__(Runs)
        self._runs.sleep = self._nap
        self._runs.store = cast("Store", _Forgetful())
        self.door: Door = subject.kind.door(self._settings)
        self.door._sleep = self._nap
        self.door._max_body = LARGEST

    async def ends(self) -> Ending:
        """Look, make the plan, and remove the account that it chooses."""
        try:
            found = await self._look()
        except errors.ProviderError as error:
            return self._ending(NOT_READ, str(error))
        plan = planning.make(_case(self._trouble.who, found.system), [found], _POLICY, NOON)
        chosen = [account for system in plan.systems for account in system.chosen]
        if chosen:
            return await self._remove(chosen[0])
        outcomes = planning.outcomes_without_removal(plan, NOON)
        return self._ending(worst(outcomes) or found.sight, " ".join(one.sentence for one in outcomes))

    async def _look(self) -> Discovery:
        hand = self._hand()
        try:
            staged = Staged(Guarded(hand), self._begins, Stage.LOOK)
            return await self._runs._find(staged, _case(self._trouble.who, ""), "")
        finally:
            await hand.aclose()

    async def _remove(self, account: Account) -> Ending:
        self._target = account.id
        self._kept = self._others()
        hand = Staged(Guarded(self._hand()), self._begins, Stage.SEARCH)
        try:
            end = await Removal(hand, self._trouble.who, account, self._ledger, sleep=self._nap).carry_out()
        finally:
            await hand.aclose()
        if isinstance(end, Changed):
            return self._ending(CHANGED, end.difference)
        return self._ending(end.word, end.sentence, end)

    def _hand(self) -> Provider:
        return self._subject.hand(self._system, self._settings, self.door, self._nap)

    async def _nap(self, seconds: float) -> None:
        self._system.clock.forward(seconds)
        await asyncio.sleep(0)

    async def _begins(self, moment: Moment) -> None:
        if self._came or moment != self._trouble.moment:
            return
        self._came = True
        if self._trouble.act is not None:
            self._somebody_acts(self._trouble.act)
        if self._trouble.fault is not None:
            await self._arm(self._trouble.fault)

    async def _arm(self, fault: Fault) -> None:
        if fault.what == "refuse" and self.door._session is not None:
            # From a fresh connection on, so that it is certain that nothing was sent.
            await self.door._session.close()
            self.door._session = None
        act = fault.act
        if act is not None:
            fault.act = lambda: self._somebody_acts(lambda _: act())
        self._system.faults.add(fault)

    def _somebody_acts(self, act: Callable[[Simulator], object]) -> None:
        """Let somebody else change something; what that takes away is not our doing."""
        before = self._others()
        act(self._system)
        after = self._others()
        touched = {name for name, thing in before.items() if after.get(name) != thing}
        self._kept = {name: thing for name, thing in self._kept.items() if name not in touched}

    def _others(self) -> dict[object, str]:
        state = self._system.state
        things = {**self._subject.accounts(state), **self._subject.others(state)}
        return {name: repr(thing) for name, thing in things.items() if name != self._target}

    def _ending(self, word: str, says: str, outcome: Outcome | None = None) -> Ending:
        now = self._others()
        fault = self._trouble.fault
        sent = [intent.step for intent in self._ledger.intents]
        return Ending(
            str(word),
            says,
            outcome.left if outcome is not None else "",
            self._came and (fault is None or bool(self._system.faults.used)),
            self._target in self._subject.accounts(self._system.state),
            tuple(str(name) for name, thing in self._kept.items() if now.get(name) != thing),
            len(self._system.journal.unread_writes()),
            {step: sent.count(step) for step in sent},
        )
