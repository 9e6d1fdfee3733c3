"""Turns within one process: all that is needed where one process does all the work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class InTurnHere:
    """The port `InTurn` for the work of this process."""

    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncGenerator[None]:
        """Wait for the turn and hold it while the block runs."""
        async with self._locks.setdefault(name, asyncio.Lock()):
            yield
