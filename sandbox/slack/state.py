"""The workspace's memory: people, conversations and messages; every change wakes the feed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sandbox.slack.feed import Feed
from sandbox.slack.notify import notified_by
from sandbox.slack.people import Channel, Person, Seed
from sandbox.slack.records import Message


class State:
    def __init__(self, seed: Seed, clock: Callable[[], float]) -> None:
        self.seed = seed
        self.clock = clock
        self.feed = Feed()
        self.people: dict[str, Person] = {person.id: person for person in seed.people}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in seed.channels}
        self.groups: dict[str, tuple[str, ...]] = dict(seed.groups)
        self.ephemerals: list[Message] = []
        self._messages: dict[str, list[Message]] = {}
        self._last_ts = 0

    @property
    def bot(self) -> str:
        return self.seed.bot

    def next_ts(self) -> str:
        """Return a message timestamp: unique in the workspace and always growing, "seconds.microseconds"."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def dm_of(self, user: str) -> Channel:
        """Return the direct conversation of this person and the bot; it exists as soon as somebody asks."""
        channel = Channel("D" + user[1:], "directmessage", is_private=True, members=(user, self.bot))
        return self.channels.setdefault(channel.id, channel)

    def deactivate(self, user: str) -> None:
        self.people[user] = replace(self.people[user], deleted=True)
        self.feed.changed()

    def add_person(self, person: Person, *channels: str) -> None:
        self.people[person.id] = person
        for channel_id in channels:
            channel = self.channels[channel_id]
            self.channels[channel_id] = replace(channel, members=(*channel.members, person.id))
        self.feed.changed()

    def join(self, user: str, channel_id: str) -> None:
        """Make somebody a member of a channel, once."""
        channel = self.channels[channel_id]
        self.channels[channel_id] = replace(channel, members=tuple(dict.fromkeys((*channel.members, user))))
        self.feed.changed()

    def share(self, channel_id: str, *, pending: bool = False) -> None:
        """Share a channel with another company, or invite one (`pending`)."""
        channel = self.channels[channel_id]
        self.channels[channel_id] = replace(channel, is_ext_shared=not pending, is_pending_ext_shared=pending)
        self.feed.changed()

    def post(self, message: Message) -> Message:
        """Add a message and record whom Slack notifies of it."""
        message = replace(message, notified=notified_by(self, message))
        self._messages.setdefault(message.channel, []).append(message)
        self.feed.changed()
        return message

    def whisper(self, message: Message) -> Message:
        """Add a message that only `ephemeral_for` sees."""
        self.ephemerals.append(message)
        self.feed.changed()
        return message

    def edit(self, message: Message) -> Message:
        """Put a new value in the place of the message with its ts; nobody is notified of an edit."""
        places = self.ephemerals if message.ephemeral_for else self._messages.get(message.channel, [])
        for index, known in enumerate(places):
            if known.ts == message.ts:
                places[index] = replace(message, edited=known.edited + 1)
                self.feed.changed()
                return places[index]
        raise LookupError(message.ts)

    def remove(self, message: Message) -> None:
        places = self.ephemerals if message.ephemeral_for else self._messages.get(message.channel, [])
        places[:] = [known for known in places if known.ts != message.ts]
        self.feed.changed()

    def find(self, channel: str, ts: str) -> Message | None:
        return next((message for message in self._messages.get(channel, []) if message.ts == ts), None)

    def whispered(self, ts: str) -> Message | None:
        return next((message for message in self.ephemerals if message.ts == ts), None)

    def all_in(self, channel: str) -> list[Message]:
        """Return every message of the conversation, roots and replies, oldest first."""
        return list(self._messages.get(channel, []))

    def top_level(self, channel: str) -> list[Message]:
        """Return what stands in the conversation itself: roots, and replies that were also sent to it."""
        return [m for m in self._messages.get(channel, []) if m.thread_ts is None or m.reply_broadcast]

    def thread(self, channel: str, root: str) -> list[Message]:
        """Return a thread: its root first, then the replies, oldest first."""
        return [m for m in self._messages.get(channel, []) if m.root_ts == root]

    def everything(self) -> Iterator[Message]:
        for messages in self._messages.values():
            yield from messages
