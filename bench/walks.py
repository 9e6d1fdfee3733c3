"""How long people wait for the acknowledgement of what they do, while whole cases are walked through five systems."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from bench.acks import of
from bench.case import approve, closed, open_case
from bench.figures import Goal, Row, percentile, spread
from bench.idle import memory_row
from bench.memory import settled
from bench.scene import REQUESTERS, Scene, Setting, scene
from sandbox.systems.all import ENTRIES

WALKS = 200
_AT_ONCE = 5
_WARM_UP = 10
_HELPS = 100
_MOST, _NONE = Goal("p99", 300.0), Goal("not removed", 0)
_ACTS = {
    "/offboard": "ack of /offboard, {} walks",
    "view_submission": "ack of Request, {} walks",
    "block_actions approve": "ack of Approve, {} walks",
}


async def walked(walks: int = WALKS) -> list[Row]:
    """Walk with that many people, five cases at a time; each row is one act of a person, once a walk.

    The floor is the median answer to `/offboard help` by the same bot before the walks, one at a time.
    """
    async with scene(Setting(leavers=_WARM_UP + walks, roomy=True)) as set_up:
        floor = await _helped(set_up)
        await _walks(set_up, set_up.leavers[:_WARM_UP])
        acks = set_up.play.workspace.acks
        warm, began = len(acks), time.monotonic()
        await _walks(set_up, set_up.leavers[_WARM_UP:])
        seconds = time.monotonic() - began
        rows = [row_of(label.format(walks), of(what, acks[warm:]), floor) for what, label in _ACTS.items()]
        words = await set_up.records.words()
        memory = memory_row(f"memory, after {walks} walks", await settled(set_up.play.bot.pid))
    return [
        *rows,
        Row("walks, five at a time", "s", {"each": seconds / walks}),
        accounts(words, _WARM_UP + walks),
        memory,
    ]


def row_of(label: str, samples: Sequence[float], floor: float) -> Row:
    """Return the row of one act; samples and floor are milliseconds."""
    figures = spread(samples)
    return Row(label, "ms", figures, floor=floor, ratio=figures["p50"] / floor, goal=_MOST)


async def _helped(set_up: Scene) -> float:
    asking = set_up.play.workspace.as_person(REQUESTERS[0])
    for _ in range(_WARM_UP + _HELPS):
        await asking.command("/offboard help")
    return percentile(of("/offboard", set_up.play.workspace.acks[_WARM_UP:]), 0.5)


async def _walks(set_up: Scene, leavers: Sequence[str]) -> None:
    """Walk with all of them: every requester has one case at a time."""
    async with asyncio.TaskGroup() as group:
        for place, requester in enumerate(REQUESTERS[:_AT_ONCE]):
            group.create_task(_one_after_another(set_up, leavers[place::_AT_ONCE], requester))


async def _one_after_another(set_up: Scene, leavers: Sequence[str], requester: str) -> None:
    for mail in leavers:
        case = await open_case(set_up, mail, requester)
        await approve(case)
        await closed(case)


def accounts(words: Mapping[int, Mapping[str, str]], people: int) -> Row:
    """Count how the accounts of so many people ended: a time means little where the work was not done."""
    removed = Counter(word for systems in words.values() for word in systems.values())["removed"]
    of_all = people * len(ENTRIES)
    return Row("accounts of the walks", "", {"all": of_all, "not removed": of_all - removed}, goal=_NONE)
