"""A head as text: what is printed with a pack, kept elsewhere, and given back to `verify`."""

from __future__ import annotations

import re
from typing import Final

from bot.audit import Head

SEALS: Final = "seal"
"""The chain of seals, as a head names it; audit chains are called `case:12` and `refusals`."""

_HEAD: Final = re.compile(r"(case:[1-9][0-9]{0,17}|refusals|seal):([1-9][0-9]{0,17}):([0-9a-f]{64}|[0-9a-f]{16})")


def shown(head: Head) -> str:
    """Return e.g. `case:12:57:ab…`: chain, number of its last event, that event's hash."""
    return f"{head.chain}:{head.seq}:{head.hash.hex()}"


def parsed(text: str) -> Head | None:
    """Return the head that a person gives, or None where it is none. The short form has the hash's first 16 digits."""
    found = _HEAD.fullmatch(text.strip().lower())
    return Head(found[1], int(found[2]), bytes.fromhex(found[3])) if found else None


def agrees(held: Head, seq: int, digest: bytes) -> bool:
    """Whether a head kept elsewhere, short or whole, is the one with this number and hash."""
    return held.seq == seq and held.hash != b"" and digest.startswith(held.hash)
