"""What goes on beside the work: each pass is made by the one process that leads in it; an error ends none of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

from bot.app.build import Parts
from bot.app.gone import free_the_gone
from bot.app.lease import leads
from bot.app.takeover import take_over

log = logging.getLogger(__name__)

_FIRST_TAKEOVER_SECONDS = 1.0
"""After a start: until then whoever leads knows it."""


async def sweep(parts: Parts) -> None:
    """Do what time asks for, and seal what the audit holds since. Nothing of it before the comparison with Slack.

    The first pass waits its time like every other: after a start the processor is left to the work that was under way.
    """
    leading = leads(parts.sharing.sweeper)
    compared = False
    while True:
        compared = compared or await supervised("the comparison with Slack", parts.restored.look_once)
        await asyncio.sleep(parts.sharing.timing.sweep)
        if compared and leading.held:
            await supervised("the sweeper", lambda: sweep_once(parts))
            await seal(parts)


async def sweep_once(parts: Parts) -> None:
    """Sweep once, by the database's clock where it has one: ours may be wrong by hours."""
    await parts.sweeper.sweep(await parts.store.now())


async def seal(parts: Parts) -> None:
    """Seal the audit where this process leads in it and has the key."""
    signer = parts.signer
    if signer is not None and leads(parts.sharing.sweeper).held:
        await supervised("the sealing of the audit", lambda: parts.store.seal(signer))


async def take_over_always(parts: Parts) -> None:
    """Give the work of dead executors to the living, and the places of this machine's dead to whoever comes."""
    leading = leads(parts.sharing.takeover)
    pause = min(_FIRST_TAKEOVER_SECONDS, parts.sharing.timing.sweep)
    while True:
        await asyncio.sleep(pause)
        pause = parts.sharing.timing.sweep
        await free(parts)
        if leading.held:
            await supervised("the takeover", lambda: take_over(parts.queue, parts.store, leading))


async def free(parts: Parts) -> None:
    """Give back what processes of this machine hold that are surely no more; on SQLite nobody holds anything."""
    if parts.sharing.many:
        await supervised("the giving back of places", lambda: free_the_gone(parts.store))


async def supervised(what: str, work: Callable[[], Awaitable[object]]) -> bool:
    """Do it once; say whether it was done. An error is logged by its kind alone and goes no further."""
    try:
        await work()
    except Exception as error:  # noqa: BLE001 — the edge of a background task that must not die
        log.error("%s failed: %s", what, type(error).__name__)  # noqa: TRY400 — its text may hold personal data
        return False
    return True


@contextlib.asynccontextmanager
async def going(parts: Parts, **loops: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these, and on Postgres what keeps our places and takes work over, until the block ends."""
    leasing = {lease.name: lease.lead() for lease in parts.sharing.leases}
    if parts.sharing.many:
        leasing["takeovers"] = take_over_always(parts)
    tasks = [asyncio.create_task(loop, name=name) for name, loop in {**leasing, **loops}.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lease in parts.sharing.leases:
            await lease.release()
