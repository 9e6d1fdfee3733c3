"""How long `offboard serve` takes until it is ready, against the mere import of the libraries that it stands on."""

from __future__ import annotations

import asyncio
import sys
import time
from statistics import median

from bench.crowd import ready
from bench.figures import Goal, Row
from bench.scene import Setting, scene
from sandbox.bot_process import BotProcess

STARTS = 7
_IMPORTS = "import slack_bolt.async_app, aiohttp.web, sqlalchemy.ext.asyncio, dbos"
_MOST = Goal("ratio", 2.0)
_POLL = 0.01


async def time_to_start(starts: int = STARTS) -> list[Row]:
    """Start it again and again on a database that is there; imports and starts take turns, the first are left out."""
    imports, ready = [], []
    async with scene(Setting()) as set_up:
        bot = set_up.play.bot
        for _ in range(starts + 1):
            await bot.stop()
            imports.append(await _imported())
            ready.append(await _started(bot))
    floor = median(imports[1:])
    figures = {"median": median(ready[1:]), "max": max(ready[1:])}
    return [Row("start of offboard serve to ready", "s", figures, floor, figures["median"] / floor, _MOST)]


async def _imported() -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _IMPORTS)
    await process.wait()
    return time.perf_counter() - began


async def _started(bot: BotProcess) -> float:
    began = time.perf_counter()
    await bot.launch()
    await ready(bot.port, poll=_POLL)
    return time.perf_counter() - began
