"""`python -m bench`: measure, print the table, write the JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path

from bench.acks import WALKS, time_to_ack
from bench.document import with_results
from bench.figures import Row, plain, table
from bench.idle import idle_memory
from bench.lookups import long_lists
from bench.machine import describe
from bench.side_by_side import REPEATS, beside_a_paced_system, five_and_one, rows_of

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure everything, or what `--only` names; the goals that are missed are told and no error."""
    asked = _arguments()
    machine = describe()
    began = time.monotonic()
    rows = asyncio.run(_measure(asked.only, asked.walks, asked.repeats))
    shown = table(rows)
    print("\n".join(f"{name}: {value}" for name, value in machine.items()))
    print(f"\n{shown}\n\n{time.monotonic() - began:.0f} s in all")
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    result = {"machine": machine, "rows": [plain(row) for row in rows]}
    asked.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if asked.document:
        page = ROOT / "docs" / "performance.md"
        page.write_text(with_results(page.read_text(encoding="utf-8"), machine, shown), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the bot on this machine.")
    parser.add_argument(
        "--only", nargs="+", choices=("memory", "acks", "systems", "lookups"), help="measure these alone"
    )
    parser.add_argument("--walks", type=int, default=WALKS, help="cases for the acknowledgements (%(default)s)")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="cases of each kind, per row (%(default)s)")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json", help="where the figures go")
    parser.add_argument("--document", action="store_true", help="put the table into docs/performance.md too")
    return parser.parse_args()


async def _measure(only: Sequence[str] | None, walks: int, repeats: int) -> list[Row]:
    rows: list[Row] = []
    if not only or "memory" in only:
        _say("memory")
        rows += await idle_memory()
    if not only or "acks" in only:
        _say("acknowledgements")
        rows += await time_to_ack(walks)
    if not only or "systems" in only:
        _say("systems side by side")
        found = await five_and_one(repeats)
        rows += [*rows_of(found), *await beside_a_paced_system(found, repeats)]
    if not only or "lookups" in only:
        _say("look-ups in long lists")
        rows += await long_lists()
    return rows


def _say(what: str) -> None:
    print(f"measuring: {what} …", flush=True)


if __name__ == "__main__":
    main()
