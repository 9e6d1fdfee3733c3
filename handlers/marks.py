"""How far our cases had gone, as the newest messages in Slack tell it ("conversations.history", message metadata)."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports.told import Mark
from handlers import ids
from handlers.identity import Identity, NotReachable

log = logging.getLogger(__name__)

_PAGES = 3
_HEAD = re.compile(r"(?:case:[0-9]+:)?([1-9][0-9]{0,17}):([0-9a-f]{8,64})")
_NOT_TOLD = frozenset({"missing_scope", "channel_not_found", "not_in_channel", "is_archived"})


class SlackTold:
    """The port `Told`: the newest messages of ours in the channels where cases are told."""

    def __init__(self, client: AsyncWebClient, identity: Identity, channels: Sequence[str]) -> None:
        self._client = client
        self._identity = identity
        self._channels = channels

    async def marks(self) -> tuple[Mark, ...]:
        furthest: dict[int, Mark] = {}
        try:
            me = (await self._identity.me()).user_id
            for channel in self._channels:
                async for message in self._messages(channel):
                    mark = mark_of(message) if message.get("user") == me else None
                    if mark is not None and mark.seq >= furthest.get(mark.case_id, mark).seq:
                        furthest[mark.case_id] = mark
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotReachable("Slack did not show the case channel's messages.") from error
        return tuple(furthest[case_id] for case_id in sorted(furthest))

    async def _messages(self, channel: str) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the newest messages first; none where the history may not be read."""
        cursor = ""
        for _ in range(_PAGES):
            try:
                answer = await self._client.conversations_history(
                    channel=channel, include_all_metadata=True, limit=200, cursor=cursor
                )
            except SlackApiError as error:
                if error.response.get("error") not in _NOT_TOLD:
                    raise
                log.warning("the history cannot be read: a database put back from an old copy would not be noticed")
                return
            for message in answer.get("messages") or ():
                yield message
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def mark_of(message: Mapping[str, Any]) -> Mark | None:
    """Return what a message tells of its case, or None where it is not one of a case."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    case_id = payload.get("case")
    if metadata.get("event_type") != ids.METADATA_EVENT or not isinstance(case_id, int):
        return None
    found = _HEAD.fullmatch(str(payload.get("head") or ""))
    return Mark(case_id, int(found[1]), found[2]) if found else Mark(case_id)
