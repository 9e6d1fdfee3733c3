"""A database that was put back from a copy: what Slack has seen of it since then says so, and nothing is sent.

The messages in Slack carry how far the audit had gone. Where they are ahead of the database, removals and due starts
wait until an admin goes on with this database as it is.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.errors import OffboardError
from bot.policy import Policy
from bot.ports import People, Reporter, Store, Tx
from bot.ports.told import Mark, Told
from bot.quiet import tell

log = logging.getLogger(__name__)

HELD: Final = "restored"
"""The flag under which the marks stand that are ahead of the database, until an admin has answered."""
_ACCEPTED: Final = "restored_accepted"
_AGAIN: Final = 5.0
_FREE_SECONDS: Final = 1.0
_WAITS: Final = "waits: Slack has seen more of this database than it holds; an admin has to say how to go on"
SAYS: Final = (
    "Slack shows later events than the database holds: it was put back from an older copy, or is another one. "
    "Nothing is taken away until an admin goes on with it."
)
OLDER: Final = "older than what stands in Slack; an admin has to go on with it (see the direct message)"
"""How it is said where the operator looks."""

Work = Callable[[int, int, str], Awaitable[None]]


async def is_held(store: Store) -> bool:
    """Whether nothing may be sent because the database is older than what was said about it."""
    return await store.flag(HELD) is not None


@dataclass(slots=True)
class Restored:
    """Compares the database with what stands in Slack: once a process, before anything is sent."""

    store: Store
    people: People
    policy: Policy
    reporter: Reporter
    told: Told
    _looked: bool = False
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sweep(self, now: datetime) -> None:
        """Look in the first pass of this process, whatever the time is."""
        del now
        await self.look_once()

    async def look_once(self) -> None:
        """Compare, unless this process did. Raises OffboardError where Slack does not answer; then nothing is known."""
        async with self._one:
            if not self._looked:
                await self._look()
                self._looked = True

    async def _look(self) -> None:
        marks = await self.told.marks()
        accepted = _accepted(await self.store.flag(_ACCEPTED))
        ahead = [one for one in marks if one.seq > accepted.get(one.case_id, -1) and await self._is_ahead(one)]
        if not ahead:
            return
        known = await self.store.last_case()
        admins = (await self.people.members(self.policy.admins)).why if known is not None else ()
        async with self.store.begin() as tx:
            await tx.number_after(max(mark.case_id for mark in marks))
            held = {"cases": len(ahead), "newest": max(mark.case_id for mark in ahead), "held": known is not None}
            await tx.audit(None, "Slack is ahead of the database", held, {})
            if known is None:
                # Nothing of an empty database can be resumed: only the numbers must not be given twice.
                await tx.set_flag(_ACCEPTED, _written(ahead))
                return
            await tx.set_flag(HELD, _written(ahead))
            await tell(tx, known, f"restored:{int((await tx.now()).timestamp())}", admins, SAYS)
        log.error("the database is older than what stands in Slack; nothing is sent until an admin goes on with it")
        self.reporter.wake()

    async def _is_ahead(self, mark: Mark) -> bool:
        """Whether our chain does not go so far, or went another way."""
        found = await self.store.hash_at(mark.case_id, max(mark.seq, 1))
        return found is None or not found.startswith(mark.head)


@dataclass(slots=True)
class Gate:
    """Keeps work that sends something until the database was compared and, where it is held, released.

    Every process compares for itself before its first work; the flag of another one is seen within a second.
    """

    restored: Restored
    store: Store
    reporter: Reporter
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    _free_until: float = 0.0

    def before(self, work: Work) -> Work:
        """Return the work with the wait before it."""

        async def after_the_gate(case_id: int, attempt: int, system: str) -> None:
            await self._compared()
            await self._released(case_id, system)
            await work(case_id, attempt, system)

        return after_the_gate

    async def _compared(self) -> None:
        while True:
            try:
                await self.restored.look_once()
            except OffboardError:
                log.warning("Slack does not answer, so the database was not compared with it; nothing is sent yet")
                await self.sleep(_AGAIN)
            else:
                return

    async def _released(self, case_id: int, system: str) -> None:
        if self.clock() < self._free_until:
            return
        said = False
        while await is_held(self.store):
            if not said:
                await self._say(case_id, system, _WAITS)
            said = True
            await self.sleep(_AGAIN)
        if said:
            await self._say(case_id, system, "")
        self._free_until = self.clock() + _FREE_SECONDS

    async def _say(self, case_id: int, system: str, text: str) -> None:
        async with self.store.begin() as tx:
            await tx.note_work(case_id, system, text)
            await tx.want(case_id, "progress")
        self.reporter.wake()


async def go_on(tx: Tx, store: Store) -> bool:
    """Release a held database within the caller's transaction; False where it is not held (any more)."""
    ahead, before = await store.flag(HELD), await store.flag(_ACCEPTED)
    if ahead is None or not await tx.drop_flag(HELD):
        return False
    await tx.set_flag(_ACCEPTED, _written([*_read(before), *_read(ahead)]))
    return True


def _accepted(text: str | None) -> dict[int, int]:
    """Return up to which event of each case an admin has taken Slack's being ahead for granted."""
    furthest: dict[int, int] = {}
    for mark in _read(text):
        furthest[mark.case_id] = max(mark.seq, furthest.get(mark.case_id, 0))
    return furthest


def _written(marks: Iterable[Mark]) -> str:
    return json.dumps([[mark.case_id, mark.seq, mark.head] for mark in marks])


def _read(text: str | None) -> Sequence[Mark]:
    return [Mark(int(case), int(seq), str(head)) for case, seq, head in json.loads(text or "[]")]
