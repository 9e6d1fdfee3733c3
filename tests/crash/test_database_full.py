"""The disk is full while a case waits: nobody is told that it went well, and once there is room it goes on."""

from __future__ import annotations

import resource

from sandbox.slack.workspace import Workspace
from sandbox.stage import Stage, Staging, stage
from sandbox.systems.all import ENTRIES
from sandbox.walk import approve, disagreements, open_case, standing

DANA = "dana@acme.test"
LABELS = {label for _, label in ENTRIES.values()}


def let_files_grow_to(play: Stage, size: int) -> None:
    """Let no file of the bot's grow beyond so many bytes, as on a full disk, from now on."""
    resource.prlimit(play.bot.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def told(workspace: Workspace, user: str) -> str:
    """What this person was told privately."""
    return "\n".join(workspace.text_of(message) for message in workspace.as_person(user).ephemerals)


async def test_an_approval_that_the_full_disk_did_not_take_is_not_acknowledged_and_touches_nothing() -> None:
    async with stage(Staging(limits=False, slack_limits=False)) as play:
        before = standing(play, DANA)
        thread = await open_case(play, DANA)
        plan = await play.workspace.until(lambda: thread.with_button("approve"), 60)
        await play.workspace.until(lambda: "waits for 1 approval" in play.workspace.text_of(thread.root), 60)
        let_files_grow_to(play, 0)

        pressed = await play.workspace.as_person("U0BEN").press(plan, "approve")

        if not pressed.error:
            await play.workspace.until(lambda: "Something went wrong" in told(play.workspace, "U0BEN"), 60)
        assert all(not simulator.journal.writes() for simulator in play.world.by_kind.values())

        let_files_grow_to(play, resource.RLIM_INFINITY)
        await approve(thread)
        await play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 90)
        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(play, DANA, thread.words(), before) == []
        code, said = await play.bot.run("verify", "--database")
        assert code == 0, said
