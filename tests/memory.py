"""What tests write stands in memory where there is room: no test needs it to outlive the machine's power.

A file of SQLite's waits for the disk at each commit, as it must in production; thousands of tests would wait with it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own in it
_ROOM = 2**30
_FOLDER = pytest.StashKey[Path]()


def memory() -> Path | None:
    """A folder in memory with room for a server and its databases, or None."""
    usable = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if usable else None


def pytest_configure(config: pytest.Config) -> None:
    """Let temporary files stand there, also those of the programs that tests start, unless `$TMPDIR` says where."""
    there = memory()
    if there is None or "TMPDIR" in os.environ:
        return
    folder = tempfile.mkdtemp(prefix="offboard-tests-", dir=there)
    config.stash[_FOLDER] = Path(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = folder


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take away what is left there."""
    folder = config.stash.get(_FOLDER, None)
    if folder is not None:
        del os.environ["TMPDIR"]
        tempfile.tempdir = None
        shutil.rmtree(folder)
