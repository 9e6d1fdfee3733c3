"""Fakes for the ports: a system with memory, people by heart, an engine that runs when it is told to."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.errors import PeopleNotReadable, ProviderError
from bot.model import (
    Account,
    CaseSystem,
    Discovery,
    Health,
    Leaver,
    Match,
    Person,
    Sent,
    SentState,
    Sight,
    Step,
    facts,
    fold,
)
from bot.ports import Membership, Tx, WorkKind

DISABLE = Step("disable", "disable the user", irreversible=False)
DELETE = Step("delete", "delete the user")


def account(system: str = "crm", id: str = "1", mail: str = "dana@acme.test", **changes: object) -> Account:  # noqa: A002
    """An account of Dana's, with whatever is to be different."""
    plain = Account(system, id, mail, facts(id=id, mail=mail), Match.EXACT)
    return replace(plain, **changes)  # type: ignore[arg-type]


@dataclass
class FakeSystem:
    """One system with memory: accounts by id, a journal, and errors to come."""

    name: str = "crm"
    accounts: dict[str, Account] = field(default_factory=dict)
    sight: Sight = Sight.FULL
    journal: list[str] = field(default_factory=list)
    find_errors: list[ProviderError] = field(default_factory=list)
    read_errors: list[ProviderError] = field(default_factory=list)
    do_errors: list[ProviderError] = field(default_factory=list)
    effect_despite_error: bool = False
    deaf: bool = False
    planned: tuple[Step, ...] = (DELETE,)
    before_read: Callable[[FakeSystem], None] | None = None
    identity: str = "fake crm"
    approvals: int = 1
    owner: str | None = None
    second_factor: bool = False
    size: int | None = None

    def describe(self) -> CaseSystem:
        label = self.name.upper()
        return CaseSystem(self.name, label, "fake", self.identity, self.approvals, self.owner, self.second_factor)

    async def check(self) -> Health:
        return Health(ok=True, says="fine")

    async def find(self, leaver: Leaver) -> Discovery:
        self.journal.append("find")
        if self.find_errors:
            raise self.find_errors.pop(0)
        mails = list(leaver.mails)
        hits = [
            held for held in self.accounts.values() if any(key.equals(dict(held.identity).get("mail")) for key in mails)
        ]
        return Discovery(self.name, self.sight, tuple(hits), size=self.size)

    async def read(self, account: Account) -> Account | None:
        self.journal.append(f"read {account.id}")
        if self.before_read is not None:
            self.before_read(self)
        if self.read_errors:
            raise self.read_errors.pop(0)
        return self.accounts.get(account.id)

    def steps(self, account: Account) -> tuple[Step, ...]:
        return self.planned

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        self.journal.append(f"{step.name} {account.id}")
        if self.do_errors:
            error = self.do_errors.pop(0)
            if self.effect_despite_error:
                self.accounts.pop(account.id, None)
            raise error
        if account.id not in self.accounts:
            return Sent(SentState.NO_SUCH_ACCOUNT)
        if not self.deaf:
            del self.accounts[account.id]
        return Sent(SentState.ACCEPTED, request_id=key[:8])

    async def aclose(self) -> None:
        self.journal.append("close")

    def writes(self) -> list[str]:
        return [entry for entry in self.journal if entry.split()[0] in {"delete", "disable"}]


@dataclass
class FakeSystems:
    """All connected systems."""

    systems: list[FakeSystem]

    def connected(self) -> tuple[CaseSystem, ...]:
        return tuple(system.describe() for system in self.systems)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[FakeSystem]:
        system = next(system for system in self.systems if system.name == name)
        try:
            yield system
        finally:
            await system.aclose()


def person(user_id: str, mail: str | None = None, *, trusted: bool = True) -> Person:
    """Somebody of the workspace T0ACME."""
    return Person(user_id, "T0ACME", user_id.removeprefix("U0").title(), mail, trusted)


AMY = person("U0AMY", "amy@acme.test")
BEN = person("U0BEN", "ben@acme.test")
CHLOE = person("U0CHLOE", "chloe@acme.test")
ROOT = person("U0ROOT", "root@acme.test")
OTTO = person("U0OTTO", "otto@acme.test")
DANA = person("U0DANA", "dana@acme.test")


@dataclass
class FakePeople:
    """Everybody, and who is in which group."""

    people: tuple[Person, ...] = (AMY, BEN, CHLOE, ROOT, OTTO, DANA)
    groups: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"S0SECURITY": ("U0BEN", "U0CHLOE")})
    channels: dict[str, set[str]] = field(default_factory=dict)
    exposures: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    looked_up: list[str] = field(default_factory=list)

    async def person(self, user_id: str) -> Person:
        self._answer()
        stranger = person(user_id, f"{user_id.lower()}@acme.test")
        return next((found for found in self.people if found.user_id == user_id), stranger)

    async def by_mail(self, mail: str) -> Person | None:
        self._answer()
        return next((found for found in self.people if found.mail and fold(found.mail) == fold(mail)), None)

    async def members(self, ids: Sequence[str], *, of: AbstractSet[str] | None = None) -> Membership:
        self._answer()
        why = self._listed(ids)
        trusted = [user for user in why if (of is None or user in of) and self._is_trusted(user)]
        return Membership({user: why[user] for user in trusted}, of)

    async def first(self, ids: Sequence[str], number: int, *, apart: AbstractSet[str] = frozenset()) -> Membership:
        self._answer()
        why = self._listed(ids)
        before = len(self.looked_up)
        left = (user for user in why if user not in apart and self._is_trusted(user))
        found = {user: why[user] for user in itertools.islice(left, number)}
        return Membership(found, frozenset(self.looked_up[before:]))

    def _listed(self, ids: Sequence[str]) -> dict[str, str]:
        why: dict[str, str] = {}
        for name in ids:
            for user in self.groups.get(name, (name,)):
                why.setdefault(user, f"in {name}")
        return why

    def _is_trusted(self, user_id: str) -> bool:
        """Whoever is in a list and not among the people is somebody in good standing."""
        self.looked_up.append(user_id)
        return all(known.trusted for known in self.people if known.user_id == user_id)

    async def in_channel(self, channel: str, user_id: str) -> bool:
        self._answer()
        return user_id in self.channels.get(channel, set())

    async def exposure(self, channel: str) -> str:
        self._answer()
        return self.exposures.get(channel, "")

    def _answer(self) -> None:
        if self.silent:
            raise PeopleNotReadable("Slack did not answer")


@dataclass
class DirectEngine:
    """Keeps what was handed over, and runs it when told."""

    queue: list[tuple[WorkKind, int, int, str]] = field(default_factory=list)
    work: dict[WorkKind, Callable[[int, int, str], Awaitable[None]]] = field(default_factory=dict)

    async def enqueue(self, tx: Tx, kind: WorkKind, case_id: int, attempt: int, system: str) -> None:
        self.queue.append((kind, case_id, attempt, system))

    async def drain(self) -> None:
        while self.queue:
            kind, case_id, attempt, system = self.queue.pop(0)
            await self.work[kind](case_id, attempt, system)


class FakeReporter:
    """Says nothing."""

    def wake(self) -> None:
        return
