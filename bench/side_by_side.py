"""Rows 3 and 4: a case in five systems takes as long as the slowest of them, and a slow one holds up no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.case import all_removed, approve, closed, ended, open_case
from bench.figures import Goal, Row
from bench.scene import REQUESTERS, Scene, Setting, scene
from sandbox.systems.all import ENTRIES

REPEATS = 4
KINDS = tuple(ENTRIES)
PACED = "huawei_hss"
OTHERS = tuple(kind for kind in KINDS if kind != PACED)
_DELAY = 0.1
_SPENDERS = 2
_WATCHED = 2
_MOST_FIVE = Goal("ratio", 1.2)
_MOST_OTHERS = Goal("ratio", 1.1)


@dataclass(frozen=True, slots=True)
class Unpaced:
    """Seconds from Approve to the last outcome: of one-system cases by kind, and of each five-system case by kind."""

    alone: dict[str, list[float]]
    together: list[dict[str, float]]


async def five_and_one(repeats: int = REPEATS) -> Unpaced:
    """Measure, in turn, a case in each system alone and one in all five; every call of a system takes 0.1 s more."""
    found = Unpaced({kind: [] for kind in KINDS}, [])
    async with scene(Setting(leavers=(repeats + 1) * (len(KINDS) + 1), delay=_DELAY)) as set_up:
        leavers = iter(set_up.leavers)
        for turn in range(repeats + 1):
            alone = {kind: (await _timed(set_up, next(leavers), (kind,)))[kind] for kind in KINDS}
            together = await _timed(set_up, next(leavers), KINDS)
            if turn:
                found.together.append(together)
                for kind, seconds in alone.items():
                    found.alone[kind].append(seconds)
    return found


async def _timed(set_up: Scene, mail: str, kinds: Sequence[str]) -> dict[str, float]:
    """Carry one case to its end; the seconds from the click to the end in each system."""
    case = await open_case(set_up, mail, REQUESTERS[0], kinds)
    clicked = await approve(case)
    ends = await ended(case, kinds)
    await closed(case)
    await all_removed(case, kinds)
    return {kind: at - clicked for kind, at in ends.items()}


def rows_of(found: Unpaced) -> list[Row]:
    """Return the five systems alone, then the five together against the slowest of them."""
    medians = {kind: median(seconds) for kind, seconds in found.alone.items()}
    slowest = max(medians.values())
    last = [max(ends.values()) for ends in found.together]
    rows = [Row(f"{ENTRIES[kind][1]} alone", "s", {"median": seconds}) for kind, seconds in medians.items()]
    figures = {"median": median(last), "max": max(last)}
    ratio = figures["median"] / slowest
    return [*rows, Row("five systems, one case", "s", figures, floor=slowest, ratio=ratio, goal=_MOST_FIVE)]


async def beside_a_paced_system(found: Unpaced, repeats: int = REPEATS) -> list[Row]:
    """Measure the other four systems while Huawei's five calls a minute are used up, against the same four without."""
    floor = median(max(ends[kind] for kind in OTHERS) for ends in found.together)
    others: list[float] = []
    async with scene(Setting(leavers=_SPENDERS + repeats, delay=_DELAY, paced=True)) as set_up:
        cases = [await open_case(set_up, mail, REQUESTERS[0]) for mail in set_up.leavers]
        clicks = []
        for case in cases:
            clicks.append(await approve(case))
            ends = await ended(case, OTHERS)
            await all_removed(case, OTHERS)
            others.append(max(ends.values()) - clicks[-1])
        watched = list(zip(cases, clicks, strict=True))[_SPENDERS : _SPENDERS + _WATCHED]
        paced = [(await ended(case, (PACED,)))[PACED] - at for case, at in watched]
        for case, _ in watched:
            await all_removed(case, (PACED,))
    measured = others[_SPENDERS:]
    figures = {"median": median(measured), "max": max(measured)}
    ratio = figures["median"] / floor
    return [
        Row("the other four beside a paced Huawei", "s", figures, floor=floor, ratio=ratio, goal=_MOST_OTHERS),
        Row("Huawei at five calls a minute", "s", {"first case": paced[0], "second": paced[-1]}),
    ]
