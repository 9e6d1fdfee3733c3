"""Between a person and the app: sends payloads, repeats events that were not acknowledged, shapes the result."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.backend import Backend
from sandbox.slack.delivery import Answer, Delivery, Kind
from sandbox.slack.people import Channel, Person
from sandbox.slack.records import Ack, Json, Message, NotPossible, Result
from sandbox.slack.response_url import ResponseUrls

RETRY_DELAYS = (0.0, 60.0, 300.0)
"""Seconds before each repetition of an unacknowledged event ("The Events API", retries)."""


class Desk:
    def __init__(self, backend: Backend, delivery: Delivery, hooks: ResponseUrls, commands: frozenset[str]) -> None:
        self.backend = backend
        self.delivery = delivery
        self.hooks = hooks
        self.commands = commands
        self._events = 0
        self._last: tuple[Kind, Json] | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    def person(self, user: str) -> Person:
        person = self.backend.person(user)
        if person.deleted:
            raise NotPossible(f"{person.real_name} is deactivated")
        return person

    def channel_of(self, user: str, channel_id: str) -> Channel:
        """Return the conversation if this person is in it."""
        dm = self.backend.state.dm_of(user)
        channel = dm if channel_id == dm.id else self.backend.state.channels.get(channel_id)
        if channel is None or user not in channel.members:
            raise NotPossible(f"{user} is not in {channel_id}")
        return channel

    def visible(self, user: str, message: Message) -> Message:
        """Return the message as it stands now, if this person can see it."""
        state = self.backend.state
        if message.ephemeral_for:
            current = state.whispered(message.ts) if message.ephemeral_for == user else None
        else:
            self.channel_of(user, message.channel)
            current = state.find(message.channel, message.ts)
        if current is None:
            raise NotPossible(f"{user} sees no message {message.ts} in {message.channel}")
        return current

    async def send(self, kind: Kind, payload: Json) -> Answer:
        self._last = (kind, payload)
        what, watching = _what(payload), self.backend.watching
        if watching.twice(what):
            self._beside(self.delivery.deliver(kind, payload))
        watching.sent(what)
        began = time.perf_counter()
        answer = await self.delivery.deliver(kind, payload)
        self.backend.acks.append(Ack(what, time.perf_counter() - began, answer.error))
        if not answer.error:
            watching.acknowledged(what)
        return answer

    async def interact(self, payload: Json) -> Answer:
        return await self.send("interactive", payload)

    async def press(self, payload: Json) -> Answer:
        """Deliver a block_actions; its acknowledgement must be a bare one."""
        answer = await self.interact(payload)
        if answer.body:
            self.backend.inspection.note("block_actions acknowledgement", "carries a body, which Slack ignores")
        return answer

    async def redeliver(self) -> Answer:
        """Deliver the last payload once more, as a connection that is being refreshed may."""
        if self._last is None:
            raise LookupError("nothing was delivered yet")
        return await self.send(*self._last)

    def shown(self, user: str, answer: Answer, *ephemerals: Message) -> Result:
        view = self.backend.screens.top(user)
        return Result(answer.status, answer.body, answer.error, ephemerals=ephemerals, view=view)

    async def event(self, content: Json) -> Answer:
        """Deliver an event; where it is not acknowledged it comes again, with the same event_id."""
        self._events += 1
        payload = payloads.event(self.backend.state, self._events, content)
        answer = await self.send("events_api", payload)
        if answer.error:
            self._beside(self._repeat(payload))
        return answer

    def _beside(self, what: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _repeat(self, payload: Json) -> None:
        for number, delay in enumerate(RETRY_DELAYS, start=1):
            await asyncio.sleep(delay)
            answer = await self.delivery.deliver("events_api", payload, retry=number)
            if not answer.error:
                return

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _what(payload: Json) -> str:
    """Return what a payload is about: the command, or its type with the ids of the action or of the view."""
    ids = [action["action_id"] for action in payload.get("actions", [])]
    ids += [payload["view"]["callback_id"]] if payload.get("type") == "view_submission" else []
    return " ".join([payload.get("command") or payload["type"], *ids])
