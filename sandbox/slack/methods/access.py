"""What the bot may reach: conversations it is in, scopes it was granted, pages of a list."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from sandbox.slack.backend import Backend
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.people import Channel
from sandbox.slack.records import Message, Refused

T = TypeVar("T")


def need_scope(backend: Backend, *needed: str) -> None:
    """Refuse the call unless the bot's token carries every one of these scopes."""
    missing = [scope for scope in needed if scope not in backend.access.scopes]
    if missing:
        provided = ",".join(sorted(backend.access.scopes))
        raise Refused("missing_scope", needed=",".join(missing), provided=provided)


def kind_of(channel: Channel) -> str:
    """Return the word that stands before the colon in this conversation's scopes."""
    if channel.is_im:
        return "im"
    return "groups" if channel.is_private else "channels"


def known(backend: Backend, channel_id: str) -> Channel:
    """Return a conversation that the bot can know of; a private one only from inside."""
    channel = backend.state.channels.get(channel_id)
    if channel is None or (channel.is_private and backend.state.bot not in channel.members):
        raise Refused("channel_not_found")
    return channel


def entered(backend: Backend, channel_id: str) -> Channel:
    """Return a conversation that the bot is in."""
    channel = known(backend, channel_id)
    if backend.state.bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


def postable(backend: Backend, channel_id: str) -> Channel:
    """Return where a post to `channel_id` goes: a conversation, or a person's direct one when given a user id."""
    if channel_id.startswith(("U", "W")):
        person = backend.state.people.get(channel_id)
        if person is None or person.is_bot:
            raise Refused("channel_not_found")
        return backend.state.dm_of(channel_id)
    channel = known(backend, channel_id)
    if backend.state.bot not in channel.members and "chat:write.public" not in backend.access.scopes:
        raise Refused("not_in_channel")
    return channel


def own_message(backend: Backend, channel_id: str, ts: str, refusal: str) -> Message:
    """Return a message that the bot itself has posted; `refusal` is the word for somebody else's."""
    channel = known(backend, channel_id)
    message = backend.state.find(channel.id, ts)
    if message is None:
        raise Refused("message_not_found")
    if message.user != backend.state.bot:
        raise Refused(refusal)
    return message


def thread_root(backend: Backend, channel: Channel, thread_ts: str | None) -> str | None:
    """Return the ts of the thread that a post goes to; a reply's own ts leads to its root, which is noted."""
    if thread_ts is None:
        return None
    message = backend.state.find(channel.id, thread_ts)
    if message is None:
        backend.inspection.note("thread_ts", "names no message of this conversation")
        raise Refused("thread_not_found")
    if message.thread_ts:
        backend.inspection.note("thread_ts", "is a reply's; use its root's")
    return message.root_ts


def page(args: Arguments, items: Sequence[T], *, default: int = 100) -> tuple[Sequence[T], str]:
    """Return one page of `items` and the cursor of the next, "" after the last."""
    start = _start(args.text("cursor"))
    stop = start + max(1, min(args.number("limit", default), 1000))
    cursor = base64.b64encode(f"next:{stop}".encode()).decode() if stop < len(items) else ""
    return items[start:stop], cursor


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise Refused("invalid_cursor") from None
