"""Places of processes that are surely no more: they ran on this machine since it was started, and do not run now.

Only the kernel's word counts: that a process is silent, or that one of the same label has come, is no proof. Where
there is none (another machine, another container, a system without `/proc`) a place is free when its time is over.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.store.slots import Place

log = logging.getLogger(__name__)

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS = Path("/proc/self/ns/pid")
_SIGNS = 16


class Register(Protocol):
    """The part of the store that says who holds which place."""

    async def held(self, beginning: str) -> tuple[Place, ...]:
        """Return the places whose names begin so and that somebody holds."""

    async def release(self, name: str, holder: str, fence: int) -> None:
        """Give a place back."""


def machine() -> str:
    """Return a mark of this start of this machine and of whose process numbers are ours; empty where unknown.

    `boot_id` is drawn anew at each start ("random(4)"); the name of `/proc/self/ns/pid` is the same for all who count
    processes alike ("namespaces(7)").
    """
    try:
        known = f"{_BOOT.read_text(encoding='ascii').strip()} {_NUMBERS.readlink()}"
    except OSError:
        return ""
    return hashlib.sha256(known.encode()).hexdigest()[:_SIGNS]


def holder_of(label: str) -> str:
    """Return a name for this process that no other ever has, in which others can see whether it still runs."""
    return f"{label}:{os.getpid()}:{machine()}-{secrets.token_hex(4)}"


def is_gone(holder: str) -> bool:
    """Whether a holder is surely no more. False wherever that cannot be known."""
    parts = holder.rsplit(":", 2)
    if len(parts) < 3 or not parts[1].isdigit():  # noqa: PLR2004 — label, number, mark
        return False
    mark, here = parts[2].partition("-")[0], machine()
    return bool(here) and mark == here and not _runs(int(parts[1]))


def _runs(number: int) -> bool:
    """Whether there is a process of this number; signal 0 only asks ("kill(2)")."""
    try:
        os.kill(number, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True


async def free_the_gone(register: Register) -> Sequence[str]:
    """Give back the places of processes that are surely no more; return their names."""
    gone = [place for place in await register.held("") if is_gone(place.holder)]
    for place in gone:
        await register.release(place.name, place.holder, place.fence)
    if gone:
        log.info("gave back %s places of processes that are no more", len(gone))
    return [place.name for place in gone]
