"""One process at a SQLite file."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import Refusal


@contextmanager
def only_one(database: Path | None) -> Iterator[None]:
    """Hold the file's lock for as long as the block runs; None (Postgres) needs none.

    Raises Refusal where another process holds it. The lock goes with the process, however that ends.
    """
    if database is None:
        yield
        return
    path = database.with_name(database.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            text = f"Another process serves {database.name}. SQLite takes one; use Postgres for several."
            raise Refusal(text) from error
        yield
