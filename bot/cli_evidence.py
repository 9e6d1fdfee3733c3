"""`offboard evidence` and `offboard verify`."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
from argparse import Namespace
from pathlib import Path
from typing import Protocol

from bot.app.evidence import make_evidence, verify_database
from bot.audit import Head
from bot.errors import ConfigurationError
from bot.evidence import heads
from bot.evidence.checking import Verdict, check_pack
from bot.evidence.container import MOST_BYTES
from bot.evidence.database import Report
from bot.settings import gather, load, load_database_url

_CASE = re.compile(r"(?:OFF-)?([1-9][0-9]{0,17})", re.IGNORECASE)
_FINGERPRINT = re.compile(r"[a-z2-7]{52}")


class Commands(Protocol):
    """What commands are added to."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse names it so
        """Add one command."""


def add_evidence(commands: Commands) -> None:
    """Add both commands."""
    evidence = commands.add_parser("evidence", help="write a case's evidence pack to a file")
    evidence.add_argument("case", type=_case, metavar="CASE", help="e.g. OFF-12")
    evidence.add_argument("--output", type=Path, metavar="FILE", help="where to (OFF-12-evidence-1.zip)")
    evidence.set_defaults(run=_evidence)
    verify = commands.add_parser("verify", help="check an evidence pack offline, or the audit of the database")
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument("pack", nargs="?", type=Path, metavar="PACK", help="the file of an evidence pack")
    what.add_argument("--database", action="store_true", help="every chain and seal in DATABASE_URL")
    verify.add_argument(
        "--key", action="append", default=[], type=_fingerprint, metavar="FINGERPRINT", help="the key that may sign"
    )
    verify.add_argument(
        "--head", action="append", default=[], type=_head, metavar="HEAD", help="a head that was kept elsewhere"
    )
    verify.set_defaults(run=_verify)


def _case(text: str) -> int:
    found = _CASE.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError("not a case: OFF-12 would be")
    return int(found[1])


def _fingerprint(text: str) -> str:
    plain = "".join(text.replace("-", " ").split()).lower()
    if not _FINGERPRINT.fullmatch(plain):
        raise argparse.ArgumentTypeError("not a whole fingerprint: 52 of a-z and 2-7")
    return plain


def _head(text: str) -> Head:
    head = heads.parsed(text)
    if head is None:
        raise argparse.ArgumentTypeError("not a head: case:12:57:… or seal:8:…, as it was printed")
    return head


def _evidence(arguments: Namespace) -> int:
    made = asyncio.run(make_evidence(load(os.environ, Path.cwd()), arguments.case))
    place: Path = arguments.output or Path(made.name)
    _write(place, made.content)
    print(f"{made.case}, edition {made.edition}: {place}")
    print(f"head:  {made.head}")
    print(f"key:   {made.key_id}")
    found = check_pack(made.content, [made.key_id])
    return _said(found) if found.defects else 0


def _write(place: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(place, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise ConfigurationError(f"--output: {place} cannot be written: {error.strerror}") from None


def _verify(arguments: Namespace) -> int:
    if arguments.database:
        url = load_database_url(gather(os.environ, Path.cwd()))
        return _told(asyncio.run(verify_database(url, arguments.head, arguments.key)))
    return _said(check_pack(_read(arguments.pack), arguments.key, arguments.head))


def _read(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"PACK: {place} cannot be read: {error.strerror}") from None


def _said(found: Verdict) -> int:
    """Print what was found in a pack; 0 only where it is unbroken and the signer is the pinned one."""
    for line in (found.name, found.head and f"head:  {found.head}", found.signer and f"key:   {found.signer}"):
        print(line, end="\n" if line else "")
    if found.defects:
        print(*(f"broken: {defect}" for defect in found.defects), sep="\n")
    else:
        print("unbroken, signed by the pinned key" if found.known else "unbroken, signer not known")
    return 0 if found.ok else 1


def _told(report: Report) -> int:
    """Print what was found in the database; 0 only where nothing is broken."""
    print(f"{report.events} events in {report.chains} chains")
    for key, (begun, last) in report.signers.items():
        print(f"key:   {key}, seals {begun} to {last}")
    if report.newest is not None:
        print(f"head:  {heads.shown(report.newest)}")
    if report.unsealed:
        print(f"{report.unsealed} of the events are not sealed yet")
    if not report.logged:
        print("this check is not in the audit: the database takes no writes")
    for defect in report.defects:
        print(f"broken: {defect.chain}:{defect.seq}: {defect.says}")
    if not report.defects:
        print("unbroken")
    return 1 if report.defects else 0
