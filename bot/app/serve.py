"""`offboard serve`: start, keep going, end in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from bot.app.build import Parts, build, checked_systems
from bot.app.canary import Canary
from bot.app.database import in_words
from bot.app.reach import until_reached
from bot.app.serving import Serving
from bot.app.web import web_app
from bot.errors import ConfigurationError, OffboardError
from bot.removal import utc_now
from bot.settings import Loaded
from bot.store import alone
from handlers.channel import check_channel
from handlers.http import slack_routes
from handlers.socket_mode import Socket
from providers.connected import Entry

log = logging.getLogger(__name__)

SWEEP_SECONDS = 5.0
_DRAIN_SECONDS = 15.0


async def serve(loaded: Loaded, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises `ConfigurationError` where something configured is wrong, `Refusal` where Slack or the database says no or
    another process serves the database. What does not answer is asked again; `/readyz` says so meanwhile.
    """
    checked = checked_systems(loaded)
    serving = Serving()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, serving.stop.set)
    by_http = loaded.environment.slack_app_token is None
    async with contextlib.AsyncExitStack() as held, _listening(web_app(serving, slack=by_http), host, port):
        parts = await until_reached(serving.stop, lambda: _built(held, loaded, checked))
        if parts is None:
            return
        serving.parts = parts
        if await until_reached(serving.stop, lambda: _greeted(parts)):
            await _work(serving, parts, by_http=by_http)


async def _built(held: contextlib.AsyncExitStack, loaded: Loaded, checked: tuple[Entry, ...]) -> Parts:
    """Take the database for ourselves and build on it; `held` keeps both until the end."""
    async with contextlib.AsyncExitStack() as taking:
        with in_words():
            await taking.enter_async_context(alone(loaded.environment.database_url.get_secret_value()))
            parts = await build(loaded, checked)
        taking.push_async_callback(parts.aclose)
        held.push_async_exit(taking.pop_all())
        return parts


async def _greeted(parts: Parts) -> bool:
    """Ask Slack who we are and whether we are where cases are opened."""
    await parts.slack.preflight()
    table = parts.loaded.file.slack
    await check_channel(parts.slack.client, table.channel)
    if table.sensitive_channel is not None:
        try:
            await check_channel(parts.slack.client, table.sensitive_channel)
        except OffboardError:
            log.warning("slack.sensitive_channel: the bot is not in %s; invite it there", table.sensitive_channel)
    return True


async def _work(serving: Serving, parts: Parts, *, by_http: bool) -> None:
    await parts.engine.start()
    serving.canary = Canary(parts.systems)
    loops = [
        asyncio.create_task(parts.poster.run(), name="poster"),
        asyncio.create_task(_sweep(parts), name="sweeper"),
        asyncio.create_task(serving.canary.run(), name="canary"),
    ]
    try:
        _listen_to_slack(serving, parts, by_http=by_http)
        log.info("ready")
        await serving.stop.wait()
        log.info("ending")
    finally:
        serving.answers = None
        await _end(serving, parts, loops)


def _listen_to_slack(serving: Serving, parts: Parts, *, by_http: bool) -> None:
    bolt = parts.slack.bolt(parts.cases)
    app_token = parts.slack.access.app_token
    if by_http:
        serving.answers = slack_routes(bolt)[0].handler
    elif app_token is not None:
        serving.socket = Socket(bolt, parts.slack.client, app_token)
        serving.socket.start()
    serving.started = True


async def _end(serving: Serving, parts: Parts, loops: list[asyncio.Task[None]]) -> None:
    """No new work; what was said to people is posted; unfinished work is taken up at the next start."""
    if serving.socket is not None:
        await serving.socket.aclose()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            await parts.poster.drain(_DRAIN_SECONDS / 3)
    for task in loops:
        task.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await parts.engine.stop()
    await _supervised("the sealing of the audit", lambda: parts.store.seal(parts.signer))


async def _sweep(parts: Parts) -> None:
    while True:
        await _supervised("the sweeper", lambda: parts.sweeper.sweep(utc_now()))
        await _supervised("the sealing of the audit", lambda: parts.store.seal(parts.signer))
        await asyncio.sleep(SWEEP_SECONDS)


async def _supervised(what: str, work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 — the edge of a background task that must not die
        log.error("%s failed: %s", what, type(error).__name__)  # noqa: TRY400 — its text may hold personal data


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
