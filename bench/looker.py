"""`python -m bench.looker`: looks one person up in one system, again and again, and nothing else."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bench.child import answer_all
from bench.memory import in_megabytes
from bot.model import Key, KeyKind, KeySource, Leaver
from providers.catalog import kinds
from providers.http import Door
from providers.kind import Kind
from providers.settings import SystemSettings
from providers.snapshot import Snapshot

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_PEAK = "5"
"""Sets `VmHWM` back to what is resident now (proc_pid_clear_refs)."""


class Looker:
    """The first question opens the door: `kind`, `entry` of the configuration and `mail`. Each further one looks."""

    def __init__(self) -> None:
        self.door: Door | None = None
        self._idle = 0.0

    async def answer(self, question: dict[str, Any]) -> object:
        if self.door is None:
            self._kind: Kind = kinds()[question["kind"]]
            self._settings: SystemSettings = self._kind.settings.model_validate(question["entry"])
            self._leaver = Leaver("", (Key(KeyKind.MAIL, question["mail"], KeySource.TYPED),))
            self.door = self._kind.door(self._settings)
            self._idle = _reset()
            return {}
        return await self._look(self.door)

    async def _look(self, door: Door) -> dict[str, object]:
        """Look as the program does: a new hand through the same door, and no list from an earlier look."""
        Snapshot.forget(door)
        began = time.perf_counter()
        hand = self._kind.build("system", self._settings, door)
        found = await hand.find(self._leaver)
        seconds = time.perf_counter() - began
        await hand.aclose()
        accounts = [dict(account.identity).get("mail") for account in found.accounts]
        return {"seconds": seconds, "over_idle": _memory()["VmHWM"] - self._idle, "accounts": accounts}


def _reset() -> float:
    """Forget the peak so far; return what is resident now, in MB."""
    _RESET.write_text(_PEAK, encoding="ascii")
    return _memory()["VmRSS"]


def _memory() -> dict[str, float]:
    return in_megabytes(_STATUS.read_text(encoding="utf-8"))


async def _main() -> None:
    looker = Looker()
    try:
        await answer_all(looker.answer)
    finally:
        if looker.door is not None:
            await looker.door.aclose()


if __name__ == "__main__":
    asyncio.run(_main())
