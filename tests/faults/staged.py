"""A provider that tells when each part of a removal's life begins, and passes everything on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.model import Account, Discovery, Health, Leaver, Sent, Step
from bot.ports import Provider
from tests.faults.calls import Stage

Moment = tuple[Stage, int]
"""A stage, and for a step its number."""


@dataclass(slots=True)
class Staged:
    """`begins` is awaited at the beginning of each moment. The first search is the look, any later one the proof's."""

    provider: Provider
    begins: Callable[[Moment], Awaitable[None]]
    finding: Stage
    _steps: list[str] = field(default_factory=list)
    _reading: Stage = Stage.READ

    async def check(self) -> Health:
        return await self.provider.check()

    async def find(self, leaver: Leaver) -> Discovery:
        await self.begins((self.finding, 0))
        return await self.provider.find(leaver)

    async def read(self, account: Account) -> Account | None:
        await self.begins((self._reading, 0))
        return await self.provider.read(account)

    def steps(self, account: Account) -> tuple[Step, ...]:
        return self.provider.steps(account)

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        if step.name not in self._steps:
            self._steps.append(step.name)
        is_last = self.provider.steps(account)[-1].name == step.name
        await self.begins((Stage.STEP, len(self._steps)))
        self._reading = Stage.CONFIRM if is_last else Stage.BETWEEN
        return await self.provider.do(account, step, key)

    async def aclose(self) -> None:
        await self.begins((Stage.CLOSE, 0))
        await self.provider.aclose()
