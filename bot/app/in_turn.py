"""Turns among all processes at one database, each held as a place there."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.app.lease import Lease, Pace, Places
from bot.in_turn import InTurnHere

_ASK_SECONDS = 0.5


@dataclass(slots=True)
class InTurnEverywhere:
    """The port `InTurn` across processes. Where the holder of a turn dies, it is free when the place's time is over."""

    places: Places
    holder: str
    pace: Pace
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _here: InTurnHere = field(default_factory=InTurnHere)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncGenerator[None]:
        """Wait for the turn and hold it while the block runs."""
        lease = Lease(self.places, place_of(name), self.holder, self.pace)
        async with self._here.turn(name):
            while not await lease.take():
                await self.sleep(_ASK_SECONDS)
            renewing = asyncio.create_task(lease.lead(), name="turn")
            try:
                yield
            finally:
                renewing.cancel()
                await asyncio.gather(renewing, return_exceptions=True)
                await lease.release()


def place_of(name: str) -> str:
    """Return the place of a turn; the name holds server and log-on, which need not stand in one more table."""
    return f"turn:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
