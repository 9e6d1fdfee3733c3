"""A process beside the measuring one, which answers questions: one line of JSON each way."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

_LONGEST = 2**24


class Ended(Exception):
    """The process ended instead of answering; what it had to say stands in its standard error."""


class Child:
    """One process, as long as it is asked."""

    def __init__(self, process: Process) -> None:
        self._process = process

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


@asynccontextmanager
async def child(module: str) -> AsyncIterator[Child]:
    """Start `python -m module`; it is told to end by the end of its input."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, limit=_LONGEST
    )
    try:
        yield Child(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def answer_all(answer: Callable[[Any], Awaitable[object]]) -> None:
    """Answer what this process is asked, until nobody asks any more."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await answer(json.loads(line))), flush=True)
