"""The real bot on the sandbox's stage, with as many leavers as a measurement needs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.leavers import enrol
from bench.records import Records
from sandbox.slack.people import Person
from sandbox.stage import CHANNEL, Stage, Staging, stage
from sandbox.systems.all import ENTRIES

REQUESTERS = tuple(f"U0ASKER{number}" for number in range(1, 21))
APPROVER = "U0BEN"
_PLAIN = ("U0AMY",)
_ROOMY = ("-m", "bench.roomy", "serve")
_HUAWEI = f"OFFBOARD_SYSTEMS__{ENTRIES['huawei_hss'][0]}__".upper()
_MOST_CALLS = "600"
"""The highest `calls_per_minute` that the bot takes: as good as no limit."""
_ENVIRONMENT = {"OFFBOARD_POLICY__LIMITS__PER_REQUESTER_PER_DAY": "100000"}


@dataclass(frozen=True, slots=True)
class Setting:
    """`delay` is seconds added to every call of a system; `paced` keeps Huawei's five calls a minute.

    `slack_limits` keeps Slack's; `roomy` lets the bot post as messages come, where it would keep to them by itself.
    `plain` leaves the policy as the stage has it, with groups and few requesters.
    """

    leavers: int = 0
    delay: float = 0.0
    paced: bool = False
    slack_limits: bool = False
    plain: bool = False
    roomy: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """The stage with its leavers' mails, and what the bot wrote into its database."""

    play: Stage
    leavers: tuple[str, ...]
    records: Records
    requesters: tuple[str, ...] = REQUESTERS


@asynccontextmanager
async def scene(setting: Setting) -> AsyncIterator[Scene]:
    """Start everything: five systems, Slack in Socket Mode, the bot on SQLite; without the limits of either."""
    requesters = _PLAIN if setting.plain else REQUESTERS
    policy = None if setting.plain else {"requesters": list(REQUESTERS)}
    staging = Staging(
        limits=False,
        slack_limits=setting.slack_limits,
        delay=setting.delay,
        policy=policy,
        environment=_ENVIRONMENT,
    )
    async with stage(staging, start_bot=False) as play:
        for number, user in enumerate(REQUESTERS, start=1):
            person = Person(user, f"asker{number}", f"Asker {number}", f"asker{number}@acme.test")
            play.workspace.add_person(person, CHANNEL)
        accounts = enrol(play.world, play.workspace, setting.leavers)
        play.world.by_kind["huawei_hss"].limits = setting.paced
        play.bot.environment[_HUAWEI + "ACCOUNTS"] = json.dumps(accounts)
        if not setting.paced:
            play.bot.environment[_HUAWEI + "CALLS_PER_MINUTE"] = _MOST_CALLS
        if setting.roomy:
            play.bot.program = _ROOMY
        await play.bot.start()
        yield Scene(play, tuple(accounts), Records(f"sqlite:///{play.folder / 'offboard.db'}"), requesters)
