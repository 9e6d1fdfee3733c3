"""Opening dialogs within the three seconds that a trigger lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.tasks import described
from handlers.views.blocks import Json

log = logging.getLogger(__name__)

_SECONDS = 2.0
"""What is left of the three seconds of a trigger and of an acknowledgement ("Modals", trigger_id)."""


class Dialogs:
    """Slack's dialogs. Every method says whether Slack did it and never raises."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def open(self, trigger_id: str, view: Json) -> bool:
        return await self._try(self._client.views_open(trigger_id=trigger_id, view=view))

    async def push(self, trigger_id: str, view: Json) -> bool:
        """Open a dialog on top of the one in which a button was pressed."""
        return await self._try(self._client.views_push(trigger_id=trigger_id, view=view))

    async def update(self, view_id: str, view: Json) -> bool:
        """Replace what a dialog shows; one that was closed meanwhile is no fault."""
        return await self._try(self._client.views_update(view_id=view_id, view=view))

    async def publish(self, user_id: str, view: Json) -> bool:
        return await self._try(self._client.views_publish(user_id=user_id, view=view))

    @staticmethod
    async def _try(call: Awaitable[object]) -> bool:
        try:
            async with asyncio.timeout(_SECONDS):
                await call
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack did not show a dialog: %s", described(error))
            return False
        return True
