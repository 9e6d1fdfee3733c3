"""`offboard demo`: what somebody sees under whom the bot dies."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path

from sandbox.bot_process import free_port

_SECONDS = 120.0


async def test_a_bot_that_dies_is_started_again_and_the_person_is_told() -> None:
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", str(free_port()), stdout=PIPE, stderr=STDOUT
    )
    try:
        async with asyncio.timeout(_SECONDS):
            await _until_said(demo, "Ctrl-C ends it")
            (bot,) = _children(demo)
            os.kill(bot, signal.SIGKILL)
            await _until_said(demo, "ended with -9; starting it again")
            await _until_said(demo, "It goes on.")
            assert _children(demo) != [bot]
            demo.send_signal(signal.SIGINT)
            assert await demo.wait() == 0
    finally:
        if demo.returncode is None:
            demo.kill()


async def _until_said(demo: Process, words: str) -> None:
    assert demo.stdout is not None
    said = ""
    while words not in said:
        line = await demo.stdout.readline()
        assert line, f"the demo has ended: {said}"
        said += line.decode()


def _children(demo: Process) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()]
