"""Socket Mode: connected as long as we run, watched, and quiet about Slack's absence."""

from __future__ import annotations

import asyncio
import logging

from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.budget import Seldom
from handlers.tasks import report

log = logging.getLogger(__name__)

_PING = 5.0
"""Seconds between pings; a connection without a pong for four of them is rebuilt by the client."""


class OnceAMinute(logging.Filter):
    """Lets each kind of line through once a minute, without tracebacks: the client retries every few seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._seldom = Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return record.levelno < logging.WARNING or self._seldom.may_say(str(record.msg)[:20])


class Socket:
    """The connection over which Slack's calls come in Socket Mode."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, app_token: SecretStr) -> None:
        logger = logging.getLogger(__name__ + ".client")
        logger.addFilter(OnceAMinute())
        self._handler = AsyncSocketModeHandler(
            app, app_token.get_secret_value(), logger=logger, web_client=client, ping_interval=_PING
        )
        self._connecting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect; returns at once, since the client tries until it succeeds."""
        self._connecting = asyncio.create_task(self._connect(), name="socket mode")

    async def connected(self) -> None:
        """Wait until the first connection stands."""
        if self._connecting is not None:
            await asyncio.shield(self._connecting)

    async def is_connected(self) -> bool:
        return bool(await self._handler.client.is_connected())

    async def aclose(self) -> None:
        """Disconnect and stop trying."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def _connect(self) -> None:
        try:
            await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        except Exception as error:  # noqa: BLE001 - the edge of a background task
            report("connecting to Slack", error)
