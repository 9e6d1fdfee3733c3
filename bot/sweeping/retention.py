"""Old cases are redacted: what is personal is deleted, and the chain still verifies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Store
from bot.sweeping.troubles import Troubles

_AT_ONCE = 20
_DIALOGS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """Redacts what ended longer ago than `keep`."""

    store: Store
    keep: timedelta
    troubles: Troubles

    async def sweep(self, now: datetime) -> None:
        """Redact a few of the oldest cases, and what is as old in the chain of refusals."""
        before = now - self.keep
        for case_id in await self.store.redactable(before, _AT_ONCE):
            await self.troubles.attempt("the redaction", case_id, self._redact(case_id))
        async with self.store.begin() as tx:
            await tx.forget_dialogs(now - _DIALOGS_KEPT)
            values = await tx.forget_refused(before)
            if values:
                await tx.audit(None, "redacted", {"values": values, "before": before}, {})

    async def _redact(self, case_id: int) -> None:
        async with self.store.begin() as tx:
            await tx.case(case_id)
            values = await tx.redact(case_id)
            if values is not None:
                facts = {"values": values, "kept_for_seconds": int(self.keep.total_seconds())}
                await tx.audit(case_id, "redacted", facts, {})
