"""`python -m tests.crash`: kill the real bot again and again, and look whether anything was lost, doubled or wrong."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.machine import describe
from tests.crash.orders import Orders, drawn
from tests.crash.report import PLACE, document, table
from tests.crash.run import Result, run
from tests.postgres import database, installed, running_server

_KILLS, _CASES_A_KILL, _AT_ONCE = 100, 2, 6
_KINDS = ("sqlite", "postgres")


def main() -> int:
    """Return 0 where nothing was wrong."""
    arguments = _arguments()
    seed = secrets.randbelow(2**32) if arguments.seed is None else arguments.seed
    _say(f"seed {seed}: the same kills and cases come with --seed {seed}")
    machine = describe()
    orders = drawn(seed, arguments.kills, arguments.kills * _CASES_A_KILL)
    results = [_run(orders, kind) for kind in _KINDS if arguments.database in {kind, "both"}]
    wrong = [f"{result.database}: {line}" for result in results for line in result.found.wrong]
    _say("\n".join((table(results), *wrong)))
    if arguments.write and not wrong:
        PLACE.write_text(document(results, seed, machine), encoding="utf-8")
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=_KILLS, help="on each kind of database (%(default)s)")
    parser.add_argument("--database", choices=(*_KINDS, "both"), default="both", help="(%(default)s)")
    parser.add_argument("--seed", type=int, help="repeat the kills and cases of an earlier run")
    parser.add_argument("--write", action="store_true", help="write docs/crash.md where nothing was wrong")
    return parser.parse_args()


def _run(orders: Orders, kind: str) -> Result:
    with _address(kind) as url:
        return asyncio.run(run(orders, kind, url, _AT_ONCE, _say))


@contextmanager
def _address(kind: str) -> Iterator[str | None]:
    """Yield the address of an empty database; None for a file in the bot's own folder."""
    if kind == "sqlite":
        yield None
        return
    binaries = installed()
    if binaries is None:
        sys.exit("Postgres is not installed; --database sqlite does without")
    with running_server(binaries) as server, database(server) as url:
        yield url


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
