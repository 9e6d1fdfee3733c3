"""`python -m tests.crash`: kill the real bot again and again, and let everything else befall it that may.

Then look whether anything was lost, doubled or wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.machine import describe
from tests.crash.orders import Orders, drawn
from tests.crash.report import killed, measured, troubled, write
from tests.crash.run import Result, run
from tests.crash.trial import Withstood, withstand
from tests.crash.troubles import POSTGRES, SQLITE, TROUBLES
from tests.postgres import Server, database, installed, running_server

_KILLS, _CASES_A_KILL, _AT_ONCE, _CASES_A_TROUBLE = 100, 2, 6, 12


def main() -> int:
    """Return 0 where nothing was wrong."""
    arguments = _arguments()
    seed = secrets.randbelow(2**32) if arguments.seed is None else arguments.seed
    _say(f"seed {seed}: the same kills and cases come with --seed {seed}")
    machine = describe()
    kinds = [kind for kind in (SQLITE, POSTGRES) if arguments.database in {kind, "both"}]
    sections: dict[str, str] = {}
    wrong: list[str] = []
    if not arguments.troubles:
        results = [_killed(drawn(seed, arguments.kills, arguments.kills * _CASES_A_KILL), kind) for kind in kinds]
        wrong += [f"{result.database}: {line}" for result in results for line in result.found.wrong]
        sections |= killed(results)
    if arguments.troubles is not False:
        stood = [one for kind in kinds for one in _troubled(seed, kind)]
        wrong += [f"{one.trouble} ({one.database}): {line}" for one in stood for line in one.found.wrong]
        sections |= troubled(stood)
    _say("\n\n".join((*sections.values(), *wrong)))
    if arguments.write and not wrong:
        write(sections | measured(seed, machine))
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=_KILLS, help="on each kind of database (%(default)s)")
    parser.add_argument("--database", choices=(SQLITE, POSTGRES, "both"), default="both", help="(%(default)s)")
    parser.add_argument("--seed", type=int, help="repeat the kills and cases of an earlier run")
    only = "the other troubles alone, or not at all"
    parser.add_argument("--troubles", action=argparse.BooleanOptionalAction, help=only)
    parser.add_argument("--write", action="store_true", help="write docs/crash.md where nothing was wrong")
    return parser.parse_args()


def _killed(orders: Orders, kind: str) -> Result:
    with _address(kind) as (url, _):
        return asyncio.run(run(orders, kind, url, _AT_ONCE, _say))


def _troubled(seed: int, kind: str) -> Iterator[Withstood]:
    scripts = drawn(seed, 0, _CASES_A_TROUBLE).scripts
    for trouble in TROUBLES:
        if kind not in trouble.databases:
            continue
        with _address(kind) as (url, server):
            one = asyncio.run(withstand(trouble, scripts, trouble.seconds, url, server))
        _say(f"{kind}: {one.trouble}, {one.cases} cases, {len(one.found.wrong)} wrong, {one.lasted + one.after:.0f} s")
        yield one


@contextmanager
def _address(kind: str) -> Iterator[tuple[str | None, Server | None]]:
    """Yield the address of an empty database and its server; None twice for a file in the bot's own folder."""
    if kind == SQLITE:
        yield None, None
        return
    binaries = installed()
    if binaries is None:
        sys.exit("Postgres is not installed; --database sqlite does without")
    with running_server(binaries) as server, database(server) as url:
        yield url, server


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
