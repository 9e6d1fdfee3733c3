"""Refusals that were only counted go into the audit once their hour is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.ports import Store


@dataclass(frozen=True, slots=True)
class RefusalCounts:
    """Writes one event for each person, act and hour in which more than one refusal was counted."""

    store: Store

    async def sweep(self, now: datetime) -> None:
        """Audit the counts of all hours before the present one, and forget them."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        async with self.store.begin() as tx:
            for one in await tx.take_refusal_counts(hour):
                if one.count > 1:
                    facts = {"user": one.user_id, "act": one.act, "hour": one.hour, "count": one.count}
                    await tx.audit(None, "refusals counted", facts, {})
