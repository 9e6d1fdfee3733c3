"""Another process holds the database's lock for a while: the click waits, and is counted once."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

from sandbox.stage import Staging, stage
from sandbox.systems.all import ENTRIES
from sandbox.walk import disagreements, open_case, standing

DANA = "dana@acme.test"
LABELS = {label for _, label in ENTRIES.values()}


async def _lock_once_noted(other: sqlite3.Connection, ts: str) -> None:
    """Hold the lock as soon as the bot has noted where this message stands: before that no click in it counts."""
    noted = "SELECT 1 FROM outbox WHERE ts = ? AND sent >= wanted AND drawn IS NOT NULL"
    while True:
        other.execute("BEGIN IMMEDIATE")
        if other.execute(noted, (ts,)).fetchone():
            return
        other.execute("ROLLBACK")
        await asyncio.sleep(0)


async def test_a_click_that_met_the_lock_is_told_to_have_failed_and_still_counts_only_once() -> None:
    async with stage(Staging(limits=False, slack_limits=False)) as play:
        before = standing(play, DANA)
        thread = await open_case(play, DANA)
        plan = await play.workspace.until(lambda: thread.with_button("approve"), 60)
        ben = play.workspace.as_person("U0BEN")
        with closing(sqlite3.connect(play.folder / "offboard.db", isolation_level=None, timeout=30)) as other:
            await _lock_once_noted(other, plan.ts)

            pressed = await ben.press(plan, "approve")

            assert pressed.error == "operation_timeout"
            assert all(not simulator.journal.writes() for simulator in play.world.by_kind.values())
            other.execute("ROLLBACK")
        await play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 90)

        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(play, DANA, thread.words(), before) == []
        assert all(simulator.journal.unread_writes() == [] for simulator in play.world.by_kind.values())
