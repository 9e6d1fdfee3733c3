"""A harmless look for somebody who does not exist, so that the first to find a system broken is not a real case."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.app.certificates import good_until, soon_over
from bot.errors import OffboardError
from bot.guarded import Guarded
from bot.model import Health, Key, KeyKind, KeySource, Leaver
from bot.ports import Systems
from bot.removal import utc_now

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
FIRST_AFTER_SECONDS = 300.0
"""Seconds after the start before the first look: what starts and ends at once need not log on anywhere."""
PAUSE_SECONDS = 600.0
_LONGEST_SECONDS = 300.0

Sleep = Callable[[float], Awaitable[None]]


class NotWell(OffboardError):
    """Something is configured or connected in a way that would fail a case."""


class Watched(Systems, Protocol):
    """The connected systems, and when the certificates end that matter to them."""

    def certificates(self, name: str) -> Mapping[str, datetime]:
        """Return the ends by the name of a host or file."""


def nobody() -> Leaver:
    """Return somebody made up anew, whom no system can know (`.invalid` is reserved for that by RFC 2606)."""
    name = f"offboard-canary-{uuid.uuid4().hex}"
    mail = Key(KeyKind.MAIL, f"{name}@canary.invalid", KeySource.TYPED)
    return Leaver("Nobody", (mail, Key(KeyKind.LOGIN, name, KeySource.OTHER)))


async def look_for_nobody(systems: Watched, name: str, now: datetime) -> str:
    """Say what is well about a system, for people. Raises `OffboardError` saying what is not. Changes nothing there."""
    async with systems.open(name) as provider:
        hand = Guarded(provider)
        health = await hand.check()
        if not health.ok:
            raise NotWell(health.says)
        if (await hand.find(nobody())).accounts:
            raise NotWell("a look for somebody who does not exist found an account; let nothing be removed here")
    ends = systems.certificates(name)
    if trouble := soon_over(ends, now):
        raise NotWell(trouble)
    return "; ".join(part for part in (_sight(health), good_until(ends)) if part)


def _sight(health: Health) -> str:
    return health.says if health.sees_all else f"{health.says} (this key does not see the whole system)"


class Looks(Protocol):
    """Who looks when, and what came of it, shared by all processes."""

    async def take_look(self, system: str, every: timedelta) -> bool:
        """Take the look into a system where it is due and nobody else took it."""

    async def note_look(self, system: str, *, well: bool) -> bool | None:
        """Note what came of it; return what came of the one before, None where there was none."""


@dataclass(frozen=True, slots=True)
class Canary:
    """Looks into each system at most once a day, whichever process does it and however often they start."""

    systems: Watched
    looks: Looks

    async def run(self, clock: Callable[[], datetime] = utc_now, sleep: Sleep = asyncio.sleep) -> None:
        """Go on until cancelled."""
        await sleep(FIRST_AFTER_SECONDS)
        while True:
            await self.look(clock())
            await sleep(PAUSE_SECONDS)

    async def look(self, now: datetime) -> None:
        """Look into the systems whose turn it is, one after another. Never raises."""
        for system in self.systems.connected():
            try:
                if await self.looks.take_look(system.name, EVERY):
                    await self._note(system.name, await self._trouble(system.name, now))
            except Exception as error:  # noqa: BLE001 — the edge of a background task that must not die
                log.warning("systems.%s: the daily look was not made: %s", system.name, type(error).__name__)

    async def _trouble(self, name: str, now: datetime) -> str:
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await look_for_nobody(self.systems, name, now)
        except OffboardError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 — a look that breaks is told like one that fails
            return f"could not be looked at ({type(error).__name__})"
        return ""

    async def _note(self, name: str, trouble: str) -> None:
        was_well = await self.looks.note_look(name, well=not trouble)
        if trouble and was_well is not False:
            log.warning("systems.%s: a case would fail there: %s", name, trouble)
        elif not trouble and was_well is False:
            log.info("systems.%s: well again", name)
