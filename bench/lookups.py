"""Rows of long lists: one person looked up among very many, against fetching and parsing the same pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from bench.case import Wrong
from bench.child import Child, child
from bench.crowds import CROWDS, LEAVER, Crowd
from bench.figures import Goal, Row

LOOKS = 7
_MOST_MEMORY = Goal("over idle", 50.0)
_MOST_TIME = Goal("ratio", 1.3)


@dataclass(slots=True)
class Looked:
    """What was measured of one crowd: seconds of each look and of each bare reading, MB, and calls of one look."""

    crowd: Crowd
    looks: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    over_idle: float = 0.0
    calls: int = 0


async def long_lists(looks: int = LOOKS) -> list[Row]:
    """Measure every crowd: systems, look-up and bare reading are a process each, and take turns."""
    return [row for crowd in CROWDS for row in rows_of(await _measured(crowd, looks))]


async def _measured(crowd: Crowd, looks: int) -> Looked:
    async with child("bench.rendered") as house, child("bench.looker") as looker, child("bench.floor") as floor:
        entry = await house.ask({"kind": crowd.kind, "users": crowd.users})
        await looker.ask({"kind": crowd.kind, "entry": entry, "mail": LEAVER})
        found = Looked(crowd)
        # The first look has the pages rendered. Its time does not count, and its memory does.
        await _look(looker, found)
        urls = await house.ask({})
        await floor.ask({"ca_file": entry["ca_file"], "urls": urls})
        await floor.ask({})
        found.calls = len(urls)
        found.looks.clear()
        for _ in range(looks):
            await _look(looker, found)
            found.floors.append((await floor.ask({}))["seconds"])
        return found


async def _look(looker: Child, found: Looked) -> None:
    """Look once. Raises Wrong unless the leaver and nobody else was found."""
    told = await looker.ask({})
    if told["accounts"] != [LEAVER]:
        raise Wrong(f"{found.crowd.label}: found {len(told['accounts'])} accounts where one is the leaver's")
    found.looks.append(told["seconds"])
    found.over_idle = max(found.over_idle, told["over_idle"])


def rows_of(found: Looked) -> list[Row]:
    """Return memory and time of one crowd."""
    what = f"{found.crowd.label}, one of {found.crowd.users:,}"
    seconds, floor = median(found.looks), median(found.floors)
    times = {"median": seconds, "max": max(found.looks)}
    return [
        Row(f"{what}: memory", "MB", {"over idle": found.over_idle}, goal=_MOST_MEMORY),
        Row(f"{what}: {found.calls} calls", "s", times, floor=floor, ratio=seconds / floor, goal=_MOST_TIME),
    ]
