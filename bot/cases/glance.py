"""One quick look at a system, before a person's word is taken that an account is gone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import ProviderError
from bot.guarded import Guarded
from bot.looks import known_accounts
from bot.model import CaseView, Sight
from bot.ports import Provider, Systems

_SECONDS = 1.5
"""The person's dialog waits, and Slack gives it three seconds in all."""


class Seen(StrEnum):
    """What the system said, in the words that stand beside the person's."""

    GONE = "read at that time: not there any more."
    STANDS = "read at that time: the account still stands."
    UNREADABLE = "the system could not be read at that time."


@dataclass(frozen=True, slots=True)
class Glance:
    """Reads and never changes anything."""

    systems: Systems

    async def at(self, view: CaseView, system: str) -> Seen:
        """Look for the accounts that have no good end in this system. Never raises."""
        frozen = view.case.system(system)
        now = next((found for found in self.systems.connected() if found.name == system), None)
        if frozen is None or now is None or now.identity != frozen.identity:
            return Seen.UNREADABLE
        try:
            async with asyncio.timeout(_SECONDS), self.systems.open(system) as provider:
                return await _look(Guarded(provider), view, system)
        except (ProviderError, TimeoutError):
            return Seen.UNREADABLE


async def _look(provider: Provider, view: CaseView, system: str) -> Seen:
    ended = {outcome.account_id for outcome in view.of_system(system) if outcome.ended_well}
    known = [account for account in known_accounts(view, system).values() if account.id not in ended]
    for account in known:
        if await provider.read(account) is not None:
            return Seen.STANDS
    found = await provider.find(view.case.leaver)
    if any(account.id not in ended for account in found.accounts):
        return Seen.STANDS
    return Seen.GONE if found.sight is Sight.FULL else Seen.UNREADABLE
