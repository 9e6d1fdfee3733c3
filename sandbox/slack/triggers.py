"""Trigger ids: what lets the bot open a modal in answer to a person, once and for three seconds."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.records import Refused

LIFETIME = 3.0
"""Seconds ("Opening and pushing views", trigger_id)."""


@dataclass(slots=True)
class _Trigger:
    user: str
    made_at: float
    exchanged: bool = False


class Triggers:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, _Trigger] = {}

    def make(self, user: str) -> str:
        trigger_id = f"{len(self._known) + 1}.{int(self._clock() * 1000)}.{user.lower()}"
        self._known[trigger_id] = _Trigger(user, self._clock())
        return trigger_id

    def user_of(self, trigger_id: str) -> str:
        """Return whose trigger it is, or refuse it with Slack's word; the trigger stays usable."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            messages = ["invalid `trigger_id`"]
            raise Refused("invalid_arguments", response_metadata={"messages": messages})
        if trigger.exchanged:
            raise Refused("exchanged_trigger_id")
        if self._clock() - trigger.made_at > LIFETIME:
            raise Refused("expired_trigger_id")
        return trigger.user

    def exchange(self, trigger_id: str) -> None:
        self._known[trigger_id].exchanged = True
