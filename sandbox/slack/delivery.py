"""How a payload reaches the app and what came back; Socket Mode and signed HTTP are its two kinds."""

from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from sandbox.slack.records import Json

Kind: TypeAlias = Literal["slash_commands", "interactive", "events_api"]

ACK_SECONDS = 3.0
"""How long Slack waits for an acknowledgement ("Handling user interaction", acknowledgment response)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The app's acknowledgement. `error` is "" or what Slack would tell the person; `body` is {} for a bare one."""

    body: Json = field(default_factory=dict)
    error: str = ""
    status: int = 200


class Delivery(Protocol):
    async def deliver(self, kind: Kind, payload: Json, *, retry: int = 0) -> Answer:
        """Hand one payload to the app and wait for its acknowledgement; `retry` counts an event's repetitions."""
        ...

    async def close(self) -> None: ...


def timed_out() -> Answer:
    return Answer(error="operation_timeout", status=0)


def nobody_there() -> Answer:
    return Answer(error="dispatch_failed", status=0)
