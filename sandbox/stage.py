"""The whole play on one machine: the systems, the workspace, and the real bot between them."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.bot_process import BotProcess, write_configuration
from sandbox.slack.workspace import Seed, Workspace, demo_seed
from sandbox.systems.all import World

CHANNEL = "C0CASES"
BOT_TOKEN = "xoxb-sandbox"  # noqa: S105 — worth nothing outside the sandbox
APP_TOKEN = "xapp-sandbox"  # noqa: S105 — the same
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 — the same

POLICY: Mapping[str, object] = {
    "requesters": ["U0AMY", "S0HR"],
    "approvers": ["S0SECURITY"],
    "admins": ["U0ROOT"],
    "approvals": 1,
    "protected": ["ceo@acme.test", "*@svc.acme.test"],
}


@dataclass(frozen=True, slots=True)
class Staging:
    """How it is played. `http` delivers Slack's calls signed over HTTP instead of Socket Mode."""

    page_port: int = 0
    http: bool = False
    database_url: str | None = None
    limits: bool = True
    slack_limits: bool = True
    delay: float = 0.0
    kinds: Iterable[str] | None = None
    policy: Mapping[str, object] | None = None
    environment: Mapping[str, str] | None = None
    seed: Seed = field(default_factory=demo_seed)


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands on it."""

    folder: Path
    world: World
    workspace: Workspace
    bot: BotProcess


@asynccontextmanager
async def stage(staging: Staging, *, start_bot: bool = True) -> AsyncIterator[Stage]:
    """Set everything up in a temporary folder, and take it down whatever happens."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="offboard-")))
        world = World(staging.kinds, limits=staging.limits, delay=staging.delay)
        await world.start()
        stack.push_async_callback(world.stop)
        bot = BotProcess(folder, {})
        request_url = f"{bot.url}/slack/events" if staging.http else None
        workspace = Workspace(staging.seed, limits=staging.slack_limits, request_url=request_url)
        await workspace.start(port=staging.page_port)
        stack.push_async_callback(workspace.stop)
        bot.environment.update(_environment(staging, workspace, _configure(folder, staging, world)))
        stack.push_async_callback(bot.stop)
        if start_bot:
            await bot.start()
        yield Stage(folder, world, workspace, bot)


def _configure(folder: Path, staging: Staging, world: World) -> Path:
    tables: dict[str, Mapping[str, object]] = {
        "slack": {"channel": CHANNEL},
        "policy": {**POLICY, **(staging.policy or {})},
    }
    tables |= {f"systems.{name}": settings for name, settings in world.settings().items()}
    return write_configuration(folder, tables)


def _environment(staging: Staging, workspace: Workspace, secrets: Path) -> dict[str, str]:
    environment = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": workspace.api_url,
        "OFFBOARD_SECRETS_DIR": str(secrets),
    }
    if not staging.http:
        environment["SLACK_APP_TOKEN"] = APP_TOKEN
    if staging.database_url is not None:
        environment["DATABASE_URL"] = staging.database_url
    return environment | dict(staging.environment or {})
