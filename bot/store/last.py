"""What a transaction writes at its end, all at once: the events of the audit, and the messages that are wanted.

Both come several to a transaction; one by one they would be most of its statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import chains, outbox
from bot.store.chains import Entry
from bot.store.outbox import Wish


@dataclass(slots=True)
class Last:
    """Keeps what is to be written until `write`. What reads these rows in the same transaction writes them first."""

    connection: AsyncConnection
    _entries: dict[str, list[Entry]] = field(default_factory=dict)
    _wishes: dict[tuple[int, str], Wish] = field(default_factory=dict)

    def enter(
        self, chain: str, at: datetime, kind: str, facts: Mapping[str, object], personal: Mapping[str, str]
    ) -> None:
        """Take an event for a chain; events of one chain keep their order."""
        self._entries.setdefault(chain, []).append(Entry(at, kind, dict(facts), dict(personal)))

    def want(self, wish: Wish) -> None:
        """Take a message; one that is wanted twice is wanted once, with the text that was given last."""
        before = self._wishes.pop((wish.case_id, wish.key), None)
        self._wishes[wish.case_id, wish.key] = wish if before is None else wish.after(before)

    async def write(self) -> None:
        """Write it all. Raises TypeError where a fact has no one spelling."""
        entries, wishes = self._entries, self._wishes
        self._entries, self._wishes = {}, {}
        if wishes:
            await outbox.want(self.connection, wishes.values())
        # In one order everywhere, so that no two transactions hold a chain each and wait for the other's.
        for name in sorted(entries):
            await chains.append(self.connection, name, entries[name])
