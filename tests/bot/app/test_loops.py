"""What goes on beside the work."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from bot.app.build import Parts
from bot.app.loops import sweep_once


async def test_a_pass_is_made_at_the_time_that_the_database_tells_and_not_at_ours() -> None:
    told, swept = datetime(2020, 1, 1, tzinfo=UTC), list[datetime]()

    async def now() -> datetime:
        return told

    async def sweep(at: datetime) -> None:
        swept.append(at)

    parts = SimpleNamespace(store=SimpleNamespace(now=now), sweeper=SimpleNamespace(sweep=sweep))
    await sweep_once(cast("Parts", parts))

    assert swept == [told]
