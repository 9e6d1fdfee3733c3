"""A named place in the database that this process holds as long as it renews it in time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.errors import Fenced

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a place is renewed and how long each time holds, in seconds."""

    beat: float
    ttl: float


class Places(Protocol):
    """The part of the store that keeps places."""

    async def lease(self, name: str, holder: str, ttl: timedelta) -> int | None:
        """Take a place; the fencing number, or None where somebody has it."""

    async def renew(self, name: str, holder: str, fence: int, ttl: timedelta) -> bool:
        """Hold a place longer; False where it was lost."""

    async def release(self, name: str, holder: str, fence: int) -> None:
        """Give a place back."""


class Holding(Protocol):
    """Whether something is ours to do at the moment."""

    @property
    def held(self) -> bool:
        """Whether it is."""


class Sole:
    """Everything is ours: no other process serves this database."""

    @property
    def held(self) -> bool:
        """Always."""
        return True


def leads(lease: Lease | None) -> Holding:
    """Return whether we lead: a process without leases is alone, and does."""
    return Sole() if lease is None else lease


@dataclass(slots=True)
class Lease:
    """One place. By our own clock it is held until `ttl` after the last renewal was asked for, never longer.

    So a process that was paused knows on waking that it may have lost the place, without asking anybody.
    """

    places: Places
    name: str
    holder: str
    pace: Pace
    clock: Callable[[], float] = time.monotonic
    _fence: int | None = None
    _until: float = 0.0

    @property
    def held(self) -> bool:
        """Whether the place is ours, as far as we know."""
        return self._fence is not None and self.clock() < self._until

    @property
    def fence(self) -> int:
        """The fencing number. Raises `Fenced` where the place is not ours."""
        return self.claim()[2]

    def claim(self) -> tuple[str, str, int]:
        """Return name, holder and fencing number. Raises `Fenced` where the place is not ours."""
        if self._fence is None or not self.held:
            raise Fenced(f"this process does not hold the place {self.name} any more")
        return self.name, self.holder, self._fence

    async def take(self) -> bool:
        """Take the place if it is free; say whether it is ours. Raises what the database raises."""
        asked = self.clock()
        self._fence = await self.places.lease(self.name, self.holder, timedelta(seconds=self.pace.ttl))
        self._until = asked + self.pace.ttl
        return self.held

    async def renew(self) -> bool:
        """Hold the place longer; say whether it is still ours. A database that does not answer takes it in the end."""
        asked = self.clock()
        try:
            name, holder, fence = self.claim()
            async with asyncio.timeout(self.pace.ttl / 3):
                still = await self.places.renew(name, holder, fence, timedelta(seconds=self.pace.ttl))
        except Fenced:
            still = False
        except Exception as error:  # noqa: BLE001 — whatever it is, the place is ours until its time is over
            log.warning("the place %s could not be renewed: %s", self.name, type(error).__name__)
            return self.held
        self._fence = self._fence if still else None
        self._until = asked + self.pace.ttl
        return self.held

    async def lead(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Hold the place whenever nobody else does, until cancelled."""
        while True:
            try:
                await (self.renew() if self.held else self.take())
            except Exception as error:  # noqa: BLE001 — the edge of a background task that must not die
                log.warning("the place %s could not be asked for: %s", self.name, type(error).__name__)
            await sleep(self.pace.beat)

    async def release(self) -> None:
        """Give the place back, if it is ours. Never raises: what is not given back is free when its time is over."""
        try:
            name, holder, fence = self.claim()
            self._fence = None
            await self.places.release(name, holder, fence)
        except Fenced:
            return
        except Exception as error:  # noqa: BLE001 — the end of the program comes all the same
            log.warning("the place %s could not be given back: %s", self.name, type(error).__name__)
