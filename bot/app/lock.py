"""One process at a SQLite file."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import ConfigurationError, Refusal

_TRIES = 3
_PAUSE = 0.05
"""Seconds between two tries: `doctor` touches the lock for a moment when it looks whether somebody holds it."""


@contextmanager
def only_one(database: Path | None) -> Iterator[None]:
    """Hold the file's lock for as long as the block runs; None (Postgres) needs none.

    Raises `Refusal` where another process holds it, `ConfigurationError` where no file can be written there. The lock
    goes with the process, however that ends.
    """
    if database is None:
        yield
        return
    with _lock_file(database) as file:
        if not any(_locked(file, left) for left in reversed(range(_TRIES))):
            raise Refusal(f"Another process serves {database.name}; a SQLite file takes one.")
        yield


def is_held(database: Path) -> bool:
    """Whether a process serves this file. Makes no file."""
    try:
        with _lock_path(database).open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _locked(file: TextIO, left: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        time.sleep(_PAUSE if left else 0)
        return False
    return True


def _lock_path(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


def _lock_file(database: Path) -> TextIO:
    path = _lock_path(database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="ascii")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigurationError(f"DATABASE_URL: no file can be written beside {database}: {why}") from None
