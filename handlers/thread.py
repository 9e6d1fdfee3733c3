"""The Reporter port in Slack: one poster that brings the outbox to the threads and never dies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Store
from handlers.identity import Identity
from handlers.outbox import Called, Outbox, utc_now
from handlers.packs import MakePack
from handlers.tasks import report

log = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks at the outbox when nobody calls."""


class Poster:
    """One runs at a time. Whatever it does not manage stays in the outbox for later, or for the next start.

    Where several processes serve one database it posts only while `leads` says that this one is to.
    """

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        identity: Identity,
        called: Called,
        now: Callable[[], datetime] = utc_now,
        make_pack: MakePack | None = None,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        self._leads = leads
        self._outbox = Outbox(store, client, identity, called, now, make_pack)
        self._calls = asyncio.Event()
        self._one = asyncio.Lock()
        self._closing = False

    @property
    def trouble(self) -> str:
        """Slack's word for why it does not take our messages, "" where it does."""
        return self._outbox.trouble if self._leads() else ""

    @property
    def ready(self) -> bool:
        """Whether Slack takes our messages, as far as we have tried."""
        return not self.trouble

    def wake(self) -> None:
        """Look at the outbox soon; never blocks and never raises."""
        self._calls.set()

    async def run(self) -> None:
        """Post until `drain` is called. An error never ends it."""
        while not self._closing:
            self._calls.clear()
            if not await self.turn():
                await self._called()

    async def drain(self, seconds: float) -> None:
        """End `run` and post what is due, for at most that long."""
        self._closing = True
        self.wake()
        try:
            async with asyncio.timeout(seconds):
                while await self.turn():
                    pass
        except TimeoutError:
            log.info("some messages wait in the outbox for the next start")

    async def turn(self) -> bool:
        """Go through the outbox once; True where something was brought to Slack. Never raises."""
        if not self._leads():
            return False
        async with self._one:
            try:
                return await self._outbox.go_through()
            except Exception as error:  # noqa: BLE001 - the edge of a background task that must not die
                report("the poster", error)
                return False

    async def _called(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._calls.wait()
        except TimeoutError:
            return
