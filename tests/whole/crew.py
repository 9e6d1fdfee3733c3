"""Several processes of the bot at one Postgres, and what its rows say of who did what."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
import psycopg

from bot.app.database import upgrade
from sandbox.bot_process import BotProcess
from sandbox.stage import Stage, Staging, stage

_HOLDERS = "SELECT name || '.' || fence, holder FROM slots WHERE name LIKE 'executor-%' AND expires_at > now()"
_DONE = "SELECT executor_id, count(*) FROM dbos.workflow_status WHERE status = 'SUCCESS' GROUP BY 1"
_AT_WORK = (
    "SELECT executor_id FROM dbos.workflow_status WHERE status = 'PENDING' AND workflow_uuid LIKE 'remove:%%' || %s"
)


class QuickProcess(BotProcess):
    """One process of the program with short times, beside others in the same folder."""

    def __init__(self, beside: BotProcess, role: str, number: int) -> None:
        super().__init__(beside.folder, {})
        self.environment = {**beside.environment, "DYNO": f"{role}.{number}"}
        self.role = role
        self.log = beside.folder / f"{role}.{number}.log"

    async def launch(self, *arguments: str) -> None:
        """Start and do not wait."""
        with self.log.open("ab") as log:
            command = ("-m", "tests.whole.quick", self.role, str(self.port), *arguments)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *command, cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )

    async def until_said(self, words: str, after: str = "", seconds: float = 60.0) -> None:
        """Wait until its log has these words, behind those where they are given."""
        async with asyncio.timeout(seconds):
            while not self._has_said(words, after):
                assert await self.ended(0.05) is None, self.tail()

    async def until_listening(self) -> None:
        """Wait until nothing is missing for Slack's calls, whether somebody does the work or not."""
        async with asyncio.timeout(60), aiohttp.ClientSession() as session:
            while await self._missing(session) not in {"ready\n", "workers: none is alive\n"}:
                assert await self.ended(0.05) is None, self.tail()

    async def _missing(self, session: aiohttp.ClientSession) -> str:
        try:
            async with session.get(f"{self.url}/readyz") as answer:
                return await answer.text()
        except aiohttp.ClientError:
            return "not there"

    def _has_said(self, words: str, after: str) -> bool:
        log = self.tail(10_000)
        return words in (log[log.rfind(after) :] if after else log)


@dataclass
class Crew:
    """The processes, and the database."""

    play: Stage
    url: str
    stack: AsyncExitStack
    processes: list[QuickProcess] = field(default_factory=list)

    async def add(self, role: str) -> QuickProcess:
        """Start one more process, and wait until it does what it is there for."""
        process = QuickProcess(self.play.bot, role, len(self.processes))
        self.processes.append(process)
        self.stack.push_async_callback(process.kill)
        await process.launch()
        await (process.until_said("works as executor-") if role.startswith("worker") else process.until_listening())
        return process

    def rows(self, statement: str, *values: str) -> list[tuple[str, ...]]:
        """Ask the database."""
        with psycopg.connect(self.url) as connection:
            return list(connection.execute(statement, values or None))

    def pids(self) -> dict[str, int]:
        """Of each live executor its process."""
        return {name: int(holder.rsplit(":", 2)[1]) for name, holder in self.rows(_HOLDERS)}

    def done(self) -> dict[str, int]:
        """How much each executor has carried out to its end, by the engine's rows."""
        return {executor: int(count) for executor, count in self.rows(_DONE)}

    def at_work(self, system: str) -> int:
        """The process that is removing somebody in that system at the moment."""
        ((executor,),) = self.rows(_AT_WORK, system)
        return self.pids()[str(executor)]


@asynccontextmanager
async def crew(staging: Staging, url: str) -> AsyncIterator[Crew]:
    """A stage without its own bot, on a migrated database; whatever was started is ended."""
    async with stage(replace(staging, database_url=url), start_bot=False) as play, AsyncExitStack() as stack:
        await upgrade(url)
        team = Crew(play, url, stack)
        try:
            yield team
        except BaseException:
            sys.stdout.writelines(f"{process.log.name}:\n{process.tail(60)}\n" for process in team.processes)
            raise


def signalled(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process of ours."""
    os.kill(pid, number)
