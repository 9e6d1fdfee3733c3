"""What came of the kills, as a table for people and as docs/crash.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from tests.crash.orders import DECISIONS, Point
from tests.crash.run import Result
from tests.crash.trial import Withstood

PLACE: Final = Path(__file__).parents[2] / "docs" / "crash.md"

_TROUBLES: Final = """
What else may befall a bot that stays alive. Each trouble strikes a bot and a database of its own, with six cases in
flight, at the first change in a system, and people open six more and go on deciding meanwhile; then the same is looked
at as after kills. `--troubles` plays these alone.
"""
_ORDER: Final = ("Kills by point", "What came of it", "Troubles", "The machine")
_DECIDED: Final = ("approved", "declined", "cancelled", "withdrawn", "stopped", "retried")
"""The words for `DECISIONS`, in their order."""
_HEAD: Final = """# Killed, and started again

`make crash` runs `offboard serve` as a process of its own against the local Slack workspace and the five simulators,
with several cases in flight, and kills it with SIGKILL again and again: at points that are seen from outside (a system
or the workspace was just asked, or has just answered), and at any other moment. People ask, approve, decline, cancel,
withdraw, stop and retry meanwhile, and say it again where Slack told them that it was not acknowledged; part of what
they say is delivered twice; calls to the systems are reset, refused with 503 or late. Every 25 kills the people let
all cases end, and then:

- each case that was acknowledged has ended as people decided, and there is no case that nobody asked for;
- each outcome agrees with the system: `removed` and `absent` only where the account is gone;
- nothing is gone that no approved plan named;
- no account was written to twice without a read between, and each that changed was read before and after;
- no message and no evidence file stands twice in the channel or in a thread, and none before what it follows;
- the outbox is empty, and `offboard verify --database` finds every audit chain and seal whole.

A *direct* message may stand twice where the bot was killed between posting it and noting it: to find it again the bot
would have to read its direct conversations (`im:history`), a right that it does not ask for.

One line that is wrong makes the command fail. `--kills`, `--database` and `--seed` choose how much and what; the seed
draws the kills, the cases and the faults, not the machine's timing. Smaller runs are part of `make test`
(`tests/crash/test_sweep.py`, `tests/crash/test_troubles.py`). The rows of the tables: a kill counts where it really
struck, which is not always where it was aimed at; *until ready* is the time from the start of the process to
`/readyz`, *until moving* to the first call to a system or to Slack. On Postgres the places that a process leases
(executor, poster, sweeper) run out after 8 seconds here instead of 20 and 30; else a killed bot's work would rest for
that long each time. This page is written by `python -m tests.crash --write`.
"""


def killed(results: Sequence[Result]) -> dict[str, str]:
    """Return the kills by point, and what was counted."""
    head = ("", *(result.database for result in results))
    kills = [(str(point), *(_at(result, point) for result in results)) for point in Point]
    return {
        "Kills by point": f"## Kills by point\n\n{_table(head, kills)}",
        "What came of it": f"## What came of it\n\n{_table(head, _counts(results))}",
    }


def troubled(stood: Sequence[Withstood]) -> dict[str, str]:
    """Return what came of the other troubles."""
    head = ("", "database", "lasted", "cases", "told that it failed", "outcomes", "ended after", "wrong")
    return {"Troubles": f"## Troubles\n{_TROUBLES}\n{_table(head, map(_row, stood))}"}


def measured(seed: int, machine: Mapping[str, str]) -> dict[str, str]:
    """Return on which machine, as it was described before the first kill."""
    return {"The machine": f"## The machine\n\nSeed {seed}.\n\n{_table(('', ''), machine.items())}"}


def write(sections: Mapping[str, str]) -> None:
    """Write the page; sections of an earlier run stay where there is no new one."""
    before = PLACE.read_text(encoding="utf-8").split("\n## ")[1:]
    older = {one.partition("\n")[0]: f"## {one.rstrip()}" for one in before}
    known = {**older, **sections}
    PLACE.write_text("\n\n".join((_HEAD.rstrip(), *(known[name] for name in _ORDER if name in known))) + "\n")


def _row(one: Withstood) -> Sequence[str]:
    counts = (f"{one.lasted:.0f} s", str(one.cases), str(one.failed), _words(one.found.words), f"{one.after:.0f} s")
    return (one.trouble, one.database, *counts, str(len(one.found.wrong)))


def _at(result: Result, point: Point) -> str:
    return str(sum(death.point is point for death in result.deaths))


def _counts(results: Sequence[Result]) -> Iterable[Sequence[str]]:
    rows: dict[str, list[str]] = {}
    for result in results:
        for name, value in _column(result).items():
            rows.setdefault(name, []).append(value)
    return [(name, *values) for name, values in rows.items()]


def _column(result: Result) -> dict[str, str]:
    found, starts = result.found, [death for death in result.deaths if death.seconds_until_ready]
    return {
        "kills": str(len(result.deaths)),
        "cases": str(sum(result.decisions.values())),
        "of them " + ", ".join(_DECIDED): ", ".join(str(result.decisions[decision]) for decision in DECISIONS),
        "payloads of people": str(result.payloads.sent),
        "of them unacknowledged, delivered twice": f"{result.payloads.unacknowledged}, {result.payloads.twice}",
        "outcomes": _words(found.words),
        "messages": str(found.messages),
        "messages that stand twice": str(found.doubled),
        "direct messages that stand twice": str(found.doubled_direct),
        "wrong": str(len(found.wrong)),
        "until ready, median / longest": _seconds([death.seconds_until_ready for death in starts]),
        "until moving, median / longest": _seconds([death.seconds_until_moving for death in starts]),
        "minutes": f"{result.seconds / 60:.1f}",
    }


def _words(words: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in words.most_common())


def _seconds(values: Sequence[float]) -> str:
    return f"{median(values):.1f} s / {max(values):.1f} s" if values else "-"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
