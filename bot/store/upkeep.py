"""What time asks of the database, as parts of the transaction and of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import chain_of
from bot.model import Recheck, WorkKind
from bot.ports.upkeep import OpenWork, RefusalCount
from bot.store import dialogs, notices, redaction, refusals
from bot.store.brakes import rechecks
from bot.store.tables import audit_chains, audit_events, work


class UpkeepOfTx:
    """The port `UpkeepTx`."""

    connection: AsyncConnection

    async def now(self) -> datetime:
        raise NotImplementedError

    async def _hold(self, case_id: int) -> None:
        raise NotImplementedError

    async def note_once(self, case_id: int, name: str, at: datetime | None = None) -> bool:
        await self._hold(case_id)
        return await notices.note_once(self.connection, case_id, name, at or await self.now())

    async def drop_note(self, case_id: int, name: str) -> None:
        await self._hold(case_id)
        await notices.drop_note(self.connection, case_id, name)

    def _changed(self, case_id: int) -> None:
        raise NotImplementedError

    async def write_last(self) -> None:
        raise NotImplementedError

    async def redact(self, case_id: int) -> int | None:
        await self._hold(case_id)
        await self.write_last()
        self._changed(case_id)
        return await redaction.redact(self.connection, case_id, await self.now())

    async def forget_refused(self, before: datetime) -> int:
        await self.write_last()
        return await redaction.forget_refused(self.connection, before)

    async def forget_dialogs(self, before: datetime) -> None:
        await dialogs.forget(self.connection, before)

    async def count_refusal(self, user_id: str, act: str) -> bool:
        return await refusals.count_refusal(self.connection, user_id, act, await self.now())

    async def take_refusal_counts(self, before: datetime) -> Sequence[RefusalCount]:
        return await refusals.take_counts(self.connection, before)

    async def set_flag(self, name: str, value: str) -> None:
        await notices.set_flag(self.connection, name, value)

    async def drop_flag(self, name: str) -> bool:
        return await notices.drop_flag(self.connection, name)

    async def number_after(self, case_id: int) -> None:
        await notices.number_after(self.connection, case_id)


class UpkeepOfStore:
    """The port `UpkeepStore`, but for the time."""

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        raise NotImplementedError

    async def due_cases(self, now: datetime) -> tuple[int, ...]:
        async with self.reading() as connection:
            return await notices.due_cases(connection, now)

    async def waiting(self) -> tuple[int, ...]:
        async with self.reading() as connection:
            return await notices.waiting(connection)

    async def reminded_not_yet(self, until: datetime) -> tuple[int, ...]:
        async with self.reading() as connection:
            return await notices.reminded_not_yet(connection, until)

    async def needing_people(self, since: datetime, last_note: str) -> tuple[int, ...]:
        async with self.reading() as connection:
            return await notices.needing_people(connection, since, last_note)

    async def notes(self, case_id: int) -> Mapping[str, datetime]:
        async with self.reading() as connection:
            return await notices.notes_of(connection, case_id)

    async def open_work(self) -> tuple[OpenWork, ...]:
        async with self.reading() as connection:
            return (*await _work(connection), *await _later_looks(connection))

    async def redactable(self, before: datetime, most: int) -> tuple[int, ...]:
        async with self.reading() as connection:
            return await redaction.redactable(connection, before, most)

    async def hash_at(self, case_id: int, seq: int) -> str | None:
        here = (audit_events.c.chain == chain_of(case_id)) & (audit_events.c.seq == seq)
        async with self.reading() as connection:
            found: bytes | None = await connection.scalar(select(audit_events.c.hash).where(here))
            return None if found is None else found.hex()

    async def mark(self, case_id: int) -> str:
        async with self.reading() as connection:
            here = select(audit_chains).where(audit_chains.c.name == chain_of(case_id))
            row = (await connection.execute(here)).one_or_none()
            return "" if row is None else f"{row.seq}:{row.hash.hex()[:16]}"

    async def last_case(self) -> int | None:
        async with self.reading() as connection:
            return await notices.last_case(connection)

    async def flag(self, name: str) -> str | None:
        async with self.reading() as connection:
            return await notices.flag(connection, name)


async def _work(connection: AsyncConnection) -> tuple[OpenWork, ...]:
    rows = await connection.execute(select(work).where(work.c.ended_at.is_(None)).order_by(work.c.id))
    return tuple(OpenWork(WorkKind(row.kind), row.case_id, row.attempt, row.system) for row in rows)


async def _later_looks(connection: AsyncConnection) -> tuple[OpenWork, ...]:
    """The later looks that somebody was sent to make."""
    taken = rechecks.c.taken_at.is_not(None) & rechecks.c.done_at.is_(None)
    rows = await connection.execute(select(rechecks).where(taken).order_by(rechecks.c.id))
    looks = (Recheck(row.id, row.case_id, row.system, row.name, row.due_at, row.tries) for row in rows)
    return tuple(OpenWork(WorkKind.RECHECK, look.case_id, look.number, look.system) for look in looks)
