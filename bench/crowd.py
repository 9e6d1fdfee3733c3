"""A bot inside a process that can be asked, with light systems and a workspace around it: for a thousand leavers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.child import Child, Place, child
from bench.records import Records
from bench.until import until
from sandbox.bot_process import ROOT, free_port, write_configuration
from sandbox.slack.workspace import Workspace, demo_seed
from sandbox.stage import APP_TOKEN, BOT_TOKEN, CHANNEL, POLICY, SIGNING_SECRET

SYSTEMS = 5
AT_ONCE = 10
DELAY = 0.05
BOT_CORE, YARD_CORE = 0, 1
_MOST_CASES = "1000000"
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(slots=True)
class Crowd:
    """What stands around: `systems` is what the yard said of each of its servers."""

    folder: Path
    workspace: Workspace
    yard: Child
    systems: list[dict[str, Any]]
    records: Records
    environment: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Child]:
        """Start the bot in this place; again on the same database where it has ended."""
        async with child("bench.inside", Place(self.folder, self.environment, BOT_CORE)) as inside:
            await ready(int(self.environment["PORT"]))
            yield inside

    async def ended(self, cases: int, *, poll: float = 0.5) -> float:
        """Wait until so many cases have ended; when the last outcome's work ended, in seconds of the epoch."""

        async def all_ended() -> bool:
            return await self.records.ended_cases() >= cases and not await self.records.open_work()

        await until(all_ended, poll)
        return await self.records.last_end()


async def ready(port: int, *, poll: float = 0.05, seconds: float = 120.0) -> None:
    """Wait until the bot at this port says that it is ready. TimeoutError where it does not."""
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:

        async def says_so() -> bool:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    return answer.ok
            except aiohttp.ClientError:
                return False

        await until(says_so, poll)


@asynccontextmanager
async def crowd(
    mails: Sequence[str],
    database_url: str | None = None,
    delay: float = DELAY,
    askers: Sequence[str] = ("U0AMY",),
) -> AsyncIterator[Crowd]:
    """Set up five light systems on a core of their own with these users, and a workspace without limits."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="offboard-bench-")))
        yard = await stack.enter_async_context(child("bench.yard", Place(core=YARD_CORE)))
        systems = await yard.ask({"systems": SYSTEMS, "users": list(mails), "delay": delay})
        workspace = Workspace(demo_seed(), limits=False, commands=frozenset({"/offboard", "/floor"}))
        await workspace.start()
        stack.push_async_callback(workspace.stop)
        url = database_url or f"sqlite:///{folder / 'offboard.db'}"
        found = Crowd(folder, workspace, yard, systems, Records(url))
        found.environment = _environment(workspace, url, _configure(folder, systems, askers))
        yield found


def _configure(folder: Path, systems: Sequence[dict[str, Any]], askers: Sequence[str]) -> Path:
    tables: dict[str, dict[str, object]] = {
        "slack": {"channel": CHANNEL},
        "policy": {**POLICY, "requesters": list(askers), "approvers": ["U0BEN"]},
    }
    for number, system in enumerate(systems):
        tables[f"systems.tenant{number}"] = {
            **system["entry"],
            "label": f"Tenant {number}",
            "concurrency": AT_ONCE,
        }
    return write_configuration(folder, tables)


def _environment(workspace: Workspace, url: str, secrets: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": workspace.api_url,
        "OFFBOARD_SECRETS_DIR": str(secrets),
        "OFFBOARD_POLICY__LIMITS__PER_REQUESTER_PER_DAY": _MOST_CASES,
        "DATABASE_URL": url,
        "PORT": str(free_port()),
    }
