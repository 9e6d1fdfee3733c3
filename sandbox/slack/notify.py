"""Whom Slack notifies of a new message: those it mentions, a direct message's reader, those who follow the thread."""

import re
from collections.abc import Iterator
from typing import Protocol

from sandbox.slack.people import Channel, Person
from sandbox.slack.records import Json, Message

_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_RANGE = re.compile(r"<!(here|channel|everyone)(?:\|[^>]*)?>")


class Known(Protocol):
    """The workspace's memory, as far as it says who follows what."""

    people: dict[str, Person]
    channels: dict[str, Channel]
    groups: dict[str, tuple[str, ...]]

    def thread(self, channel: str, root: str) -> list[Message]:
        """Return a thread: its root first, then the replies, oldest first."""


def notified_by(state: Known, message: Message) -> dict[str, str]:
    """Map each member who is notified to the strongest reason; the author and bots never are."""
    members = state.channels[message.channel].members
    reasons: dict[str, str] = {}
    for reason, users in _reasons(state, message):
        for user in users:
            if user in members and user != message.user and not state.people[user].is_bot:
                reasons.setdefault(user, reason)
    return reasons


def mentions(message: Message) -> tuple[set[str], set[str], set[str]]:
    """Return the user ids, user-group ids and ranges that the message's visible part mentions."""
    texts = list(_spoken(message.blocks)) if message.blocks else [message.text]
    users, groups, ranges = set[str](), set[str](), set[str]()
    for text in texts:
        users |= set(_USER.findall(text))
        groups |= set(_GROUP.findall(text))
        ranges |= set(_RANGE.findall(text))
    return users, groups, ranges


def _reasons(state: Known, message: Message) -> Iterator[tuple[str, list[str]]]:
    users, groups, ranges = mentions(message)
    members = list(state.channels[message.channel].members)
    yield "mention", sorted(users)
    yield "group", [user for group in sorted(groups) for user in state.groups.get(group, ())]
    if ranges:
        yield "channel", members
    if state.channels[message.channel].is_im:
        yield "dm", members
    if message.thread_ts:
        yield "thread", _followers(state, message)
    if message.reply_broadcast:
        yield "broadcast", members


def _followers(state: Known, message: Message) -> list[str]:
    """Return those who follow the thread: they wrote in it or were mentioned in it before."""
    followers: set[str] = set()
    for earlier in state.thread(message.channel, message.root_ts):
        users, groups, _ = mentions(earlier)
        followers |= users | {earlier.user}
        followers |= {user for group in groups for user in state.groups.get(group, ())}
    return sorted(user for user in followers if user in state.people)


def _spoken(value: object) -> Iterator[str]:
    """Yield every text in which Slack reads mentions, with rich text's own elements in the same spelling."""
    if isinstance(value, list):
        for item in value:
            yield from _spoken(item)
    elif isinstance(value, dict):
        if value.get("type") in _ELEMENTS:
            yield _ELEMENTS[value["type"]].format(**{"user_id": "", "usergroup_id": "", "range": ""} | value)
        elif value.get("type") in {"mrkdwn", "markdown"}:
            yield str(value.get("text", ""))
        else:
            yield from _inside(value)


def _inside(value: Json) -> Iterator[str]:
    for key, item in value.items():
        if key not in {"confirm", "metadata"}:
            yield from _spoken(item)


_ELEMENTS = {"user": "<@{user_id}>", "usergroup": "<!subteam^{usergroup_id}>", "broadcast": "<!{range}>"}
