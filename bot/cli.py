"""`offboard`: one program, a command for each thing that can be done with it."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from bot.app.database import database_file, in_words, upgrade
from bot.app.doctor import examine
from bot.app.lock import only_one
from bot.app.serve import serve, work
from bot.app.tables import kinds_table
from bot.cli_evidence import add_evidence
from bot.cli_second_factor import add_second_factor
from bot.errors import ConfigurationError, OffboardError
from bot.settings import Loaded, gather, load, load_database_url
from handlers.manifest import manifest

DEMO_PORT = 8700
_LAST_PORT = 65535


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit 0: done; 1: refused; 2: wrong arguments or configuration, told in one line."""
    arguments = _parser().parse_args(argv)
    _log_to_stderr()
    try:
        run: Callable[[argparse.Namespace], int] = arguments.run
        return run(arguments)
    except OffboardError as error:
        # One line, whatever was quoted: a value from the file may hold line breaks.
        print(f"offboard: {' '.join(str(error).split())}", file=sys.stderr)
        return 2 if isinstance(error, ConfigurationError) else 1
    except KeyboardInterrupt:
        return 130


def _port(text: str) -> int:
    """Return the number of a port; 0 takes any free one."""
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"not a number from 0 to {_LAST_PORT}")
    return int(text)


def _parser() -> _Parser:
    parser = _Parser(prog="offboard", description="Take a leaver's access away in every system, provably.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    _add_running(commands)
    _add_telling(commands)
    add_evidence(commands)
    add_second_factor(commands)
    return parser


def _add_running(commands: argparse._SubParsersAction[_Parser]) -> None:
    demo = commands.add_parser("demo", help="the whole thing on this machine, with simulated systems and Slack")
    demo.add_argument("--port", type=_port, default=DEMO_PORT, help=f"port of the page ({DEMO_PORT})")
    demo.add_argument("--walk", action="store_true", help="play one case by itself and check its outcomes")
    demo.set_defaults(run=_demo)
    serving = commands.add_parser("serve", help="the bot: Slack side and workers in one process")
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serving.add_argument("--port", type=_port, default=None, help="port to listen on ($PORT, else 3000)")
    serving.add_argument("--no-worker", action="store_true", help="Slack side only; needs separate workers")
    serving.set_defaults(run=_serve)
    working = commands.add_parser("worker", help="workers only, for a second process or machine; needs Postgres")
    working.set_defaults(run=_work)
    upgrade = commands.add_parser("migrate", help="create or upgrade the database's schema")
    upgrade.set_defaults(run=_migrate)


def _add_telling(commands: argparse._SubParsersAction[_Parser]) -> None:
    doctor = commands.add_parser("doctor", help="check configuration, Slack, people, database and every system")
    doctor.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    doctor.set_defaults(run=_doctor)
    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    way = manifest.add_mutually_exclusive_group()
    way.add_argument("--socket", action="store_true", help="for Socket Mode (the default)")
    way.add_argument("--url", metavar="https://…", help="for HTTP: the public base; /slack/events is appended")
    manifest.set_defaults(run=_manifest)
    systems = commands.add_parser("systems", help="the kinds of systems that can be connected")
    systems.add_argument("--json", action="store_true", help="JSON instead of a table")
    systems.set_defaults(run=_systems)


def _demo(arguments: argparse.Namespace) -> int:
    from sandbox.demo import run_demo  # noqa: PLC0415 — a server in production never loads the sandbox

    return run_demo(port=arguments.port, walk=arguments.walk)


def _serve(arguments: argparse.Namespace) -> int:
    if arguments.no_worker:
        _must_be_postgres("--no-worker: a SQLite file serves one process, and nobody would do the work")
    loaded = _loaded()
    port = loaded.environment.port if arguments.port is None else arguments.port
    with only_one(database_file(loaded.environment.database_url.get_secret_value())):
        asyncio.run(serve(loaded, arguments.host, port, works=not arguments.no_worker))
    return 0


def _work(_: argparse.Namespace) -> int:
    _must_be_postgres("DATABASE_URL: `offboard worker` needs Postgres; a SQLite file serves one process")
    asyncio.run(work(_loaded()))
    return 0


def _must_be_postgres(otherwise: str) -> None:
    if database_file(load_database_url(gather(os.environ, Path.cwd()))) is not None:
        raise ConfigurationError(otherwise)


def _migrate(_: argparse.Namespace) -> int:
    url = load_database_url(gather(os.environ, Path.cwd()))
    with only_one(database_file(url)), in_words():
        asyncio.run(upgrade(url))
    print("The schema is up to date.")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    checks = asyncio.run(examine(_loaded()))
    if arguments.json:
        print(json.dumps({"ok": all(check.ok for check in checks), "checks": [dataclasses.asdict(c) for c in checks]}))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.says}")
    return 0 if all(check.ok for check in checks) else 1


def _manifest(arguments: argparse.Namespace) -> int:
    print(json.dumps(manifest(arguments.url), indent=2))
    return 0


def _systems(arguments: argparse.Namespace) -> int:
    print(kinds_table(as_json=arguments.json))
    return 0


def _loaded() -> Loaded:
    return load(os.environ, Path.cwd())


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("slack_bolt", "slack_sdk", "alembic", "dbos", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
