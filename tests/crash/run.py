"""One run: cases all the time, a kill again and again, and from time to time everybody goes home and it is judged."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.crash.acts import play
from tests.crash.judge import Found, judge, played_by_decision
from tests.crash.killer import Death, Killer
from tests.crash.orders import Kill, Orders, Script
from tests.crash.people import PATIENCE, Crowd
from tests.crash.scene import scene

_BATCH = 25
"""Kills between two judgements."""


@dataclass(slots=True)
class Payloads:
    """How many payloads people sent, how many went unacknowledged, and how many Slack delivered twice."""

    sent: int = 0
    unacknowledged: int = 0
    twice: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run on one kind of database."""

    database: str
    seconds: float
    deaths: tuple[Death, ...]
    decisions: Counter[str]
    payloads: Payloads
    found: Found


@dataclass(slots=True)
class Shifts:
    """The people who come and go: so many cases at once, until they are sent home."""

    crowd: Crowd
    scripts: Iterator[Script]
    at_once: int
    _home: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Play cases while the block runs, then each that was begun to its end."""
        self._home.clear()
        async with asyncio.TaskGroup() as group:
            for _ in range(self.at_once):
                group.create_task(self._work())
            yield
            self._home.set()

    async def _work(self) -> None:
        while not self._home.is_set():
            script = next(self.scripts, None)
            if script is None:
                return
            await play(self.crowd, script)


async def run(orders: Orders, database: str, url: str | None, at_once: int, say: Callable[[str], None]) -> Result:
    """Carry out the orders against a bot of its own; stops at the first judgement that finds something wrong."""
    began = time.monotonic()
    async with scene(len(orders.scripts), url) as stage:
        crowd = Crowd(stage)
        killer = Killer(crowd)
        killer.watch()
        payloads = deliver_some_twice(crowd)
        shifts = Shifts(crowd, iter(orders.scripts), at_once)
        for batch in _batches(orders.kills):
            async with shifts.at_work():
                await killer.go_through(batch)
            found = await judged(crowd)
            say(
                f"{database}: {len(killer.deaths)} kills, {len(crowd.played)} cases, {len(found.wrong)} wrong, "
                f"{time.monotonic() - began:.0f} s"
            )
            if found.wrong:
                break
    acks = stage.play.workspace.acks
    payloads.sent, payloads.unacknowledged = len(acks), sum(bool(ack.error) for ack in acks)
    decisions = played_by_decision(crowd.played)
    return Result(database, time.monotonic() - began, tuple(killer.deaths), decisions, payloads, found)


def _batches(kills: Sequence[Kill]) -> Iterator[Sequence[Kill]]:
    for start in range(0, len(kills), _BATCH):
        yield kills[start : start + _BATCH]


def deliver_some_twice(crowd: Crowd) -> Payloads:
    """Let Slack deliver each payload twice while the newest case is one for which that was drawn; count them."""
    payloads = Payloads()

    def twice(_: str) -> bool:
        drawn = bool(crowd.asked) and crowd.asked[-1].twice
        payloads.twice += drawn
        return drawn

    crowd.workspace.watching.twice = twice
    return payloads


async def judged(crowd: Crowd) -> Found:
    """Wait until the bot has said all it has to say, then judge."""
    records, workspace = crowd.scene.records, crowd.workspace
    async with asyncio.timeout(PATIENCE):
        while await records.unsent() or await records.unended():
            seen = len(workspace.calls)
            with contextlib.suppress(TimeoutError):
                await workspace.until(lambda seen=seen: len(workspace.calls) > seen, 2)  # type: ignore[misc]  # a default binds it
    return await judge(crowd)
