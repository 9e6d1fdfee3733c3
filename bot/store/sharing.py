"""What processes at one database share, as a part of the store: places, turns at a vendor, the daily looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import canaries, slots, turns
from bot.store.slots import Now, Place
from bot.store.tx import SqlTx


class SharingOfStore:
    """Every method is one commit, by the database's clock on Postgres and by ours on SQLite."""

    def begin(self, *, ahead: bool = False) -> AbstractAsyncContextManager[SqlTx]:
        raise NotImplementedError

    def at_once(self) -> AbstractAsyncContextManager[tuple[AsyncConnection, Now]]:
        raise NotImplementedError

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        raise NotImplementedError

    async def lease(self, name: str, holder: str, ttl: timedelta) -> int | None:
        """Take a named place for a time; the fencing number, or None where somebody has it."""
        async with self.at_once() as (connection, now):
            return await slots.lease(connection, name, holder, now, ttl)

    async def renew(self, name: str, holder: str, fence: int, ttl: timedelta) -> bool:
        """Hold a place longer; False where it was lost: then stop working."""
        async with self.at_once() as (connection, now):
            return await slots.renew(connection, name, holder, fence, now, ttl)

    async def release(self, name: str, holder: str, fence: int) -> None:
        """Give a place back."""
        async with self.at_once() as (connection, _):
            await slots.release(connection, name, holder, fence)

    async def held(self, beginning: str) -> tuple[Place, ...]:
        """Return the places whose names begin so and that somebody holds at the moment."""
        async with self.begin() as tx:
            return await slots.held(tx.connection, beginning, await tx.now())

    async def quiesce(self, names: Sequence[str]) -> None:
        """Wait until no transaction is open any more that rests on one of these places. Postgres alone."""
        async with self.begin() as tx:
            await slots.quiesce(tx.connection, names)

    async def take(self, key: str, calls: int, per: float) -> float:
        """Take the next free turn under a key, of so many in so many seconds; return the seconds until it comes."""
        async with self.begin(ahead=True) as tx:
            wait = await turns.take(tx.connection, key, calls, timedelta(seconds=per), await tx.now())
            return wait.total_seconds()

    async def take_look(self, system: str, every: timedelta) -> bool:
        """Take the regular look into a system where it is due and nobody else took it."""
        async with self.begin() as tx:
            return await canaries.take(tx.connection, system, every, await tx.now())

    async def note_look(self, system: str, *, well: bool) -> bool | None:
        """Note what came of it; return what came of the one before, None where there was none."""
        async with self.begin() as tx:
            return await canaries.note(tx.connection, system, well=well)

    async def looks(self) -> Mapping[str, bool]:
        """Say of each system that was looked into whether it was well."""
        async with self.reading() as connection:
            return await canaries.found(connection)
