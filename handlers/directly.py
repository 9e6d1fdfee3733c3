"""Direct messages about what never became a case; best effort, the audit has the durable word."""

from __future__ import annotations

from collections.abc import Iterable

from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import Denied
from handlers.tasks import Tasks

_TEXT = (
    "Somebody asked for an offboarding, and it was not opened: the person who leaves is a member of every channel in "
    "which it could be told. Give me a channel without that person (sensitive_channel), then ask for it again."
)


class Directly:
    """Tells admins what nobody else will hear of."""

    def __init__(self, client: AsyncWebClient, tasks: Tasks) -> None:
        self._client = client
        self._tasks = tasks

    def tell(self, denied: Iterable[Denied]) -> None:
        """Send a direct message to everybody who has to hear of a request that was not opened. Never raises."""
        for user_id in dict.fromkeys(user_id for one in denied for user_id in one.tell):
            self._tasks.spawn(self._send(user_id), "a direct message")

    async def _send(self, user_id: str) -> None:
        answer = await self._client.conversations_open(users=user_id)
        where = str(answer["channel"]["id"])
        await self._client.chat_postMessage(channel=where, text=_TEXT, unfurl_links=False, unfurl_media=False)
