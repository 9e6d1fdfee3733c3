"""What goes on beside the work: each pass is made by the one process that leads in it; an error ends none of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

from bot.app.build import Parts
from bot.app.lease import leads
from bot.app.takeover import take_over

log = logging.getLogger(__name__)


async def sweep(parts: Parts) -> None:
    """Do what time asks for, and seal what the audit holds since."""
    leading = leads(parts.sharing.sweeper)
    while True:
        if leading.held:
            await supervised("the sweeper", lambda: sweep_once(parts))
            await seal(parts)
        await asyncio.sleep(parts.sharing.timing.sweep)


async def sweep_once(parts: Parts) -> None:
    """Sweep once, by the database's clock where it has one: ours may be wrong by hours."""
    await parts.sweeper.sweep(await parts.store.now())


async def seal(parts: Parts) -> None:
    """Seal the audit where this process leads in it and has the key."""
    signer = parts.signer
    if signer is not None and leads(parts.sharing.sweeper).held:
        await supervised("the sealing of the audit", lambda: parts.store.seal(signer))


async def take_over_always(parts: Parts) -> None:
    """Give the work of dead executors to the living."""
    leading = leads(parts.sharing.takeover)
    while True:
        if leading.held:
            await supervised("the takeover", lambda: take_over(parts.queue, parts.store, leading))
        await asyncio.sleep(parts.sharing.timing.sweep)


async def supervised(what: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do it once. An error is logged by its kind alone and goes no further."""
    try:
        await work()
    except Exception as error:  # noqa: BLE001 — the edge of a background task that must not die
        log.error("%s failed: %s", what, type(error).__name__)  # noqa: TRY400 — its text may hold personal data


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
