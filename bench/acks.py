"""Row 2: how long people wait for the acknowledgement of what they do, while whole cases are carried out."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable

from bench.case import Wrong, approve, closed, open_case
from bench.figures import Goal, Row, percentile, spread
from bench.idle import memory_row
from bench.memory import settled
from bench.scene import REQUESTERS, Scene, Setting, scene
from sandbox.slack.workspace import Ack
from sandbox.systems.all import ENTRIES

WALKS = 200
_WARM_UP = 10
_BARE = 100
_MOST = Goal("p99", 300.0)
_ACTS = {
    "/offboard": "ack of /offboard",
    "view_submission": "ack of Request",
    "block_actions approve": "ack of Approve",
}


async def time_to_ack(walks: int = WALKS) -> list[Row]:
    """Walk with that many people, five cases at a time; each row is one act of a person, once a walk.

    The floor is the median answer to `/offboard help` by the same bot before the walks, one at a time.
    """
    async with scene(Setting(leavers=_WARM_UP + walks)) as set_up:
        floor = await _bare(set_up)
        await _walks(set_up, set_up.leavers[:_WARM_UP])
        acks = set_up.play.workspace.acks
        warm, began = len(acks), time.monotonic()
        await _walks(set_up, set_up.leavers[_WARM_UP:])
        seconds = time.monotonic() - began
        rows = [_row(label, of(what, acks[warm:]), floor) for what, label in _ACTS.items()]
        rows.append(Row("one walk, five at a time", "s", {"mean": seconds / walks}))
        rows.append(await _outcomes(set_up))
        return [*rows, memory_row(f"memory, after {walks} walks", await settled(set_up.play.bot.pid))]


def _row(label: str, samples: list[float], floor: float) -> Row:
    figures = spread(samples)
    return Row(label, "ms", figures, floor=floor, ratio=figures["p50"] / floor, goal=_MOST)


async def _bare(set_up: Scene) -> float:
    asking = set_up.play.workspace.as_person(REQUESTERS[0])
    for _ in range(_WARM_UP + _BARE):
        await asking.command("/offboard help")
    return percentile(of("/offboard", set_up.play.workspace.acks[_WARM_UP:]), 0.5)


def of(what: str, acks: Iterable[Ack]) -> list[float]:
    """Return the milliseconds of one kind of act. Raises Wrong where one was not acknowledged."""
    mine = [ack for ack in acks if f"{ack.what} ".startswith(f"{what} ")]
    if lost := [ack for ack in mine if ack.error]:
        raise Wrong(f"not acknowledged: {lost[0]}")
    return [ack.seconds * 1000 for ack in mine]


async def _walks(set_up: Scene, leavers: tuple[str, ...]) -> None:
    """Walk with all of them: every requester has one case at a time."""
    places = len(REQUESTERS)
    async with asyncio.TaskGroup() as group:
        for place, requester in enumerate(REQUESTERS):
            group.create_task(_one_after_another(set_up, leavers[place::places], requester))


async def _one_after_another(set_up: Scene, leavers: tuple[str, ...], requester: str) -> None:
    for mail in leavers:
        case = await open_case(set_up, mail, requester)
        await approve(case)
        await closed(case)


async def _outcomes(set_up: Scene) -> Row:
    """Count how the accounts ended, warm-up included: a time means little where the work is not done."""
    words = Counter(word for systems in (await set_up.records.words()).values() for word in systems.values())
    of_all = len(set_up.leavers) * len(ENTRIES)
    figures = {"all": of_all, "not removed": of_all - words["removed"]}
    return Row("accounts of the walks", "", figures, goal=Goal("not removed", 0))
