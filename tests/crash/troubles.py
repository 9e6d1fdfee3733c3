"""What can go wrong around the bot while it stays alive: its disk, its database, its clock, and Slack."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from sandbox.slack.limits import FaultStatus
from sandbox.slack.records import Json
from tests.crash import ill
from tests.crash.people import Crowd
from tests.postgres import Server, first_started

DAY, HOUR = 86400.0, 3600.0
SQLITE, POSTGRES = "sqlite", "postgres"
_DROPS_EVERY: Final = 1.0
_TOLD: Final = 30.0
_STARTS: Final = 50
"""How often a killed Postgres is tried to be started: what it left behind must have ended first."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a trouble strikes. `server` is None on SQLite."""

    crowd: Crowd
    server: Server | None

    async def lasting(self, seconds: float) -> None:
        """Let it last."""
        await self.crowd.pause(seconds=seconds)

    async def until_told(self, seconds: float) -> None:
        """Let it last, and as much longer as it takes until somebody was told that something did not work."""
        await self.lasting(seconds)
        await self.crowd.pause(self.crowd.failures, _TOLD)

    def falls_ill(self, **told: object) -> None:
        """Tell the bot's world what is wrong with it; nothing, where nothing is told."""
        bot = self.crowd.scene.play.bot
        place = bot.folder / ill.PLACE
        place.with_suffix(".new").write_text(json.dumps(told), encoding="utf-8")
        place.with_suffix(".new").replace(place)
        os.kill(bot.pid, signal.SIGUSR1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble. `strikes` causes it, lets it last for so many `seconds` and ends it.

    `patient` says that a system may be left alone for minutes afterwards, so that nobody presses Retry until it works.
    """

    name: str
    databases: tuple[str, ...]
    seconds: float
    strikes: Callable[[Ground, float], Awaitable[None]]
    patient: bool = False


async def _writes_fail(ground: Ground, seconds: float) -> None:
    """Let no file of the bot's grow or change: each write to the disk is answered with an error."""
    pid = ground.crowd.scene.play.bot.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    await ground.until_told(seconds)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def _is_read_only(ground: Ground, seconds: float) -> None:
    ground.falls_ill(file="read-only")
    await ground.until_told(seconds)
    ground.falls_ill()


async def _is_full(ground: Ground, seconds: float) -> None:
    ground.falls_ill(file="full")
    await ground.until_told(seconds)
    ground.falls_ill()


async def _is_locked(ground: Ground, seconds: float) -> None:
    file = ground.crowd.scene.play.folder / "offboard.db"
    with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ground.lasting(seconds)
        other.execute("ROLLBACK")


async def _clock_jumps(ground: Ground, seconds: float) -> None:
    for off in (DAY, -HOUR):
        ground.falls_ill(clock=off)
        await ground.lasting(seconds / 2)
    ground.falls_ill()


async def _slack_is_away(ground: Ground, seconds: float) -> None:
    """Break one call of the Web API, answer the next with 500, and so on; the connection of Socket Mode is gone."""
    answers: Iterator[FaultStatus] = cycle(("drop", 500))
    watching = ground.crowd.workspace.watching
    before = watching.called

    def away(_: str, __: Json) -> FaultStatus | None:
        return next(answers)

    watching.called = away
    await ground.crowd.workspace.disconnect()
    await ground.lasting(seconds)
    watching.called = before


async def _slack_drops(ground: Ground, seconds: float) -> None:
    for _ in range(round(seconds / _DROPS_EVERY)):
        await ground.crowd.workspace.disconnect("refresh_requested")
        await ground.lasting(_DROPS_EVERY)


async def _postgres_is_killed(ground: Ground, seconds: float) -> None:
    """Kill the server, every connection with it, and start it after that time."""
    if ground.server is None:
        raise AssertionError("this bot has no Postgres")
    kill(ground.server)
    await ground.lasting(seconds)
    await asyncio.to_thread(start, ground.server)


def kill(server: Server) -> None:
    """End it at once with SIGKILL; its other processes notice that by themselves."""
    pid = (server.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    os.kill(int(pid), signal.SIGKILL)


def start(server: Server) -> None:
    """Start a killed one as soon as what it left behind has ended. Raises CalledProcessError."""
    first_started([server] * _STARTS)


TROUBLES: Final = (
    Trouble("every write to the disk fails", (SQLITE,), 20, _writes_fail),
    Trouble("the file is read-only", (SQLITE,), 20, _is_read_only),
    Trouble("the file is read-only for long", (SQLITE,), 90, _is_read_only),
    Trouble("the file is full", (SQLITE,), 20, _is_full),
    Trouble("another program holds the file's lock", (SQLITE,), 40, _is_locked),
    Trouble("Postgres is killed and started again", (POSTGRES,), 1, _postgres_is_killed),
    Trouble("Postgres is killed and away for long", (POSTGRES,), 100, _postgres_is_killed),
    Trouble("the clock jumps: a day ahead, then an hour back", (SQLITE, POSTGRES), 30, _clock_jumps, patient=True),
    Trouble("Slack is away", (SQLITE, POSTGRES), 120, _slack_is_away),
    Trouble("Slack ends the connection again and again", (SQLITE, POSTGRES), 15, _slack_drops),
)


def program(database: str) -> tuple[str, ...]:
    """Return what Python runs, before the port: the bot in a world that can turn ill."""
    serving = ("bot", "serve") if database == SQLITE else ("tests.crash.bot",)
    return ("-m", ill.__name__, *serving)
