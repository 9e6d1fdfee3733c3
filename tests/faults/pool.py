"""Simulators side by side, so that lives that wait for time limits do not wait for one another."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

from sandbox.systems.frame import Simulator
from sandbox.systems.tls import Tls
from tests.faults.life import Ending, Slot, Trouble
from tests.providers.subjects import Subject

SIDE_BY_SIDE: Final = 8

T = TypeVar("T")


@asynccontextmanager
async def slots(subject: Subject) -> AsyncIterator[asyncio.Queue[Slot]]:
    """Give running simulators of one kind, each to be taken, lived in and put back."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        tls = Tls(Path(folder))
        free: asyncio.Queue[Slot] = asyncio.Queue()
        made = [await _slot(subject, tls) for _ in range(SIDE_BY_SIDE)]
        for slot in made:
            free.put_nowait(slot)
        try:
            yield free
        finally:
            for slot in made:
                await slot.system.stop()


async def _slot(subject: Subject, tls: Tls) -> Slot:
    async def new() -> Simulator:
        system = subject.new()
        await system.start(tls)
        return system

    return Slot(subject, await new(), new)


async def live_all(subject: Subject, troubles: Iterable[tuple[T, Trouble]]) -> dict[T, Ending]:
    """Live one life for each trouble, and return how each ended."""
    async with slots(subject) as free:
        return dict(await asyncio.gather(*(_one(free, name, trouble) for name, trouble in troubles)))


async def _one(free: asyncio.Queue[Slot], name: T, trouble: Trouble) -> tuple[T, Ending]:
    slot = await free.get()
    try:
        return name, await slot.live(trouble)
    finally:
        free.put_nowait(slot)
