"""`offboard second-factor`: who may give codes from an authenticator app."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import re
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import segno

from bot.app.second_factors import enrol, key_box, list_enrolled, revoke
from bot.authenticators import enrolment_uri
from bot.cli_evidence import Commands
from bot.domain.second_factor import STEP_SECONDS, SecondFactor
from bot.settings import gather, load_database_url, load_file

_USER = re.compile(r"[UW][A-Z0-9]{2,}")


def add_second_factor(commands: Commands) -> None:
    """Add the command with its three acts."""
    parser = commands.add_parser("second-factor", help="authenticator apps of approvers: enrol, revoke, list")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT", parser_class=type(parser))
    enrolling = acts.add_parser("enrol", help="make a key, and print it with its QR code once")
    enrolling.add_argument("user", type=_user, metavar="U…", help="the approver's Slack id")
    enrolling.add_argument("--replace", action="store_true", help="in place of the key that this person has")
    enrolling.set_defaults(run=_enrol)
    revoking = acts.add_parser("revoke", help="forget the key: this person's codes count no longer")
    revoking.add_argument("user", type=_user, metavar="U…", help="the approver's Slack id")
    revoking.set_defaults(run=_revoke)
    acts.add_parser("list", help="who is enrolled, and since when; never a key").set_defaults(run=_list)


def _user(text: str) -> str:
    if not _USER.fullmatch(text):
        raise argparse.ArgumentTypeError("not a Slack user id: U0BEN would be")
    return text


def _variables() -> Mapping[str, str]:
    return gather(os.environ, Path.cwd())


def _enrol(arguments: Namespace) -> int:
    variables = _variables()
    file, _, _ = load_file(variables, Path.cwd())
    url, box = load_database_url(variables), key_box(file)
    key = asyncio.run(enrol(url, box, arguments.user, replace=arguments.replace))
    uri = enrolment_uri(arguments.user, key)
    print(f"{arguments.user} is enrolled. This is shown once: let the person scan it, or type the key in, now.")
    print(f"key:   {key}")
    print(f"uri:   {uri}")
    print(_draw(uri, sys.stdout.encoding or "utf-8"))
    return 0


def _draw(uri: str, encoding: str) -> str:
    """Return the QR code in half blocks; where the terminal has no such signs the key has to be typed in."""
    drawn = io.StringIO()
    segno.make(uri, error="m", micro=False).terminal(out=drawn, compact=True)
    try:
        drawn.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return "This terminal cannot show the QR code: type the key in."
    return drawn.getvalue()


def _revoke(arguments: Namespace) -> int:
    asyncio.run(revoke(load_database_url(_variables()), arguments.user))
    print(f"{arguments.user} is revoked: their codes count no longer.")
    return 0


def _list(_: Namespace) -> int:
    for factor in asyncio.run(list_enrolled(load_database_url(_variables()))):
        print(_line(factor))
    return 0


def _line(factor: SecondFactor) -> str:
    """Return who, since when, when a code was used last, and until when none counts. Times are UTC."""
    parts = [f"{factor.user_id}  enrolled {factor.enrolled_at:%Y-%m-%d %H:%M}"]
    if factor.last_step is not None:
        parts.append(f"last code of {_time_of(factor.last_step)}")
    if factor.paused_until is not None:
        parts.append(f"no code counts until {factor.paused_until:%Y-%m-%d %H:%M}")
    return ", ".join(parts)


def _time_of(step: int) -> str:
    return f"{datetime.fromtimestamp(step * STEP_SECONDS, UTC):%Y-%m-%d %H:%M}"
