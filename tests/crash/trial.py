"""One trouble while cases run: people go on meanwhile, and when it is over everything must come to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandbox.systems.journal import Entry
from tests.crash.acts import play
from tests.crash.judge import Found
from tests.crash.orders import Script
from tests.crash.people import Crowd
from tests.crash.run import deliver_some_twice, judged
from tests.crash.scene import scene
from tests.crash.troubles import Ground, Trouble, program
from tests.postgres import Server


@dataclass(frozen=True, slots=True)
class Withstood:
    """What came of one trouble on one kind of database.

    `lasted` is the trouble's own time and `after` that from its end until all cases had ended, in seconds; `failed`
    counts how often a person was told that something did not work.
    """

    trouble: str
    database: str
    lasted: float
    after: float
    cases: int
    failed: int
    found: Found


async def withstand(
    trouble: Trouble, scripts: Sequence[Script], seconds: float, url: str | None, server: Server | None
) -> Withstood:
    """Let it strike for so many seconds: half of the cases are open by then, the other half are asked for meanwhile."""
    database = "sqlite" if url is None else "postgres"
    scripts = [replace(script, decision="stop") if _is_too_long(trouble, script) else script for script in scripts]
    async with scene(len(scripts), url, program(database)) as stage:
        crowd = Crowd(stage)
        deliver_some_twice(crowd)
        began = _at_first_change(crowd)
        async with asyncio.TaskGroup() as group:
            for script in scripts[::2]:
                group.create_task(play(crowd, script))
            await began.wait()
            struck = time.monotonic()
            for script in scripts[1::2]:
                group.create_task(play(crowd, script))
            await trouble.strikes(Ground(crowd, server), seconds)
            over = time.monotonic()
        found = await judged(crowd)
    lasted, after = over - struck, time.monotonic() - over
    return Withstood(trouble.name, database, lasted, after, len(crowd.played), crowd.failures(), found)


def _is_too_long(trouble: Trouble, script: Script) -> bool:
    return trouble.patient and script.decision == "retry"


def _at_first_change(crowd: Crowd) -> asyncio.Event:
    began = asyncio.Event()

    def answered(entry: Entry) -> None:
        if entry.kind == "write":
            began.set()

    for simulator in crowd.scene.play.world.by_kind.values():
        simulator.answered = answered
    return began
