"""Finding a message that may stand in Slack although nobody noted it: by the metadata that every message carries."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import ids
from handlers.budget import Seldom
from handlers.identity import Me

log = logging.getLogger(__name__)

_PAGES = 10
_NO_TRACE = frozenset(
    {"missing_scope", "thread_not_found", "message_not_found", "method_not_supported_for_channel_type"}
)


class Traces:
    """Looks for messages of ours in a conversation."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._said = Seldom(seconds=float("inf"))

    async def find(
        self, channel: str, root_ts: str | None, since: datetime, metadata: Mapping[str, Any], me: Me
    ) -> str:
        """Return the ts of our message of this case and key, "" where none is found or the history may not be read."""
        wanted = _named(metadata)
        return await self._first(channel, root_ts, since, me, lambda message: _named(message.get("metadata")) == wanted)

    async def find_file(self, channel: str, root_ts: str | None, since: datetime, name: str, me: Me) -> str:
        """Return the ts of our message with a file of this name, "" as above."""

        def holds(message: Mapping[str, Any]) -> bool:
            return any(file.get("name") == name for file in message.get("files") or ())

        return await self._first(channel, root_ts, since, me, holds)

    async def _first(
        self,
        channel: str,
        root_ts: str | None,
        since: datetime,
        me: Me,
        is_it: Callable[[Mapping[str, Any]], bool],
    ) -> str:
        try:
            async for message in self._messages(channel, root_ts, since):
                if is_it(message) and message.get("user") == me.user_id:
                    return str(message["ts"])
        except SlackApiError as error:
            word = str(error.response.get("error"))
            if word not in _NO_TRACE:
                raise
            if word == "missing_scope" and self._said.may_say(word):
                log.warning("the history cannot be read (missing scope): a crash may double a message")
        return ""

    async def _messages(self, channel: str, root_ts: str | None, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the messages of a thread, or of the channel itself since that time."""
        cursor = ""
        for _ in range(_PAGES):
            if root_ts is None:
                answer = await self._client.conversations_history(
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}",
                    include_all_metadata=True,
                    limit=200,
                    cursor=cursor,
                )
            else:
                answer = await self._client.conversations_replies(
                    channel=channel, ts=root_ts, include_all_metadata=True, limit=200, cursor=cursor
                )
            for message in answer.get("messages") or ():
                yield message
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def trace(case_id: int, key: str, head: str = "") -> dict[str, Any]:
    """Return the metadata of a message: ids only, since other apps of the workspace can read it.

    `head` says how far the case's audit chain went when the message was written, e.g. `57:9f86d081884c7d65`.
    """
    payload = {"case": case_id, "key": key, **({"head": head} if head else {})}
    return {"event_type": ids.METADATA_EVENT, "event_payload": payload}


def _named(metadata: object) -> tuple[object, ...]:
    """Return what tells one message from all others; its head moves on with the case."""
    if not isinstance(metadata, Mapping):
        return ()
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type"), payload.get("case"), payload.get("key")
