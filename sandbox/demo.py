"""`offboard demo`: everything on this machine, for somebody who has neither Slack nor the systems."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys

from sandbox.bot_process import BotProcess, NotStarted
from sandbox.stage import Staging, stage
from sandbox.walk import walk


def run_demo(*, port: int, walk: bool) -> int:
    """Run until Ctrl-C, or play one case. Exit 0 only where everything was as it should be."""
    try:
        return asyncio.run(_walk() if walk else _stay(port))
    except NotStarted as error:
        print(f"offboard: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"offboard: --port: {port} cannot be used: {error.strerror or error}", file=sys.stderr)
        return 2


async def _stay(port: int) -> int:
    print("Starting five systems, a Slack workspace and the bot …", flush=True)
    async with stage(Staging(page_port=port)) as play:
        print(f"Open {play.workspace.url}", flush=True)
        print("You are Amy: type /offboard dana@acme.test. Then become Ben and approve. Ctrl-C ends it.", flush=True)
        await _kept_running(play.bot)
        print("\nEnding …", flush=True)
    return 0


async def _kept_running(bot: BotProcess) -> None:
    """Start the bot again on its files whenever it ends, as a platform would, until told to stop. Raises NotStarted."""
    told = asyncio.create_task(_told())
    while True:
        ended = asyncio.create_task(bot.wait())
        await asyncio.wait({told, ended}, return_when=asyncio.FIRST_COMPLETED)
        if told.done():
            ended.cancel()
            return
        print(f"The bot has ended with {ended.result()}; starting it again on its files …", flush=True)
        await bot.start()
        print("It goes on.", flush=True)


async def _told() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, told.set)
    await told.wait()


async def _walk() -> int:
    async with stage(Staging(limits=False)) as play:
        return 0 if await walk(play, "dana@acme.test") else 1
