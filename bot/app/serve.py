"""`offboard serve` and `offboard worker`: start, keep going, end in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator

from aiohttp import web
from pydantic import SecretStr

from bot.app.build import Parts, build, checked_systems
from bot.app.canary import Canary
from bot.app.database import in_words
from bot.app.loops import free, going, seal, sweep
from bot.app.reach import until_reached
from bot.app.second_factors import must_have_key
from bot.app.serving import Serving
from bot.app.sharing import Timing
from bot.app.web import web_app
from bot.errors import ConfigurationError, OffboardError
from bot.settings import Loaded
from handlers.channel import check_channel, check_privacy
from handlers.http import slack_routes
from handlers.slack_app import signing_secret
from handlers.socket_mode import Socket
from providers.connected import Entry

log = logging.getLogger(__name__)

_POST_SECONDS = 4.0
"""How long messages are still brought to Slack at the end; the rest waits in the outbox."""
_LET_GO_SECONDS = 8.0
"""How long the engine's threads are waited for at the end, beyond what running work is given."""


async def serve(loaded: Loaded, host: str, port: int, *, works: bool = True, timing: Timing | None = None) -> None:
    """Serve until SIGTERM or SIGINT; without `works` the work is left to other processes.

    Raises `ConfigurationError` where something configured is wrong, `Refusal` where Slack or the database says no.
    What does not answer is asked again; `/readyz` says so meanwhile.
    """
    checked = checked_systems(loaded)
    must_have_key(loaded.file, [entry.describe() for entry in checked])
    serving = Serving(works=works)
    _listen_to_signals(serving.stop)
    by_http = loaded.environment.slack_app_token is None
    async with contextlib.AsyncExitStack() as held, _listening(web_app(serving, slack=by_http), host, port):
        parts = await until_reached(serving.stop, lambda: _built(held, loaded, checked, timing, serves=True))
        if parts is None:
            return
        serving.parts = parts
        if await until_reached(serving.stop, lambda: _greeted(parts)):
            await _serve(serving, parts, by_http=by_http)


async def work(loaded: Loaded, timing: Timing | None = None) -> None:
    """Only carry out work until SIGTERM or SIGINT. Nothing listens. Raises as `serve`."""
    checked = checked_systems(loaded)
    stop = asyncio.Event()
    _listen_to_signals(stop)
    async with contextlib.AsyncExitStack() as held:
        parts = await until_reached(stop, lambda: _built(held, loaded, checked, timing, serves=False))
        if parts is not None and await until_reached(stop, lambda: _greeted(parts)):
            await free(parts)
            await parts.crew.begin()
            async with going(parts):
                await parts.crew.run(stop)
            log.info("ended")


def _listen_to_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


async def _built(
    held: contextlib.AsyncExitStack,
    loaded: Loaded,
    checked: tuple[Entry, ...],
    timing: Timing | None,
    *,
    serves: bool,
) -> Parts:
    """Build on the database; `held` keeps it until the end."""
    with in_words():
        parts = await build(loaded, checked, timing, serves=serves)
    held.push_async_callback(parts.aclose)
    return parts


async def _greeted(parts: Parts) -> bool:
    """Ask Slack who we are, whether we are where cases are opened, and whether nobody else can read there."""
    await parts.slack.preflight()
    table = parts.loaded.file.slack
    found = await check_channel(parts.slack.client, table.channel)
    if not table.allow_public:
        check_privacy(found, "slack.channel")
    if table.sensitive_channel is not None:
        await _greet_sensitive_channel(parts, table.sensitive_channel)
    return True


async def _greet_sensitive_channel(parts: Parts, channel: str) -> None:
    try:
        found = await check_channel(parts.slack.client, channel)
    except OffboardError:
        log.warning("slack.sensitive_channel: the bot is not in %s; invite it there", channel)
        return
    if not parts.loaded.file.slack.allow_public:
        check_privacy(found, "slack.sensitive_channel")


async def _serve(serving: Serving, parts: Parts, *, by_http: bool) -> None:
    canary = Canary(parts.systems, parts.store)
    await free(parts)
    # The engine's start waits for SQLite's lock and blocks the loop meanwhile: nothing on the loop may hold that yet.
    await (parts.crew.begin() if serving.works else parts.queue.open())
    async with going(parts, posting=parts.poster.run(), sweeping=sweep(parts), canary=canary.run()):
        crew = asyncio.create_task(parts.crew.run(serving.stop)) if serving.works else None
        try:
            _listen_to_slack(serving, parts, by_http=by_http)
            log.info("ready")
            await serving.stop.wait()
            log.info("ending")
        finally:
            serving.answers = None
            serving.stop.set()
            await _end(serving, parts, crew)


def _listen_to_slack(serving: Serving, parts: Parts, *, by_http: bool) -> None:
    bolt = parts.slack.bolt(parts.cases)
    app_token = parts.slack.access.app_token
    if by_http:
        serving.answers = slack_routes(bolt, SecretStr(signing_secret(parts.slack.access)))[0].handler
    elif app_token is not None:
        serving.socket = Socket(bolt, parts.slack.client, app_token)
        serving.socket.start()
    serving.started = True


async def _end(serving: Serving, parts: Parts, crew: asyncio.Task[None] | None) -> None:
    """No new work; running work ends or is handed back; what was said to people is posted."""
    if serving.socket is not None:
        await serving.socket.aclose()
    if crew is not None:
        await asyncio.wait([crew], timeout=parts.sharing.timing.drain + _LET_GO_SECONDS)
        crew.cancel()
        await asyncio.gather(crew, return_exceptions=True)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_POST_SECONDS * 1.5):
            await parts.poster.drain(_POST_SECONDS)
    await seal(parts)


@contextlib.asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await _bind(runner, host, port)
        for address in runner.addresses:
            log.info("listening on http://%s:%s", *address[:2])
        yield
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigurationError(f"--host, --port: {host} port {port} cannot be listened on: {why}") from None
