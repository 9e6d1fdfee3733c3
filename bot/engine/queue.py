"""Handing work over, and taking it back from an executor that is no more. Needs no executor in this process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, cast

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.engine.names import APP_VERSION, QUEUE, WORKFLOW
from bot.ports import Tx, WorkKind

_COUNTED_AFTER: Final = timedelta(hours=6)
_AFTER_LOOKS: Final = 1
"""Somebody who opens a case waits for its looks, which are short; they stand before any number of queued removals."""
_ROWS: Final = "workflow_status"


class _SqlTx(Protocol):
    connection: AsyncConnection


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Work that an executor has begun, by the engine's rows."""

    id: str
    executor: str


def migrate_engine(url: str) -> None:
    """Create or upgrade the engine's own tables; blocks. The database itself must be there."""
    DBOS.migrate(url)


@dataclass(slots=True)
class WorkQueue:
    """The port `Engine`, and what takes work over. `open` and `take_up` do without the engine's tables."""

    database: sa.Engine
    _client: DBOSClient | None = field(default=None, repr=False)

    async def open(self) -> None:
        """Connect."""
        self._client = await asyncio.to_thread(self._connect)

    def _connect(self) -> DBOSClient:
        return DBOSClient(system_database_engine=self.database, serializer=DBOSPortableJSONSerializer())

    async def aclose(self) -> None:
        """Disconnect; the database's engine stays its owner's."""
        client, self._client = self._client, None
        if client is not None:
            await asyncio.to_thread(client.destroy)

    async def enqueue(self, tx: Tx, kind: WorkKind, case_id: int, attempt: int, system: str) -> None:
        """Hand over one piece of work within the caller's transaction. Its id is unique for ever."""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"{kind}:{case_id}:{attempt}:{system}",
            "app_version": APP_VERSION,
            "queue_partition_key": system,
        }
        if kind is not WorkKind.LOOK:
            options["priority"] = _AFTER_LOOKS
        client = self._opened()
        connection = cast("_SqlTx", tx).connection
        await connection.run_sync(
            lambda sync: client.enqueue_in_transaction(sync, options, kind.value, case_id, attempt, system)
        )

    async def under_way(self) -> tuple[UnderWay, ...]:
        """Return all work that some executor has begun and not ended, whether that executor is alive or not."""
        found = await self._opened().list_workflows_async(
            status="PENDING", name=WORKFLOW, load_input=False, load_output=False
        )
        return tuple(UnderWay(status.workflow_id, str(status.executor_id)) for status in found)

    async def hand_back(self, work: UnderWay) -> None:
        """Put work back into the queue for any executor. Only where the one that began it does not go on."""
        await self._opened().resume_workflow_async(work.id, queue_name=QUEUE)

    async def take_up(self, executor: str) -> int:
        """Put back, in one commit, what an executor of this name had begun when it died; say how much.

        To be called before an executor starts under that name. By itself the engine puts work back piece by piece while
        it already takes new work out of the queue; in the queue, what was begun stands before what is newer of its
        kind. Work handed over more than six hours ago is left to the engine, which counts how often it is begun: so
        what ends the process each time is given up in the end.
        """
        if not await asyncio.to_thread(self._has_rows):
            return 0
        begun = await self._opened().list_workflows_async(
            status="PENDING",
            name=WORKFLOW,
            executor_id=executor,
            start_time=(datetime.now(UTC) - _COUNTED_AFTER).isoformat(),
            load_input=False,
            load_output=False,
        )
        if begun:
            await self._opened().resume_workflows_async([status.workflow_id for status in begun], queue_name=QUEUE)
        return len(begun)

    def _has_rows(self) -> bool:
        return sa.inspect(self.database).has_table(_ROWS)

    def _opened(self) -> DBOSClient:
        if self._client is None:
            raise RuntimeError("the queue was not opened")
        return self._client
