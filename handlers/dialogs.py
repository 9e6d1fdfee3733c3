"""Opening dialogs within the three seconds that a trigger lives."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import OpenedDialog
from handlers.domain import Cases
from handlers.tasks import described
from handlers.views.blocks import Json

log = logging.getLogger(__name__)

_NONCE_BYTES = 24
_SECONDS = 2.0
"""What is left of the three seconds of a trigger and of an acknowledgement ("Modals", trigger_id)."""


def seal(view: Json, user_id: str) -> tuple[Json, OpenedDialog]:
    """Return a dialog with a new nonce in its metadata, and what is to be kept of it."""
    nonce, subject = secrets.token_urlsafe(_NONCE_BYTES), str(view.get("private_metadata") or "")
    dialog = OpenedDialog(str(view["callback_id"]), nonce, user_id, subject)
    return view | {"private_metadata": f"{subject} {nonce}"}, dialog


def sealed_as(metadata: str) -> tuple[str, str]:
    """Return subject and nonce of a dialog's metadata; an empty nonce where it has none."""
    subject, _, nonce = metadata.partition(" ")
    return subject, nonce


class Dialogs:
    """Slack's dialogs. Every method says whether Slack did it and never raises for Slack's sake.

    A dialog that is opened carries a nonce beside what it is about, which is kept until it comes back.
    """

    def __init__(self, client: AsyncWebClient, cases: Cases) -> None:
        self._client = client
        self._cases = cases

    async def open(self, trigger_id: str, view: Json, user_id: str) -> bool:
        sealed, dialog = seal(view, user_id)
        opening = self._try(self._client.views_open(trigger_id=trigger_id, view=sealed))
        return (await asyncio.gather(opening, self._cases.keep_dialog(dialog)))[0]

    async def push(self, trigger_id: str, view: Json, user_id: str) -> bool:
        """Open a dialog on top of the one in which a button was pressed."""
        sealed, dialog = seal(view, user_id)
        opening = self._try(self._client.views_push(trigger_id=trigger_id, view=sealed))
        return (await asyncio.gather(opening, self._cases.keep_dialog(dialog)))[0]

    async def follow(self, view: Json, user_id: str) -> Json:
        """Return a dialog that takes the place of a submitted one, with a nonce of its own."""
        sealed, dialog = seal(view, user_id)
        await self._cases.keep_dialog(dialog)
        return sealed

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
