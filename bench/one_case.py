"""One case in five systems against the calls alone: beside the longest chain, and beside a script with requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from bench.case import all_removed, approve, closed, ended, open_case
from bench.child import Child, child
from bench.echo import Echo, echo
from bench.figures import Goal, Row
from bench.scene import REQUESTERS, Scene, Setting, scene
from sandbox.systems.all import ENTRIES

REPEATS = 5
KINDS = tuple(ENTRIES)
_DELAY = 0.1
_MOST = Goal("ratio", 1.15)
_LEAST = Goal("ratio", 0.85, least=True)

Chains = dict[str, list[tuple[str, str]]]


@dataclass(slots=True)
class Measured:
    """Seconds of each turn: the bot from Approve to the last outcome, the longest chain and the sum of all chains."""

    bot: list[float] = field(default_factory=list)
    longest: list[float] = field(default_factory=list)
    script: list[float] = field(default_factory=list)


async def one_case(repeats: int = REPEATS) -> list[Row]:
    """Carry out a case, then make the same calls with the script, in turn; the first turn warms up."""
    found = Measured()
    setting = Setting(leavers=repeats + 1, delay=_DELAY)
    async with scene(setting) as set_up, echo(_DELAY) as bare, child("bench.script") as script:
        for number, mail in enumerate(set_up.leavers):
            seconds, chains = await _case(set_up, mail)
            took = await _script(script, bare, chains)
            if number:
                found.bot.append(seconds)
                found.longest.append(max(took.values()))
                found.script.append(sum(took.values()))
    return rows_of(found)


def rows_of(found: Measured) -> list[Row]:
    """Return the case beside the longest chain, and how much of what side by side can gain was gained."""
    seconds, longest, script = median(found.bot), median(found.longest), median(found.script)
    figures = {"median": seconds, "max": max(found.bot)}
    gain = {"times as fast": script / seconds, "possible": script / longest}
    share = gain["times as fast"] / gain["possible"]
    return [
        Row("one case, five systems", "s", figures, longest, seconds / longest, _MOST),
        Row("the same beside a script with requests", "x", gain, script / longest, share, _LEAST),
    ]


async def _case(set_up: Scene, mail: str) -> tuple[float, Chains]:
    case = await open_case(set_up, mail, REQUESTERS[0])
    systems = set_up.play.world.by_kind
    before = {kind: len(systems[kind].journal.entries) for kind in KINDS}
    clicked = await approve(case)
    ends = await ended(case, KINDS)
    chains = {
        kind: [(entry.method, entry.path) for entry in systems[kind].journal.entries[before[kind] :]] for kind in KINDS
    }
    await closed(case)
    await all_removed(case, KINDS)
    return max(ends.values()) - clicked, chains


async def _script(script: Child, bare: Echo, chains: Chains) -> dict[str, float]:
    took: dict[str, float] = await script.ask({"url": bare.url, "ca_file": bare.ca_file, "chains": chains})
    return took
