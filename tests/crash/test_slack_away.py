"""Slack is away while accounts are removed: the work goes on, and what there is to say is said afterwards, once."""

from __future__ import annotations

import asyncio

from sandbox.slack.limits import FaultStatus
from sandbox.slack.records import Json
from sandbox.stage import Stage, Staging, stage
from sandbox.systems.all import ENTRIES
from sandbox.walk import approve, disagreements, open_case, standing

DANA = "dana@acme.test"
LABELS = {label for _, label in ENTRIES.values()}
QUICK = Staging(limits=False, slack_limits=False)


def nobody_answers(_: str, __: Json) -> FaultStatus:
    """Break the connection of every call of the Web API."""
    return "drop"


def answers_again(_: str, __: Json) -> None:
    """Let every call go well."""


async def until_gone(play: Stage, mail: str) -> None:
    """Wait until nothing of this person stands in any system."""
    changed = asyncio.Event()
    for simulator in play.world.by_kind.values():
        simulator.answered = lambda _: changed.set()
    async with asyncio.timeout(90):
        while any(simulator.of(mail) for simulator in play.world.by_kind.values()):
            changed.clear()
            await changed.wait()


async def test_while_slack_does_not_answer_accounts_go_all_the_same_and_the_thread_tells_it_later() -> None:
    async with stage(QUICK) as play:
        before = standing(play, DANA)
        thread = await open_case(play, DANA)
        await approve(thread)
        play.workspace.watching.called = nobody_answers
        await play.workspace.disconnect()

        await until_gone(play, DANA)
        assert thread.closing() is None
        play.workspace.watching.called = answers_again

        await play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 110)
        assert disagreements(play, DANA, thread.words(), before) == []
        keys = [str(message.metadata) for message in thread.messages()]
        assert len(keys) == len(set(keys))


async def test_a_connection_that_slack_refreshes_keeps_no_click_from_the_bot() -> None:
    async with stage(QUICK) as play:
        thread = await open_case(play, DANA)
        plan = await play.workspace.until(lambda: thread.with_button("approve"), 60)
        await play.workspace.disconnect("refresh_requested")
        await play.workspace.until(lambda: play.workspace.sockets.connections, 60)

        pressed = await play.workspace.as_person("U0BEN").press(plan, "approve")

        assert pressed.ok
        await play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 90)
        assert thread.words() == dict.fromkeys(LABELS, "removed")
