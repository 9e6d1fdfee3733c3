"""`python -m bench`: measure, print the table, write the JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.acks import time_to_ack
from bench.bulk import LEAVERS, bulk
from bench.document import with_results
from bench.figures import Row, plain, table
from bench.idle import idle_memory
from bench.lookups import long_lists
from bench.machine import describe
from bench.one_case import one_case
from bench.restart import CASES, restarted
from bench.side_by_side import beside_a_paced_system
from bench.speaking import calls_to_slack
from bench.startup import time_to_start
from bench.waiting import waiting_cases
from bench.walks import walked
from bench.workers import shared_work

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Part:
    """One measurement: what gives its rows, and the seconds after which it counts as failed."""

    measure: Callable[[], Awaitable[list[Row]]]
    seconds: float


def parts(leavers: int = LEAVERS, cases: int = CASES) -> Mapping[str, Part]:
    """Return all measurements by name, in the order in which they are made; the sizes are those of the big ones."""
    return {
        "memory": Part(idle_memory, 120),
        "start": Part(time_to_start, 120),
        "slack": Part(calls_to_slack, 300),
        "one": Part(one_case, 180),
        "paced": Part(beside_a_paced_system, 240),
        "waiting": Part(waiting_cases, 240),
        "lookups": Part(long_lists, 180),
        "walks": Part(walked, 400),
        "acks": Part(time_to_ack, 480),
        "bulk": Part(lambda: bulk(leavers), 120 + 3 * leavers),
        "restart": Part(lambda: restarted(cases), 100 + 0.4 * cases),
        "workers": Part(shared_work, 400),
    }


def main() -> None:
    """Measure everything, or what `--only` names. Exit 1 where a goal is missed or a measurement failed."""
    asked = _arguments()
    # What was started is taken down too where we are ended from outside.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    machine = describe()
    began = time.monotonic()
    rows = asyncio.run(measured(parts(asked.leavers, asked.cases), asked.only or list(parts())))
    shown = table(rows)
    print("\n".join(f"{name}: {value}" for name, value in machine.items()))
    print(f"\n{shown}\n\n{time.monotonic() - began:.0f} s in all")
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    result = {"machine": machine, "rows": [plain(row) for row in rows]}
    asked.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if asked.document:
        page = ROOT / "docs" / "performance.md"
        page.write_text(with_results(page.read_text(encoding="utf-8"), machine, shown), encoding="utf-8")
    sys.exit(1 if any(row.met is False for row in rows) else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the bot on this machine.")
    parser.add_argument("--only", nargs="+", choices=tuple(parts()), help="measure these alone")
    parser.add_argument("--leavers", type=int, default=LEAVERS, help="leavers at once, per database (%(default)s)")
    parser.add_argument("--cases", type=int, default=CASES, help="cases that run at the restart (%(default)s)")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json", help="where the figures go")
    parser.add_argument("--document", action="store_true", help="put the table into docs/performance.md too")
    return parser.parse_args()


async def measured(chosen: Mapping[str, Part], names: Sequence[str]) -> list[Row]:
    """Measure these in turn. One that fails or takes too long is a row that says so, and the next one begins."""
    rows: list[Row] = []
    for name, part in chosen.items():
        if name not in names:
            continue
        print(f"measuring: {name} …", flush=True)
        try:
            async with asyncio.timeout(part.seconds):
                rows += await part.measure()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other measurements are worth having
            print(f"{name} failed: {error!r}", file=sys.stderr, flush=True)
            rows.append(Row(f"{name}: failed ({type(error).__name__})", "", {}, failed=True))
    return rows


if __name__ == "__main__":
    main()
