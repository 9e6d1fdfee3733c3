"""What the engine's own rows say of the work that was handed over, on the engine's tables in each database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from dbos import DBOSClient

from bot.engine import WorkQueue, migrate_engine
from bot.engine_rows import DbosRows, id_of
from bot.model import WorkKind
from bot.ports import OpenWork
from bot.store import SqlStore, open_store, sync_engine_for_dbos

LOOK = OpenWork(WorkKind.LOOK, 1, 0, "crm")
REMOVE = OpenWork(WorkKind.REMOVE, 1, 1, "crm")
NEVER = OpenWork(WorkKind.REMOVE, 2, 1, "crm")


@dataclass
class Desk:
    """A queue that hands work over in a transaction, and the rows under test."""

    store: SqlStore
    queue: WorkQueue
    rows: DbosRows
    client: DBOSClient

    async def hand_over(self, work: OpenWork) -> None:
        async with self.store.begin() as tx:
            await self.queue.enqueue(tx, work.kind, work.case_id, work.attempt, work.system)


@pytest.fixture
async def desk(migrated_url: str) -> AsyncIterator[Desk]:
    await asyncio.to_thread(migrate_engine, migrated_url)
    store, database = await open_store(migrated_url), sync_engine_for_dbos(migrated_url)
    queue, rows = WorkQueue(database), DbosRows(database)
    await queue.open()
    client = await asyncio.to_thread(lambda: DBOSClient(system_database_engine=database))
    yield Desk(store, queue, rows, client)
    await rows.aclose()
    await queue.aclose()
    await asyncio.to_thread(client.destroy)
    await store.aclose()
    database.dispose()


async def test_work_that_was_handed_over_waits_and_other_work_is_not_there(desk: Desk) -> None:
    await desk.hand_over(LOOK)

    assert await desk.rows.state_of([LOOK, NEVER]) == {LOOK: "ENQUEUED"}


async def test_work_that_was_cancelled_is_said_to_be(desk: Desk) -> None:
    await desk.hand_over(LOOK)
    await desk.client.cancel_workflow_async(id_of(LOOK))

    assert await desk.rows.state_of([LOOK]) == {LOOK: "CANCELLED"}


async def test_more_work_than_is_asked_for_at_once_is_found(desk: Desk) -> None:
    many = [OpenWork(WorkKind.LOOK, number, 0, "crm") for number in range(1, 131)]
    for work in (many[0], many[-1]):
        await desk.hand_over(work)

    assert await desk.rows.state_of(many) == {many[0]: "ENQUEUED", many[-1]: "ENQUEUED"}


async def test_only_what_ended_long_ago_is_deleted(desk: Desk) -> None:
    for work in (LOOK, REMOVE):
        await desk.hand_over(work)
    await desk.client.cancel_workflow_async(id_of(LOOK))

    now = datetime.now(UTC)
    assert await desk.rows.forget_ended(now - timedelta(minutes=5), 10) == 0
    assert await desk.rows.forget_ended(now + timedelta(minutes=5), 10) == 1

    assert await desk.rows.state_of([LOOK, REMOVE]) == {REMOVE: "ENQUEUED"}
