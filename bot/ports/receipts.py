"""What a system's server answered to a write, for the audit: noted at the door to the network, read by who asked.

The adapter between them need not know of it; it can neither forget nor improve what was answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """One answer: its status, and SHA-256 of its body in hex."""

    status: int
    body_digest: str


_open: ContextVar[list[Receipt] | None] = ContextVar("receipts", default=None)


@contextmanager
def receipts() -> Iterator[list[Receipt]]:
    """Collect the answers to writes that are sent while the block runs, in their order."""
    collected: list[Receipt] = []
    token = _open.set(collected)
    try:
        yield collected
    finally:
        _open.reset(token)


def note_receipt(status: int, body: bytes) -> None:
    """Note an answer to a write, if anybody collects."""
    collected = _open.get()
    if collected is not None:
        collected.append(Receipt(status, hashlib.sha256(body).hexdigest()))
