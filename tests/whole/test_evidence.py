"""A whole case's evidence: out of the thread and by the command, checked where nothing of the bot is."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bot.evidence import container
from sandbox.slack.workspace import Message
from sandbox.stage import Stage, stage
from sandbox.systems.all import ENTRIES
from sandbox.walk import Thread
from tests.whole.test_walks import QUICK, walked

ROOT = Path(__file__).parents[2]


async def offboard(folder: Path, environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """Run a command as a process of its own; its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def uploaded(play: Stage, thread: Thread) -> Message:
    """The message with the case's evidence, to the requester; there is none in the thread."""
    direct = await play.workspace.until(
        lambda: next((message for message in play.workspace.messages("D0AMY") if message.files), None), 60
    )
    assert not any(message.files for message in thread.messages())
    return direct


def fingerprint(play: Stage) -> str:
    """The key that the bot names in its log at its first start."""
    found = re.search(r"evidence\.signing_key is not set.* Its fingerprint is ([a-z2-7]{52})", play.bot.tail(1000))
    assert found
    return found[1]


async def test_the_pack_in_a_direct_message_verifies_on_a_machine_without_the_bot(tmp_path: Path) -> None:
    async with stage(QUICK) as play:
        message = await uploaded(play, await walked(play))
        (tmp_path / "pack.zip").write_bytes(play.workspace.files[str(message.files[0]["id"])])
        key, head = fingerprint(play), re.findall(r"case:1:\d+:[0-9a-f]{64}", message.text)[0]
        standing = await offboard(play.folder, play.bot.environment, "verify", "--database", "--head", head)
        taken = await offboard(play.folder, play.bot.environment, "evidence", "OFF-1", "--output", "taken.zip")
        (tmp_path / "taken.zip").write_bytes((play.folder / "taken.zip").read_bytes())
        assert play.workspace.lint_findings == []

    assert standing[0] == 0, standing[1]
    assert (taken[0], taken[1].splitlines()[0]) == (0, "OFF-1, edition 1: taken.zip")
    for name in ("pack.zip", "taken.zip"):
        code, said = await offboard(tmp_path, {}, "verify", name, "--key", key, "--head", head)
        assert (code, said.splitlines()[-1]) == (0, "unbroken, signed by the pinned key")
    outcomes = json.loads(container.read((tmp_path / "pack.zip").read_bytes())["outcomes.json"])
    assert sorted(outcome["system"] for outcome in outcomes) == sorted(name for name, _ in ENTRIES.values())
    assert all(outcome["word"] == "removed" and outcome["proof"]["at"] for outcome in outcomes)


async def test_who_changes_the_database_of_the_bot_that_stopped_is_noticed() -> None:
    async with stage(QUICK) as play:
        await uploaded(play, await walked(play))
        await play.bot.stop()
        with closing(sqlite3.connect(play.folder / "offboard.db")) as database, database:
            database.execute("UPDATE audit_values SET value = 'something else' WHERE field = 'shown'")

        code, said = await offboard(play.folder, play.bot.environment, "verify", "--database")

    assert code == 1
    assert "a personal value is not the one that was logged" in said
