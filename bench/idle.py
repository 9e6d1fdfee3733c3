"""Row 1: what `offboard serve` holds in memory while nothing happens."""

from __future__ import annotations

from bench.figures import Goal, Row
from bench.memory import Memory, settled
from bench.scene import Setting, scene

_MOST = Goal("RSS", 150.0)


async def idle_memory() -> list[Row]:
    """Start the bot with five systems, connect it, let it settle, and look."""
    async with scene(Setting()) as set_up:
        return [memory_row("memory, idle", await settled(set_up.play.bot.pid), _MOST)]


def memory_row(what: str, memory: Memory, goal: Goal | None = None) -> Row:
    """Return the row of one look at a process."""
    return Row(what, "MB", {"RSS": memory.rss, "PSS": memory.pss, "peak": memory.peak}, goal=goal)
