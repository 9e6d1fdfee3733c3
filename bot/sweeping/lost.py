"""Work that the engine will never end: it becomes a person's task instead of being waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.model import WorkKind
from bot.ports import GOING, EngineRows, OpenWork, Store
from bot.sweeping.troubles import Troubles

GiveUp = Callable[[int, int, str], Awaitable[None]]

KEPT = timedelta(days=30)
"""How long the engine's own rows are kept after the end of the work."""
_AT_ONCE = 200
_EVERY = timedelta(hours=1)
_EVERY_PASS = 100
"""Up to so many pieces of open work are compared in every pass."""
_REST = timedelta(milliseconds=10)
"""How long the next comparison waits for each piece beyond: of thousands, nearly all are queued and not lost."""
_LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(slots=True)
class Lost:
    """Compares our open work with the engine's rows, and deletes the engine's old ones."""

    store: Store
    engine: EngineRows
    give_up: Mapping[WorkKind, GiveUp]
    troubles: Troubles
    _forgot: datetime = field(default=_LONG_AGO)
    _compared: datetime = field(default=_LONG_AGO)
    _rest: timedelta = field(default=timedelta(0))

    async def sweep(self, now: datetime) -> None:
        """Give up what is lost. Our own rows are read again after the engine's: what ended between is not lost."""
        await self._forget(now)
        if abs(now - self._compared) < self._rest:
            return
        waiting = await self.store.open_work()
        self._compared, self._rest = now, _REST * max(0, len(waiting) - _EVERY_PASS)
        if not waiting:
            return
        words = await self.engine.state_of(waiting)
        suspects = [work for work in waiting if words.get(work) not in GOING]
        still = set(await self.store.open_work()) if suspects else set()
        for work in suspects:
            if work in still:
                await self._give_up(work, words.get(work, "not there"))

    async def _forget(self, now: datetime) -> None:
        """Delete the engine's old rows, once an hour or as long as there are many."""
        if abs(now - self._forgot) < _EVERY:
            return
        if await self.engine.forget_ended(now - KEPT, _AT_ONCE) < _AT_ONCE:
            self._forgot = now

    async def _give_up(self, work: OpenWork, word: str) -> None:
        await self.troubles.attempt("giving up lost work", work.case_id, self._given_up(work, word))

    async def _given_up(self, work: OpenWork, word: str) -> None:
        facts = {"kind": work.kind, "system": work.system, "attempt": work.attempt, "engine": word}
        async with self.store.begin() as tx:
            if await tx.note_once(work.case_id, f"lost:{work.kind}:{work.attempt}:{work.system}"):
                await tx.audit(work.case_id, "work lost", facts, {})
        await self.give_up[work.kind](work.case_id, work.attempt, work.system)
