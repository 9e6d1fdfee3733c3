"""What one Slack message holds, and how much fits into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.views.blocks import Json, size

MOST_BYTES = 8_600
"""Slack refuses messages somewhere above 11,000 bytes of blocks (msg_blocks_too_long); ours stay well below."""
MOST_BLOCKS = 45


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is sent. `text` is for notifications: a full sentence without personal data."""

    text: str
    blocks: tuple[Json, ...]
    broadcast: bool = False


def spread(blocks: Sequence[Json], spare_bytes: int = 0, spare_blocks: int = 0) -> list[list[Json]]:
    """Deal blocks out to as few messages as hold them in order; at least one. The spare room is left free in each."""
    parts: list[list[Json]] = [[]]
    for block in blocks:
        full = len(parts[-1]) >= MOST_BLOCKS - spare_blocks
        if parts[-1] and (full or size([*parts[-1], block]) > MOST_BYTES - spare_bytes):
            parts.append([])
        parts[-1].append(block)
    return parts
