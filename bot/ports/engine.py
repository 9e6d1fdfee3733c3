"""The doors to durable execution and to the messages."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.model import WorkKind
from bot.ports.store import Tx


class Engine(Protocol):
    """At-least-once execution of work that was handed over in a committed transaction."""

    async def enqueue(self, tx: Tx, kind: WorkKind, case_id: int, attempt: int, system: str) -> None:
        """Hand over one piece of work; it exists exactly if the transaction commits."""


class Reporter(Protocol):
    """Posts what the outbox holds."""

    def wake(self) -> None:
        """Say that something was committed to the outbox; never blocks and never raises."""


class InTurn(Protocol):
    """Lets what must not be done side by side be done in turn, by all who work on this database."""

    def turn(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait for the turn and hold it while the block runs."""
