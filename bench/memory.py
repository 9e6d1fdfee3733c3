"""The memory of a process, from /proc."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

_KB_IN_MB = 1000 / 1.024
"""`kB` in /proc are 1024 bytes; a MB here is a million bytes."""
_EVERY = 2.0
_CALM = 5
_MOST = 60.0
_NOISE = 0.005


@dataclass(frozen=True, slots=True)
class Memory:
    """In MB. `rss` is what is resident, `pss` the same with shared pages divided, `peak` the largest rss so far."""

    rss: float
    pss: float
    peak: float


def memory_of(pid: int) -> Memory:
    """Read it now. OSError where the system has no /proc."""
    status = _fields(Path(f"/proc/{pid}/status"))
    rollup = _fields(Path(f"/proc/{pid}/smaps_rollup"))
    return Memory(status["VmRSS"], rollup["Pss"], status["VmHWM"])


def _fields(path: Path) -> dict[str, float]:
    return in_megabytes(path.read_text(encoding="utf-8"))


def in_megabytes(text: str) -> dict[str, float]:
    """Return the lines `Name:  123 kB` of a file of /proc, in MB; other lines are passed over."""
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if value.endswith(" kB"):
            found[name] = int(value.removesuffix(" kB")) / _KB_IN_MB
    return found


async def settled(pid: int) -> Memory:
    """Return the memory once it has not moved by half a percent for ten seconds, or after a minute."""
    seen = [memory_of(pid)]
    for _ in range(int(_MOST / _EVERY)):
        await asyncio.sleep(_EVERY)
        seen.append(memory_of(pid))
        last = [memory.rss for memory in seen[-_CALM - 1 :]]
        if len(last) > _CALM and max(last) - min(last) <= _NOISE * max(last):
            break
    return seen[-1]
