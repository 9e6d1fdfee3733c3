"""Waiting for something that can only be asked again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(holds: Callable[[], Awaitable[bool]], poll: float = 0.1) -> None:
    """Ask every `poll` seconds until it holds. Whoever calls sets the limit."""
    while True:
        if await holds():
            return
        await asyncio.sleep(poll)
