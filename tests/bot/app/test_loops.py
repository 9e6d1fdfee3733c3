"""What goes on beside the work."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from bot.app.build import Parts
from bot.app.loops import sweep, sweep_once
from handlers.identity import NotReachable


async def test_a_pass_is_made_at_the_time_that_the_database_tells_and_not_at_ours() -> None:
    told, swept = datetime(2020, 1, 1, tzinfo=UTC), list[datetime]()

    async def now() -> datetime:
        return told

    async def sweep(at: datetime) -> None:
        swept.append(at)

    parts = SimpleNamespace(store=SimpleNamespace(now=now), sweeper=SimpleNamespace(sweep=sweep))
    await sweep_once(cast("Parts", parts))

    assert swept == [told]


async def test_time_does_nothing_before_the_database_could_be_compared_with_slack() -> None:
    did, swept = list[str](), asyncio.Event()

    async def now() -> datetime:
        return datetime(2020, 1, 1, tzinfo=UTC)

    async def look_once() -> None:
        did.append("asked Slack")
        if len(did) < 3:
            raise NotReachable

    async def sweep_it(_at: datetime) -> None:
        did.append("swept")
        swept.set()

    parts = SimpleNamespace(
        store=SimpleNamespace(now=now),
        sweeper=SimpleNamespace(sweep=sweep_it),
        restored=SimpleNamespace(look_once=look_once),
        sharing=SimpleNamespace(sweeper=None, timing=SimpleNamespace(sweep=0)),
        signer=None,
    )
    sweeping = asyncio.create_task(sweep(cast("Parts", parts)))
    await swept.wait()
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)

    assert did[:4] == ["asked Slack"] * 3 + ["swept"]
    assert "asked Slack" not in did[4:]
