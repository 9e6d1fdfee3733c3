"""One message to Slack: posted, found again, or edited. Raises what the Web API client raises."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.model import Case
from bot.ports import Post, Store
from handlers.identity import Identity
from handlers.shown import digest_of
from handlers.traces import Traces, trace
from handlers.views.message import Message

_REMEMBERED = 500


class Delivery:
    """Brings one message of the outbox to Slack and notes it in the store."""

    def __init__(self, store: Store, client: AsyncWebClient, identity: Identity) -> None:
        self._store = store
        self._client = client
        self._identity = identity
        self._traces = Traces(client)
        self._direct: dict[str, str] = {}
        self._last: OrderedDict[str, tuple[str, int]] = OrderedDict()

    async def post(self, case: Case, post: Post, message: Message) -> None:
        """Post a message, or take up the one that a crash left unnoted."""
        channel = await self.conversation(post.channel)
        root_ts = None if is_direct(post.key) or post.key == "root" else post.root_ts
        metadata = await self._trace(post)
        if post.attempted:
            since = case.opened_at - timedelta(minutes=5)
            ts = await self._traces.find(channel, root_ts, since, metadata, await self._identity.me())
            if ts:
                await self.edit(replace(post, ts=ts, channel=channel), message)
                return
        await self._store.begin_post(post)
        answer = await self._client.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=list(message.blocks),
            thread_ts=root_ts,
            reply_broadcast=message.broadcast if root_ts else None,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
        ts = str(answer["ts"])
        await self._store.end_post(post, ts, str(answer["channel"]), _drawn(message))
        self._remember(ts, post, message)

    async def edit(self, post: Post, message: Message) -> None:
        """Edit the message that stands at `post.ts`."""
        channel = await self.conversation(post.channel)
        ts = post.ts or ""
        if not self.is_shown(post, message):
            # Until it is noted, what stands there is unknown: Slack may have done what it did not answer.
            self._last.pop(ts, None)
            await self._client.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata=await self._trace(post),
            )
        await self._store.end_post(post, ts, channel, _drawn(message))
        self._remember(ts, post, message)

    def is_shown(self, post: Post, message: Message) -> bool:
        """Whether the message surely stands there just like this: this process was the last to bring it there."""
        return post.ts is not None and self._last.get(post.ts) == (_digest(message), post.sent)

    async def _trace(self, post: Post) -> dict[str, Any]:
        """Return the metadata: which message it is, and how far the case's chain goes, as a witness outside."""
        return trace(post.case_id, post.key, await self._store.mark(post.case_id))

    async def conversation(self, channel: str) -> str:
        """Return the conversation: a person's id stands for the direct messages with them."""
        if channel[:1] not in {"U", "W"}:
            return channel
        if channel not in self._direct:
            answer = await self._client.conversations_open(users=channel)
            self._direct[channel] = str(answer["channel"]["id"])
        return self._direct[channel]

    def _remember(self, ts: str, post: Post, message: Message) -> None:
        self._last[ts] = (_digest(message), post.wanted)
        self._last.move_to_end(ts)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)


def is_direct(key: str) -> bool:
    return key.startswith("dm:")


def _drawn(message: Message) -> str:
    """Return the digest of what people read in a message, against which a click in it is held."""
    return digest_of(message.blocks)


def _digest(message: Message) -> str:
    content = json.dumps([message.text, message.blocks], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
