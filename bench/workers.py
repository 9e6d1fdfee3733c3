"""What a case costs in processor time where several processes share the work, on Postgres."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bench.crowd import Crowd, crowd
from bench.figures import Goal, Row
from bench.inside import NO_WORK
from bench.postgres import server
from bench.waiting import processor_seconds

CASES = 40
PROCESSES = (1, 2, 4)
_WARM_UP = 5
"""Cases before the measured ones, for each worker: until then it builds its statements and connections."""
_MOST = Goal("ratio", 1.15)


async def shared_work(cases: int = CASES) -> list[Row]:
    """Carry out so many cases with one, two and four workers; the processor seconds of the workers, by the case."""
    spent = {count: await _spent(count, cases) for count in PROCESSES}
    alone = spent[1]
    rows = [Row("processor seconds a case, 1 worker", "s", {"workers": alone})]
    for count in PROCESSES[1:]:
        figures = {"workers": spent[count]}
        rows.append(Row(f"processor seconds a case, {count} workers", "s", figures, alone, spent[count] / alone, _MOST))
    return rows


async def _spent(count: int, cases: int) -> float:
    warm_up = _WARM_UP * count
    mails = [f"leaver{number:05}@acme.test" for number in range(warm_up + cases)]
    async with server() as url, crowd(mails, url) as around:
        around.environment[NO_WORK] = "1"
        async with contextlib.AsyncExitStack() as stack:
            workers = [await stack.enter_async_context(_worker(around)) for _ in range(count)]
            bot = await stack.enter_async_context(around.bot())
            await bot.ask({"do": "open", "mails": mails[:warm_up]})
            await bot.ask({"do": "approve"})
            await around.ended(warm_up)
            await bot.ask({"do": "open", "mails": mails[warm_up:]})
            before = _of_all(workers)
            await bot.ask({"do": "approve"})
            await around.ended(len(mails))
            return (_of_all(workers) - before) / cases


@asynccontextmanager
async def _worker(around: Crowd) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "worker"),
        cwd=around.folder,
        env=around.environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _of_all(workers: Sequence[Process]) -> float:
    return sum(processor_seconds(worker.pid) for worker in workers)
