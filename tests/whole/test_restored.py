"""A database put back from an older copy: the bot notices by what stands in Slack, and sends nothing by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.slack.workspace import Message
from sandbox.stage import Stage, Staging, stage
from sandbox.systems.faults import Fault
from sandbox.walk import Thread, approve, disagreements, open_case, standing

DANA = "dana@acme.test"


@pytest.fixture
async def play() -> AsyncIterator[Stage]:
    async with stage(Staging(limits=False, slack_limits=False, kinds=("vspc", "liveperson"))) as ready:
        yield ready


def copied(source: Path, target: Path) -> None:
    """Copy a SQLite file as it stands at this moment, in place of what the target held."""
    for beside in target.parent.glob(f"{target.name}*"):
        beside.unlink()
    with closing(sqlite3.connect(source)) as from_here, closing(sqlite3.connect(target)) as there:
        from_here.backup(there)


async def ended(thread: Thread, systems: int) -> None:
    await thread.workspace.until(lambda: thread.closing() and thread.has_settled(systems), 90)


async def put_back_in_the_middle_of_a_run(play: Stage) -> Thread:
    """A case that has ended, and a bot that starts on a copy in which it was running still."""
    database, kept = play.folder / "offboard.db", play.folder / "kept" / "copy.db"
    kept.parent.mkdir()
    at_work = Fault("act", method="DELETE", path="/users/", act=lambda: copied(database, kept))
    play.world.by_kind["vspc"].faults.add(at_work)
    thread = await open_case(play, DANA)
    await approve(thread)
    await ended(thread, len(play.world.by_kind))
    await play.bot.stop()
    copied(kept, database)
    await play.bot.start()
    return thread


def question(play: Stage) -> Message | None:
    """The direct message in which an admin is asked."""
    messages = play.workspace.as_person("U0ROOT").dms
    return next((message for message in messages if "go_on" in str(message.blocks)), None)


async def go_on(play: Stage) -> None:
    admin = play.workspace.as_person("U0ROOT")
    message = await play.workspace.until(lambda: question(play), 60)
    shown = await admin.press(message, "go_on")
    assert shown.view is not None
    assert (await admin.submit(shown.view, {"Reason": "the disk was lost"})).ok


async def test_yesterdays_run_is_not_taken_up_before_an_admin_says_so(play: Stage) -> None:
    before = standing(play, DANA)
    thread = await put_back_in_the_middle_of_a_run(play)
    writes = {kind: len(simulator.journal.writes()) for kind, simulator in play.world.by_kind.items()}

    await play.workspace.until(lambda: question(play), 60)
    code, said = await play.bot.run("doctor")

    assert (code, "older than what stands in Slack" in said) == (1, True)
    assert {kind: len(simulator.journal.writes()) for kind, simulator in play.world.by_kind.items()} == writes

    await go_on(play)
    await ended(thread, len(play.world.by_kind))
    assert disagreements(play, DANA, thread.words(), before) == []


async def test_the_answer_of_an_admin_holds_after_the_next_start(play: Stage) -> None:
    thread = await put_back_in_the_middle_of_a_run(play)
    await go_on(play)
    await ended(thread, len(play.world.by_kind))

    await play.bot.stop()
    await play.bot.start()
    code, said = await play.bot.run("doctor")

    assert code == 0, said
    assert len([one for one in play.workspace.as_person("U0ROOT").dms if "go_on" in str(one.blocks)]) == 1
