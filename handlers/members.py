"""Somebody joined a channel: the cases about them must not be read there any longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers import asked
from handlers.domain import Cases
from handlers.tasks import Tasks


class Members:
    """Listens to `member_joined_channel` ("Event reference"), for channels that the bot is in."""

    def __init__(self, cases: Cases, tasks: Tasks) -> None:
        self._cases = cases
        self._tasks = tasks

    async def joined(self, body: Mapping[str, Any]) -> None:
        """Look in the background: Bolt has acknowledged the event before."""
        event = body["event"]
        channel, user = str(event.get("channel") or ""), str(event.get("user") or "")
        if channel and user:
            self._tasks.spawn(self._move(channel, user), "somebody joined a channel")

    async def _move(self, channel: str, user: str) -> None:
        await asked(self._cases.joined(channel, user))
