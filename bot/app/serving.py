"""What of the program is usable at the moment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.app.build import Parts
from bot.app.sharing import EXECUTOR
from bot.app.web import SlackCalls
from bot.app.writes import Writes
from bot.store.census import Census
from handlers.socket_mode import Socket


@dataclass(slots=True)
class Serving:
    """A program that runs. `parts` is None until the database was reached, `answers` until Slack's calls are taken.

    `works` says whether this process is to carry out work itself.
    """

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    parts: Parts | None = None
    started: bool = False
    socket: Socket | None = None
    answers: SlackCalls | None = None
    works: bool = True
    writes: Writes = field(default_factory=Writes)

    async def not_ready(self) -> Sequence[str]:
        """Say what is not usable, one line each."""
        if self.parts is None:
            return ["database: not reached yet"]
        missing = [] if self.started else ["Slack: not reached yet"]
        # Before the engine has started nothing here may hold SQLite's lock: its start waits for that on this very loop.
        try:
            await (self.writes.try_out(self.parts.store) if self.started else self.parts.store.ping())
        except Exception as error:  # noqa: BLE001 — whatever it is, the database is not usable
            missing.append(f"database: {type(error).__name__}")
        if self.socket is not None and not await self.socket.is_connected():
            missing.append("Slack: Socket Mode is not connected")
        if not self.parts.poster.ready:
            missing.append(f"Slack: messages are not taken ({self.parts.poster.trouble})")
        if self.started and await self.workers() == 0:
            missing.append("workers: none is alive")
        return missing

    async def workers(self) -> int | None:
        """Count the processes that carry out work on this database; None where it cannot be read."""
        if self.parts is None:
            return None
        if not self.parts.sharing.many:
            return int(self.parts.crew.working)
        try:
            return len(await self.parts.store.held(EXECUTOR))
        except Exception:  # noqa: BLE001 — `not_ready` says what is wrong with the database
            return None

    async def census(self) -> Census | None:
        """Count what the database holds; None where it cannot be read."""
        try:
            return None if self.parts is None else await self.parts.store.census()
        except Exception:  # noqa: BLE001 — `not_ready` says what is wrong with the database
            return None

    async def systems_well(self) -> Mapping[str, bool]:
        """Say of each system that was looked into, by whichever process, whether it was well."""
        try:
            return {} if self.parts is None else await self.parts.store.looks()
        except Exception:  # noqa: BLE001 — `not_ready` says what is wrong with the database
            return {}

    def slack_calls(self) -> SlackCalls | None:
        """What answers Slack; None before the program has started."""
        return self.answers
