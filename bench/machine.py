"""On what it was measured."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_PARTS = ("aiohttp", "dbos", "slack-bolt", "sqlalchemy", "pydantic")
_KIB = 1024


def describe() -> dict[str, str]:
    """Return the machine and the versions, and how busy it was before anything was started."""
    parts = ", ".join(f"{name} {version(name)}" for name in _PARTS)
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": f"{_from('/proc/cpuinfo', 'model name') or platform.processor()}, {_cores()} cores",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Python": f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "libraries": parts,
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()) + " (1, 5, 15 minutes)",
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    total = _from("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(total) / _KIB**2:.1f} GiB" if total else "unknown"


def _from(file: str, key: str) -> str:
    """Return what a file of /proc says under a key; "" where there is no such file or key."""
    path = Path(file)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
