"""`offboard serve`: start, keep going, end in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.app.build import Parts, build
from bot.app.web import web_app
from bot.removal import utc_now
from bot.settings import Loaded
from bot.store import alone
from handlers.channel import check_channel
from handlers.http import slack_routes
from handlers.identity import NotReachable
from handlers.socket_mode import Socket

log = logging.getLogger(__name__)

SWEEP_SECONDS = 5.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_DRAIN_SECONDS = 15.0


@dataclass(slots=True)
class Serving:
    """A started program and what of it is usable."""

    parts: Parts
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    started: bool = False
    socket: Socket | None = None
    loops: list[asyncio.Task[None]] = field(default_factory=list)

    async def not_ready(self) -> Sequence[str]:
        """Say what is not usable, one line each."""
        missing = [] if self.started else ["Slack: not connected yet"]
        try:
            await self.parts.store.ping()
        except Exception as error:  # noqa: BLE001 — whatever it is, the database is not usable
            missing.append(f"database: {type(error).__name__}")
        if self.socket is not None and not await self.socket.is_connected():
            missing.append("Slack: Socket Mode is not connected")
        if not self.parts.poster.ready:
            missing.append(f"Slack: messages are not taken ({self.parts.poster.trouble})")
        return missing


async def serve(loaded: Loaded, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT. Raises Refusal where Slack says no, or another process serves the database."""
    async with alone(loaded.environment.database_url.get_secret_value()):
        parts = await build(loaded)
        serving = Serving(parts)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, serving.stop.set)
        try:
            await _serve(serving, host, port)
        finally:
            await parts.aclose()


async def _serve(serving: Serving, host: str, port: int) -> None:
    parts = serving.parts
    bolt = parts.slack.bolt(parts.cases)
    by_http = parts.loaded.environment.slack_app_token is None
    routes = slack_routes(bolt) if by_http else []
    async with _listening(web_app(parts.store, serving.not_ready, routes), host, port):
        if not await _until_reached(serving):
            return
        await parts.engine.start()
        try:
            await _run(serving, None if by_http else bolt)
        finally:
            await _end(serving)


async def _run(serving: Serving, bolt: AsyncApp | None) -> None:
    parts = serving.parts
    serving.loops = [
        asyncio.create_task(parts.poster.run(), name="poster"),
        asyncio.create_task(_sweep(parts), name="sweeper"),
    ]
    app_token = parts.slack.access.app_token
    if bolt is not None and app_token is not None:
        serving.socket = Socket(bolt, parts.slack.client, app_token)
        serving.socket.start()
    serving.started = True
    log.info("ready")
    await serving.stop.wait()
    log.info("ending")


async def _end(serving: Serving) -> None:
    """No new work; what was said to people is posted; unfinished work is taken up at the next start."""
    if serving.socket is not None:
        await serving.socket.aclose()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            await serving.parts.poster.drain(_DRAIN_SECONDS / 3)
    for task in serving.loops:
        task.cancel()
    await asyncio.gather(*serving.loops, return_exceptions=True)
    await serving.parts.engine.stop()


async def _until_reached(serving: Serving) -> bool:
    """Ask Slack who we are until it answers; False where the program was told to stop meanwhile."""
    wait, last_said = _FIRST_WAIT, float("-inf")
    loop = asyncio.get_running_loop()
    while not serving.stop.is_set():
        try:
            await serving.parts.slack.preflight()
            await check_channel(serving.parts.slack.client, serving.parts.loaded.file.slack.channel)
        except NotReachable as error:
            if loop.time() - last_said >= _LONGEST_WAIT:
                log.warning("%s Trying again.", error)
                last_said = loop.time()
            await _pause(serving.stop, wait)
            wait = min(wait * 2, _LONGEST_WAIT / 2)
        else:
            return True
    return False


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def _sweep(parts: Parts) -> None:
    while True:
        await _supervised("the sweeper", lambda: parts.sweeper.sweep(utc_now()))
        await asyncio.sleep(SWEEP_SECONDS)


async def _supervised(what: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 — the edge of a background task that must not die
        log.error("%s failed: %s", what, type(error).__name__)  # noqa: TRY400 — its text may hold personal data


@contextlib.asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        for address in runner.addresses:
            log.info("listening on http://%s:%s", *address[:2])
        yield
    finally:
        await runner.cleanup()
