"""The Engine port on DBOS: hands work over in the domain's own transaction and runs it at least once.

No workflow waits for a person and none has children: one workflow is one look or one removal in one system, with a
single step that looks before it sends. `docs/decisions/engine.md` says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Tx, WorkKind

log = logging.getLogger(__name__)

QUEUE = "systems"
WORKFLOW = "work_in_system"
APP_VERSION = "1"
"""Pinned: DBOS strands all open work where this changes. New behaviour gets a new workflow name instead."""

_POLL_SECONDS = 0.1
_AT_ONCE_PER_SYSTEM = 16
_TRIES = 6
_THREADS = 16

Work = Callable[[int, int, str], Awaitable[None]]


class _SqlTx(Protocol):
    connection: AsyncConnection


@dataclass(slots=True)
class DbosEngine:
    """One engine of this process. `start` needs a running loop; all work runs on that loop.

    `executor` must be unique among live processes: DBOS gives a restarted executor its own unfinished work back.
    """

    database: sa.Engine
    executor: str
    work: Mapping[WorkKind, Work]
    give_up: Mapping[WorkKind, Work]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _client: DBOSClient | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Create the engine's own tables where they are missing, take up unfinished work and begin to listen."""
        config: DBOSConfig = {
            "name": "offboard",
            "system_database_engine": self.database,
            "application_version": APP_VERSION,
            "executor_id": self.executor,
            "serializer": DBOSPortableJSONSerializer(),
            "max_executor_threads": _THREADS,
            "log_level": "ERROR",
        }
        DBOS(config=config)
        DBOS.workflow(name=WORKFLOW)(self._workflow())
        DBOS.launch()
        await DBOS.register_queue_async(
            QUEUE,
            partition_worker_concurrency=_AT_ONCE_PER_SYSTEM,
            polling_interval_sec=_POLL_SECONDS,
            on_conflict="always_update",
        )
        self._client = await asyncio.to_thread(self._connect)

    def _connect(self) -> DBOSClient:
        return DBOSClient(system_database_engine=self.database, serializer=DBOSPortableJSONSerializer())

    async def stop(self) -> None:
        """Stop listening; work in progress is taken up again at the next start."""
        client, self._client = self._client, None
        if client is not None:
            await asyncio.to_thread(client.destroy)
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)

    async def enqueue(self, tx: Tx, kind: WorkKind, case_id: int, attempt: int, system: str) -> None:
        """Hand over one piece of work within the caller's transaction. Its id is unique for ever."""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"{kind}:{case_id}:{attempt}:{system}",
            "app_version": APP_VERSION,
            "queue_partition_key": system,
        }
        client = self._client
        if client is None:
            raise RuntimeError("the engine was not started")
        connection = cast("_SqlTx", tx).connection
        await connection.run_sync(
            lambda sync: client.enqueue_in_transaction(sync, options, kind.value, case_id, attempt, system)
        )

    def _workflow(self) -> Callable[[str, int, int, str], Awaitable[None]]:
        persist = self._persist

        @DBOS.step(name="carry_out")
        async def step(kind: str, case_id: int, attempt: int, system: str) -> None:
            await persist(kind, case_id, attempt, system)

        async def work_in_system(kind: str, case_id: int, attempt: int, system: str) -> None:
            await step(kind, case_id, attempt, system)

        return work_in_system

    async def _persist(self, kind: str, case_id: int, attempt: int, system: str) -> None:
        """Carry out one piece of work; it looks before it sends, so a failed try may be repeated here."""
        for tried in range(_TRIES):
            try:
                await self.work[WorkKind(kind)](case_id, attempt, system)
            except Exception:
                log.exception("%s in %s of case %s failed, try %s of %s", kind, system, case_id, tried + 1, _TRIES)
                await self.sleep(float(2**tried))
            else:
                return
        await self.give_up[WorkKind(kind)](case_id, attempt, system)
