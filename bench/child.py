"""A process beside the measuring one, which answers questions: one line of JSON each way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LONGEST = 2**24


class Ended(Exception):
    """The process ended instead of answering; what it had to say stands in its standard error."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process runs: in which folder, with which variables, on which core (None: on any)."""

    folder: Path | None = None
    environment: Mapping[str, str] | None = None
    core: int | None = None


class Child:
    """One process, as long as it is asked."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    async def ask(self, question: object) -> Any:  # noqa: ANN401  # what was agreed upon with that program
        """Return the answer. Raises `Ended` where there is none."""
        if self._process.stdin is None or self._process.stdout is None:
            raise Ended
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise Ended
        return json.loads(line)

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def child(module: str, place: Place | None = None) -> AsyncIterator[Child]:
    """Start `python -m module`; it is told to end by the end of its input, and killed where the block fails."""
    at = place or Place()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module), stdin=PIPE, stdout=PIPE, limit=_LONGEST, cwd=at.folder, env=at.environment
    )
    if at.core is not None:
        pin(process.pid, at.core)
    try:
        yield Child(process)
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


def pin(pid: int, core: int) -> None:
    """Keep a process on one of the cores that we may use, where the system knows of such things."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(pid, {cores[core % len(cores)]})


async def answer_all(answer: Callable[[Any], Awaitable[object]]) -> None:
    """Answer what this process is asked, until nobody asks any more."""
    loop = asyncio.get_running_loop()
    # A thread of our own: a program that is asked may take the loop's own threads down with it.
    with ThreadPoolExecutor(1) as reading:
        while line := await loop.run_in_executor(reading, sys.stdin.readline):
            print(json.dumps(await answer(json.loads(line))), flush=True)
