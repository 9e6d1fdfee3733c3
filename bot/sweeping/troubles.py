"""A case at which the sweeper fails again and again: told to the admins once, and the others are kept from nothing."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Final

from bot.policy import Policy
from bot.ports import People, Reporter, Store
from bot.quiet import tell, told_directly

log = logging.getLogger(__name__)

TRIES: Final = 12
"""Failures one after the other, a few seconds apart, until people are called."""
_NOTE: Final = "trouble"
_SAYS: Final = "The bot fails at this case in every pass and does not get on with it. Its log says where. Please look."


@dataclass(frozen=True, slots=True)
class Troubles:
    """Counts, for this process, how often what is done at a case has failed without a success between."""

    store: Store
    people: People
    policy: Policy
    reporter: Reporter
    _failures: dict[tuple[str, int], int] = field(default_factory=dict)

    async def attempt(self, what: str, case_id: int, work: Awaitable[object]) -> None:
        """Do something at one case. Never raises: a failure is logged, and the twelfth in a row told to the admins."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 — one broken case must not keep the others from their time
            # Only the type: the text of a stray error may quote what people typed.
            log.error("%s failed at case %s: %s; it is tried again", what, case_id, type(error).__name__)  # noqa: TRY400 — the same
            await self._failed(what, case_id)
        else:
            self._failures.pop((what, case_id), None)

    async def _failed(self, what: str, case_id: int) -> None:
        count = self._failures.get((what, case_id), 0) + 1
        self._failures[what, case_id] = count
        if count % TRIES:
            return
        try:
            await self._tell(case_id)
        except Exception as error:  # noqa: BLE001 — Slack or the database is away: after as many failures it is tried again
            log.warning("nobody could be told that case %s fails: %s", case_id, type(error).__name__)

    async def _tell(self, case_id: int) -> None:
        if _NOTE in await self.store.notes(case_id):
            return
        admins = await self._admins(case_id)
        async with self.store.begin() as tx:
            if not await tx.note_once(case_id, _NOTE):
                return
            await tx.audit(case_id, "the bot fails at this case", {"told": sorted(admins)}, {})
            await tell(tx, case_id, _NOTE, admins, _SAYS)
        self.reporter.wake()

    async def _admins(self, case_id: int) -> tuple[str, ...]:
        """Return whom to tell. A case that cannot be read names no leaver, and the message nothing but its number."""
        try:
            view = await self.store.view(case_id)
        except ValueError:
            view = None
        if view is not None:
            return await told_directly(self.people, self.policy, view.case.leaver)
        return tuple(sorted((await self.people.members(self.policy.admins)).why))
