"""A slow system holds up no other: the other four beside one that lets five calls a minute through."""

from __future__ import annotations

from statistics import median

from bench.case import all_removed, approve, closed, ended, open_case
from bench.figures import Goal, Row
from bench.scene import REQUESTERS, Setting, scene
from sandbox.systems.all import ENTRIES

REPEATS = 4
KINDS = tuple(ENTRIES)
PACED = "huawei_hss"
OTHERS = tuple(kind for kind in KINDS if kind != PACED)
_DELAY = 0.1
_SPENDERS = 2
_MOST = Goal("ratio", 1.1)


async def beside_a_paced_system(repeats: int = REPEATS) -> list[Row]:
    """Measure the other four systems with and without Huawei's five calls a minute, which two cases have used up."""
    without, _ = await _others(repeats, paced=False)
    others, first = await _others(repeats, paced=True)
    floor = median(without)
    figures = {"median": median(others), "max": max(others)}
    what = "the other four beside a paced Huawei"
    return [
        Row(what, "s", figures, floor=floor, ratio=figures["median"] / floor, goal=_MOST),
        Row("Huawei at five calls a minute", "s", {"first case that waited": first}),
    ]


async def _others(repeats: int, *, paced: bool) -> tuple[list[float], float]:
    """Seconds from Approve to the last outcome of the others, of each case after the first two; of Huawei in one."""
    others: list[float] = []
    async with scene(Setting(leavers=_SPENDERS + repeats, delay=_DELAY, paced=paced)) as set_up:
        cases = [await open_case(set_up, mail, REQUESTERS[0]) for mail in set_up.leavers]
        clicks = []
        for case in cases:
            clicks.append(await approve(case))
            ends = await ended(case, OTHERS)
            await all_removed(case, OTHERS)
            others.append(max(ends.values()) - clicks[-1])
            if not paced:
                await closed(case)
        watched, clicked = cases[_SPENDERS], clicks[_SPENDERS]
        huawei = (await ended(watched, (PACED,)))[PACED] - clicked
        await all_removed(watched, (PACED,))
    return others[_SPENDERS:], huawei
