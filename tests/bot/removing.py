"""One removal on the bench: a fake system, a ledger by heart, and a sleep that only counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.model import Account, Key, KeyKind, KeySource, Leaver, Outcome, Sent, Step
from bot.ports import Intent
from bot.removal import Changed, Removal
from tests.bot.fakes import FakeSystem, account

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
LEAVER = Leaver("Dana Fox", (Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED),))


@dataclass
class BookedSystem(FakeSystem):
    """A fake system whose next answers and steps can be written down beforehand."""

    answers: list[Sent] = field(default_factory=list)
    plans: Callable[[Account], tuple[Step, ...]] | None = None

    def steps(self, account: Account) -> tuple[Step, ...]:
        return self.plans(account) if self.plans else self.planned

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        if not self.answers:
            return await super().do(account, step, key)
        self.journal.append(f"{step.name} {account.id}")
        return self.answers.pop(0)


@dataclass
class BookedLedger:
    """The ledger, kept in memory; what it notes stands in the system's journal too, to see the order."""

    journal: list[str]
    intents: list[Intent] = field(default_factory=list)
    runs: bool = True
    told: list[str] = field(default_factory=list)

    async def past(self) -> tuple[Intent, ...]:
        return tuple(self.intents)

    async def intend(self, account: Account, step: Step) -> str | None:
        if not self.runs:
            return None
        key = f"key {len(self.intents) + 1}"
        self.intents.append(Intent(key, account.id, step.name, 1, NOON))
        self.journal.append(f"intend {step.name}")
        return key

    async def answered(self, key: str, answer: str, request_id: str) -> None:
        self.intents = [replace(one, answer=str(answer)) if one.key == key else one for one in self.intents]

    async def waits(self, text: str) -> None:
        self.told.append(text)


@dataclass
class Bench:
    """The removal of Dana's account in the CRM, and what can be seen of it."""

    system: BookedSystem = field(default_factory=lambda: BookedSystem(accounts={"1": account()}))
    approved: Account = field(default_factory=account)
    attempt: int = 1
    waited: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = BookedLedger(self.system.journal)

    async def carry_out(self) -> Outcome | Changed:
        removal = Removal(
            self.system, LEAVER, self.approved, self.ledger, self.attempt, clock=lambda: NOON, sleep=self._sleep
        )
        return await removal.carry_out()

    async def end(self) -> Outcome:
        """The outcome, where the account is not another one by now."""
        end = await self.carry_out()
        assert isinstance(end, Outcome), end
        return end

    def remembers(self, step: str, answer: str | None, attempt: int = 1) -> None:
        """A write of an earlier life of the program."""
        key = f"key {len(self.ledger.intents) + 1}"
        self.ledger.intents.append(Intent(key, self.approved.id, step, attempt, NOON, answer))

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


def at_read(number: int, change: Callable[[FakeSystem], None]) -> Callable[[FakeSystem], None]:
    """A change that somebody makes in the system just before its n-th read."""

    def before(system: FakeSystem) -> None:
        if sum(entry.startswith("read") for entry in system.journal) == number:
            change(system)

    return before


def vanish(system: FakeSystem) -> None:
    system.accounts.clear()


def becomes(**changes: object) -> Callable[[FakeSystem], None]:
    """The account is another from now on."""

    def change(system: FakeSystem) -> None:
        system.accounts["1"] = replace(system.accounts["1"], **changes)  # type: ignore[arg-type]

    return change
