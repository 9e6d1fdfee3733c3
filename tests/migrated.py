"""A migrated SQLite file without rows, made once in each process and then copied: the steps take longer than a test."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from bot.store import migrate_now


def migrated_file(path: Path) -> str:
    """Put such a file there; its address."""
    path.write_bytes(_content())
    return f"sqlite:///{path}"


@functools.cache
def _content() -> bytes:
    with tempfile.TemporaryDirectory(prefix="migrated-") as folder:
        path = Path(folder) / "offboard.db"
        migrate_now(f"sqlite:///{path}")
        return path.read_bytes()
