"""The door to what was said to the outside: messages that whoever puts the database back cannot put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a case had gone when a message about it was written: its chain's last event, and that event's hash.

    `head` is the beginning of the hash in hex. `seq` 0 and no head: the message only shows that there was the case.
    """

    case_id: int
    seq: int = 0
    head: str = ""


class Told(Protocol):
    """The bot's own messages."""

    async def marks(self) -> tuple[Mark, ...]:
        """Return the furthest mark of each case among the newest messages; none where they may not be read.

        Raises OffboardError where Slack does not answer.
        """
