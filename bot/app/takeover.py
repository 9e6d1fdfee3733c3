"""Work of executors that are no more, given back to those that are."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Protocol

from bot.app.crew import executor_of
from bot.app.lease import Holding
from bot.app.sharing import EXECUTOR
from bot.engine import UnderWay
from bot.store.slots import Place

log = logging.getLogger(__name__)


class Begun(Protocol):
    """What the engine's rows say of work that was begun."""

    async def under_way(self) -> tuple[UnderWay, ...]:
        """Return all of it."""

    async def hand_back(self, work: UnderWay) -> None:
        """Put it back into the queue."""


class Register(Protocol):
    """Who is alive."""

    async def held(self, beginning: str) -> tuple[Place, ...]:
        """Return the places whose names begin so and that somebody holds."""

    async def quiesce(self, names: Sequence[str]) -> None:
        """Wait until no transaction rests on these places any more."""


async def take_over(queue: Begun, register: Register, leading: Holding) -> int:
    """Hand back what dead executors have begun; say how much. To be run again and again: one pass may miss some.

    The work is read before the living: whoever has begun something was alive then. What a dead executor still had
    open in the database has ended before anybody else begins.
    """
    begun = await queue.under_way()
    if not begun:
        return 0
    alive = {executor_of(place.name, place.fence) for place in await register.held(EXECUTOR)}
    orphans = [work for work in begun if work.executor not in alive]
    if orphans:
        await register.quiesce(_slots_of(orphans))
    handed = 0
    for work in orphans:
        if not leading.held:
            break
        await queue.hand_back(work)
        handed += 1
    if handed:
        log.info("took over %s pieces of work from executors that are no more", handed)
    return handed


def _slots_of(orphans: Collection[UnderWay]) -> tuple[str, ...]:
    return tuple(sorted({work.executor.rpartition(".")[0] for work in orphans}))
