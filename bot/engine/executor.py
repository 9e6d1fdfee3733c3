"""Running the work that was handed over. One executor in a process at a time; its work runs on the loop it started on.

DBOS gives a restarted executor its own unfinished work back, so a name must be unique among live processes.
"""

from __future__ import annotations

import asyncio
import logging
import math
import traceback
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from bot.engine.names import APP_VERSION, QUEUE, WORKFLOW
from bot.errors import Fenced
from bot.ports import WorkKind

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.2
_TRIES = 6
_THREADS = 16
_SECONDS_TO_LET_GO = 3

Work = Callable[[int, int, str], Awaitable[None]]


@dataclass(slots=True)
class Executor:
    """`work` and `give_up` are called with case, attempt and system. `at_once` pieces run side by side in a system."""

    database: sa.Engine
    work: Mapping[WorkKind, Work]
    give_up: Mapping[WorkKind, Work]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    at_once: int = 16
    _running: set[asyncio.Task[Any]] = field(default_factory=set, repr=False)
    _ending: bool = False

    async def start(self, name: str) -> None:
        """Create the engine's tables where they are missing, take up this name's unfinished work, begin to listen."""
        config: DBOSConfig = {
            "name": "offboard",
            "system_database_engine": self.database,
            "application_version": APP_VERSION,
            "executor_id": name,
            "serializer": DBOSPortableJSONSerializer(),
            "max_executor_threads": _THREADS,
            "log_level": "ERROR",
        }
        self._ending = False
        DBOS(config=config)
        DBOS.workflow(name=WORKFLOW)(self._workflow())
        DBOS.launch()
        await DBOS.register_queue_async(
            QUEUE,
            partition_worker_concurrency=self.at_once,
            polling_interval_sec=_POLL_SECONDS,
            on_conflict="always_update",
        )

    async def stop(self, seconds: float = 0.0) -> None:
        """Begin nothing new, let what runs end for that long, and let go of the rest.

        What is let go stays with this executor's name in the engine's rows, as after a crash.
        """
        # DBOS has made its threads the loop's own and is about to end them: others on the loop need threads meanwhile.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS))
        patience = math.ceil(seconds) + _SECONDS_TO_LET_GO if self._running else 0
        self._ending = not self._running
        destroying = asyncio.create_task(
            asyncio.to_thread(DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=patience)
        )
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        self._ending = True
        for task in self._running:
            task.cancel()
        await destroying
        # A workflow that began meanwhile has made DBOS's threads the loop's own once more, and those have ended.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS))

    def _workflow(self) -> Callable[[str, int, int, str], Awaitable[None]]:
        """Return the workflow. It has no steps of its own: what was done stands in our rows, which it reads first."""
        persist = self._persist

        async def work_in_system(kind: str, case_id: int, attempt: int, system: str) -> None:
            await persist(kind, case_id, attempt, system)

        return work_in_system

    async def _persist(self, kind: str, case_id: int, attempt: int, system: str) -> None:
        """Carry out one piece of work; where it may not be ended here, leave it unended in the engine's rows too."""
        task = asyncio.current_task()
        if self._ending or task is None:
            raise asyncio.CancelledError
        self._running.add(task)
        try:
            await self._try(kind, case_id, attempt, system)
        except Fenced as error:
            log.warning("%s in %s of case %s is let go: %s", kind, system, case_id, error)
            raise asyncio.CancelledError from None
        finally:
            self._running.discard(task)

    async def _try(self, kind: str, case_id: int, attempt: int, system: str) -> None:
        """It looks before it sends, so a failed try may be repeated here.

        Where not even the giving up can be noted the database takes nothing: then it is tried as long as that lasts.
        Ended here without a note, it would stand in the engine's rows as going on, and nobody would go on with it.
        """
        tried = 0
        while not await self._done(kind, case_id, attempt, system, tried + 1):
            await self.sleep(float(2 ** min(tried, _TRIES - 1)))
            tried += 1
            if tried >= _TRIES and await self._gave_up(kind, case_id, attempt, system):
                return

    async def _done(self, kind: str, case_id: int, attempt: int, system: str, tried: int) -> bool:
        try:
            await self.work[WorkKind(kind)](case_id, attempt, system)
        except Fenced:
            raise
        except Exception as error:  # noqa: BLE001 — whatever failed, it is tried again and then a person's task
            what = f"{kind} in {system} of case {case_id} failed, try {tried} of {max(tried, _TRIES)}"
            log.error("%s: %s", what, _where(error))  # noqa: TRY400 — the error's text may hold personal data
            return False
        return True

    async def _gave_up(self, kind: str, case_id: int, attempt: int, system: str) -> bool:
        try:
            await self.give_up[WorkKind(kind)](case_id, attempt, system)
        except Fenced:
            raise
        except Exception as error:  # noqa: BLE001 — whatever it is, the work is not ended
            log.error("%s in %s of case %s could not be given up: %s", kind, system, case_id, _where(error))  # noqa: TRY400 — the same
            return False
        return True


def _where(error: Exception) -> str:
    """Say what kind of error was raised in which line, without its text."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, {Path(last.filename).name}:{last.lineno}"
