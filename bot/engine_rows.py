"""What the engine keeps of work: the port `EngineRows` on DBOS, by its public client alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer

from bot.ports import OpenWork

_ENDS = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_AT_ONCE = 100


class DbosRows:
    """Reads and deletes the engine's rows. `aclose` closes its client, never the engine of the database."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._client: DBOSClient | None = None
        self._one = asyncio.Lock()

    async def state_of(self, works: Sequence[OpenWork]) -> Mapping[OpenWork, str]:
        by_id = {id_of(work): work for work in works}
        ids, client, found = list(by_id), await self._connected(), {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            rows = await client.list_workflows_async(workflow_ids=some, load_input=False, load_output=False)
            found.update({by_id[row.workflow_id]: str(row.status) for row in rows})
        return found

    async def forget_ended(self, before: datetime, most: int) -> int:
        client = await self._connected()
        rows = await client.list_workflows_async(
            status=_ENDS, completed_before=before.isoformat(), limit=most, load_input=False, load_output=False
        )
        ids = [row.workflow_id for row in rows]
        if ids:
            await client.delete_workflows_async(ids)
        return len(ids)

    async def _connected(self) -> DBOSClient:
        async with self._one:
            if self._client is None:
                self._client = await asyncio.to_thread(self._connect)
            return self._client

    def _connect(self) -> DBOSClient:
        return DBOSClient(system_database_engine=self._database, serializer=DBOSPortableJSONSerializer())

    async def aclose(self) -> None:
        """Let the client go."""
        client, self._client = self._client, None
        if client is not None:
            await asyncio.to_thread(client.destroy)


def id_of(work: OpenWork) -> str:
    """The name under which the engine keeps it."""
    return f"{work.kind}:{work.case_id}:{work.attempt}:{work.system}"
