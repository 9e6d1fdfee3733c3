"""A bot that is killed with very many cases under way: how soon all of it moves again, and that none is lost."""

from __future__ import annotations

import time

from bench.crowd import SYSTEMS, Crowd, crowd
from bench.figures import Goal, Row
from bench.until import until

CASES = 1000
_PART = 0.1
_POLL = 0.1
_MOST, _NONE = Goal("until all move", 10.0), Goal("lost", 0)


async def restarted(cases: int = CASES) -> list[Row]:
    """Approve so many, kill the bot when a tenth of the removals has ended, start it again and let it end them."""
    mails = [f"leaver{number:05}@acme.test" for number in range(cases)]
    async with crowd(mails) as around:
        async with around.bot() as bot:
            await bot.ask({"do": "open", "mails": mails})
            await bot.ask({"do": "approve"})

            async def some_ended() -> bool:
                return await around.records.removals_ended() >= _PART * cases * SYSTEMS

            await until(some_ended, _POLL)
            await bot.kill()
        caught = await around.records.under_way()
        if not caught:
            raise ValueError("nothing was under way at the kill")
        began = time.time()
        async with around.bot() as bot:
            seconds = await _all_move(around, caught, began)
            await around.ended(cases)
            lost = cases - (await bot.ask({"do": "states"})).get("closed", 0)
        left = (await around.yard.ask({}))["left"]
    counts = {"caught in the middle": len(caught), "lost": lost, "accounts left": sum(left)}
    return [
        Row(f"restart with {cases} cases running", "s", {"until all move": seconds}, goal=_MOST),
        Row("the same: removals caught, cases lost", "", counts, goal=_NONE),
    ]


async def _all_move(around: Crowd, caught: frozenset[tuple[int, str]], began: float) -> float:
    """Wait until every removal that was under way has said or done something; seconds since the start."""

    async def moved() -> bool:
        return caught <= await around.records.moved_since(began)

    await until(moved, _POLL)
    return time.time() - began
