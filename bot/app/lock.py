"""One process at a SQLite file."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import ConfigurationError, Refusal


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
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal(f"Another process serves {database.name}; this version takes one.") from error
        yield


def _lock_file(database: Path) -> TextIO:
    path = database.with_name(database.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="ascii")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigurationError(f"DATABASE_URL: no file can be written beside {database}: {why}") from None
