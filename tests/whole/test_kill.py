"""The bot is killed in the middle of a run and started again: nothing is lost, nothing is sent blindly twice."""

from __future__ import annotations

import os
import signal

import pytest

from sandbox.stage import Stage, Staging, stage
from sandbox.systems.all import ENTRIES
from sandbox.systems.faults import Fault
from sandbox.walk import Thread, approve, disagreements, open_case, standing

DANA = "dana@acme.test"
LABELS = {label for _, label in ENTRIES.values()}


def kill_at(play: Stage, kind: str, method: str, path: str) -> None:
    """Kill the bot the moment the system is asked; what was asked still happens, and nobody hears the answer."""
    pid = play.bot.pid
    fault = Fault("act", method=method, path=path, act=lambda: os.kill(pid, signal.SIGKILL))
    play.world.by_kind[kind].faults.add(fault)


async def restarted(play: Stage, thread: Thread) -> None:
    """Wait for the death, start the bot again and wait for the end of the case."""
    assert await play.bot.ended(60) is not None
    await play.bot.start()
    await play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 90)


@pytest.mark.parametrize(
    ("kind", "method", "path"),
    [
        ("veeam_em", "DELETE", "/security/accounts/"),
        ("vspc", "DELETE", "/users/"),
        ("liveperson", "DELETE", "/users/"),
        ("huawei_hss", "DELETE", "/accounts"),
        ("rsa_cas", "PUT", "/userStatus"),
        ("rsa_cas", "DELETE", "/users/"),
    ],
)
async def test_killed_while_a_removal_is_on_its_way_the_case_still_ends_in_every_system(
    kind: str, method: str, path: str
) -> None:
    async with stage(Staging(limits=False, slack_limits=False)) as play:
        before = standing(play, DANA)
        kill_at(play, kind, method, path)
        thread = await open_case(play, DANA)
        await approve(thread)

        await restarted(play, thread)

        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(play, DANA, thread.words(), before) == []
        for simulator in play.world.by_kind.values():
            assert simulator.journal.unread_writes() == []
        assert no_message_stands_twice(play, thread)


async def test_killed_while_it_looks_the_plan_comes_after_the_restart() -> None:
    async with stage(Staging(limits=False, slack_limits=False)) as play:
        kill_at(play, "vspc", "GET", "/users")
        thread = await open_case(play, DANA)
        assert await play.bot.ended(60) is not None

        await play.bot.start()

        await play.workspace.until(lambda: thread.with_button("approve"), 60)
        assert all(not simulator.journal.writes() for simulator in play.world.by_kind.values())


def no_message_stands_twice(play: Stage, thread: Thread) -> bool:
    """Whether each message of the case was posted once: its key stands in its metadata, beside the audit's head."""
    keys = [message.metadata["event_payload"]["key"] for message in thread.messages() if message.metadata]
    return len(keys) == len(set(keys))
