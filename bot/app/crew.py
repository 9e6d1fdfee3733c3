"""The engine of this process, alive for as long as the process holds a slot among the executors."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from bot.app.lease import Lease, Places
from bot.app.sharing import ALONE, EXECUTOR, Sharing
from bot.engine import Executor, WorkQueue

log = logging.getLogger(__name__)


async def take_slot(sharing: Sharing, places: Places) -> Lease:
    """Take the free slot with the lowest number."""
    number = 1
    while True:
        lease = Lease(places, f"{EXECUTOR}{number}", sharing.holder, sharing.timing.slots)
        if await lease.take():
            return lease
        number += 1


def executor_of(name: str, fence: int) -> str:
    """Return how the engine knows the executor that holds a slot; no other holder ever has the same name."""
    return f"{name}.{fence}"


@dataclass(slots=True)
class Crew:
    """Leases a slot, runs the engine under its name, and ends the engine at once where the slot is lost."""

    sharing: Sharing
    executor: Executor
    queue: WorkQueue
    working: bool = False

    async def begin(self) -> None:
        """Make the queue usable. Where no other process serves the database the engine starts here, as its only one.

        Then what a predecessor had begun comes before what still waits in the queue.
        """
        await self.queue.open()
        if not self.sharing.many:
            if taken_up := await self.queue.take_up(ALONE):
                log.info("took up %s pieces of work that had begun before", taken_up)
            await self.executor.start(ALONE)
            self.working = True

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; then let running work end, and hand back what does not. An error never ends it."""
        if not self.sharing.many:
            await stop.wait()
            await self._end(self.sharing.timing.drain)
        while not stop.is_set():
            try:
                await self._work(stop)
            except Exception as error:  # noqa: BLE001 — the edge of a background task that must not die
                log.error("the engine failed: %s", type(error).__name__)  # noqa: TRY400 — its text may hold personal data
                await _first(stop, seconds=self.sharing.timing.slots.beat)

    async def _end(self, seconds: float) -> None:
        self.working = False
        await self.executor.stop(seconds)

    async def _work(self, stop: asyncio.Event) -> None:
        slot = await take_slot(self.sharing, self.sharing.store)
        self.sharing.slot.lease = slot
        lost = asyncio.Event()
        renewing = asyncio.create_task(self._renew(slot, lost), name=slot.name)
        name = executor_of(slot.name, slot.fence)
        try:
            await self.executor.start(name)
            log.info("works as %s", name)
            self.working = True
            await _first(stop, lost)
        finally:
            await self._end(self.sharing.timing.drain if slot.held else 0.0)
            await self._leave(slot, name)
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, slot: Lease, lost: asyncio.Event) -> None:
        while await slot.renew():
            await _first(lost, seconds=self.sharing.timing.slots.beat)
        log.warning("the slot %s is lost; what was under way is left to others", slot.name)
        lost.set()

    async def _leave(self, slot: Lease, name: str) -> None:
        """Give unfinished work back to the others, at once where the slot is still ours; else they take it."""
        if not slot.held:
            return
        try:
            for work in await self.queue.under_way():
                if work.executor == name:
                    await self.queue.hand_back(work)
        except Exception as error:  # noqa: BLE001 — the others find it when the slot is free
            log.warning("unfinished work was not handed back: %s", type(error).__name__)
        await slot.release()


async def _first(*events: asyncio.Event, seconds: float | None = None) -> None:
    """Wait for the first of these events, or for so many seconds."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
