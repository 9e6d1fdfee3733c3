"""`python -m tests.crash.ill MODULE ...` runs that program in a world that turns ill on command, without knowing of it.

What is wrong stands in `ill.json` of its folder, which is read anew at SIGUSR1. `clock`: by how many seconds the time
of this machine is off, the monotonic clock not included. `file`: `read-only` lets SQLite refuse every change, `full`
every page more than the file has at that moment, in both cases by SQLite's own means.
"""

from __future__ import annotations

import datetime as dt
import json
import runpy
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

PLACE = "ill.json"
_UNLIMITED = 2**32 - 2
_REAL = dt.datetime
_real_time = time.time


class _Illness:
    """What is wrong at the moment."""

    clock = 0.0
    file = ""

    def read(self, *_: object) -> None:
        """Take it from the file."""
        told = json.loads(Path(PLACE).read_text(encoding="utf-8"))
        self.clock, self.file = float(told.get("clock", 0.0)), str(told.get("file", ""))


ILL = _Illness()


class _Alike(type):
    """What the libraries made in C is a time as well."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _REAL)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _REAL)


class _Shifted(_REAL, metaclass=_Alike):
    """`datetime`, with a clock that may be wrong."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:  # noqa: ANN401 - a plain datetime, which is not of this class
        return _REAL.now(tz) + dt.timedelta(seconds=ILL.clock)

    @classmethod
    def utcnow(cls) -> Any:  # noqa: ANN401 - the same
        return _REAL.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(seconds=ILL.clock)


def _limit(connection: Any, *_: object) -> None:  # noqa: ANN401 - the adapters around two drivers' connections
    """Let SQLite refuse what it has to refuse, for whoever takes this connection from a pool next."""
    if "sqlite" not in f"{type(connection).__module__}":
        return
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"PRAGMA query_only = {int(ILL.file == 'read-only')}")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0] if ILL.file == "full" else _UNLIMITED
        cursor.execute(f"PRAGMA max_page_count = {pages}")


def main() -> None:
    """Fall ill as told from the start, and run the program."""
    if Path(PLACE).exists():
        ILL.read()
    signal.signal(signal.SIGUSR1, ILL.read)
    dt.datetime = _Shifted  # type: ignore[misc]  # everything that is imported from here on takes this one
    time.time = lambda: _real_time() + ILL.clock
    event.listen(Pool, "checkout", _limit)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
