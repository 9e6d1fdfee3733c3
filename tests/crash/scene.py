"""The stage with as many leavers as a run needs, and whose account is whose."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.leavers import enrol
from sandbox.slack.people import Person
from sandbox.stage import CHANNEL, Stage, Staging, stage
from sandbox.systems.all import ENTRIES
from tests.crash.records import Records

ASKERS = tuple(f"U0ASKER{number}" for number in range(1, 9))
APPROVERS = ("U0BEN", "U0CHLOE")
ADMIN = "U0ROOT"
_HUAWEI = f"OFFBOARD_SYSTEMS__{ENTRIES['huawei_hss'][0]}__".upper()
_POLICY = {"requesters": list(ASKERS), "approvals": len(APPROVERS)}
_ENVIRONMENT = {"OFFBOARD_POLICY__LIMITS__PER_REQUESTER_PER_DAY": "100000"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands on the stage.

    `standing` is what each system held before anybody left, by kind; `accounts` gives an account's immutable id its
    owner's mail.
    """

    play: Stage
    leavers: tuple[str, ...]
    records: Records
    standing: dict[str, frozenset[str]]
    accounts: dict[str, str]

    def of(self, kind: str, mail: str) -> frozenset[str]:
        """What still stands of this leaver there."""
        return frozenset(one for one in self.play.world.by_kind[kind].standing() if is_of(mail, one))

    def is_kept(self, kind: str, mail: str) -> bool:
        """Whether an account of this leaver's is still there, be it disabled: RSA's goes in two steps."""
        users = self.play.world.by_kind[kind].state.cloud.users.values() if kind == "rsa_cas" else ()
        return bool(self.of(kind, mail)) or any(user.email == mail for user in users)

    def is_gone(self, mail: str) -> bool:
        """Whether nothing of this leaver stands anywhere."""
        return not any(self.of(kind, mail) for kind in self.play.world.by_kind)


def is_of(mail: str, handle: str) -> bool:
    """Whether a thing that stands in a system is this leaver's: their log-ins are of one length and unique."""
    return mail.partition("@")[0] in handle


@asynccontextmanager
async def scene(leavers: int, database_url: str | None, program: Sequence[str] = ()) -> AsyncIterator[Scene]:
    """Set everything up and start the bot, on a SQLite file of its own where `database_url` is None.

    `program` is what Python runs in its place.
    """
    staging = Staging(
        limits=False, slack_limits=False, policy=_POLICY, environment=_ENVIRONMENT, database_url=database_url
    )
    async with stage(staging, start_bot=False) as play:
        for number, user in enumerate(ASKERS, start=1):
            person = Person(user, f"asker{number}", f"Asker {number}", f"asker{number}@acme.test")
            play.workspace.add_person(person, CHANNEL)
        accounts = enrol(play.world, play.workspace, leavers)
        play.bot.environment |= {_HUAWEI + "ACCOUNTS": json.dumps(accounts), _HUAWEI + "CALLS_PER_MINUTE": "600"}
        if database_url is not None:
            await play.bot.migrate()
            play.bot.program = ("-m", "tests.crash.bot")
        play.bot.program = (*program,) or play.bot.program
        await play.bot.start()
        standing = {kind: simulator.standing() for kind, simulator in play.world.by_kind.items()}
        records = Records(database_url or f"sqlite:///{play.folder / 'offboard.db'}")
        yield Scene(play, tuple(accounts), records, standing, _ids(play, accounts))


def _ids(play: Stage, huawei: Mapping[str, str]) -> dict[str, str]:
    """Return of each leaver's account id in each system the leaver's mail."""
    world = play.world.by_kind
    named = [
        *((one.id, one.name) for one in world["veeam_em"].state.accounts.values()),
        *((one.uid, one.name) for one in world["vspc"].state.users.values()),
        *((one["id"], one["loginName"]) for one in world["liveperson"].state.users.living()),
        *((one.id, one.email) for one in world["rsa_cas"].state.cloud.users.values()),
    ]
    found = {str(account): mail for account, name in named for mail in huawei if is_of(mail, name)}
    return found | {account: mail for mail, account in huawei.items()}
