"""Very many leavers at once: how much longer the bot takes than the calls themselves, on either kind of database."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.bare import with_places
from bench.child import Child, Place, child
from bench.crowd import AT_ONCE, BOT_CORE, SYSTEMS, Crowd, crowd
from bench.figures import Goal, Row
from bench.postgres import server

LEAVERS = 100
_WARM_UP = 10
_MOST = Goal("ratio", 1.5)
_HOLD = 0.05


async def bulk(leavers: int = LEAVERS) -> list[Row]:
    """Take that many through five systems, on SQLite and on Postgres; the calls alone, made bare, are the floor."""
    rows = []
    for label, place in (("SQLite", _nowhere), ("Postgres", server)):
        async with place() as url, crowd(_mails(leavers), url) as around, around.bot() as bot:
            rows += await _through(around, bot, leavers, label)
    return rows


@asynccontextmanager
async def _nowhere() -> AsyncIterator[str | None]:
    """Let the database be a file."""
    yield None


def _mails(leavers: int) -> list[str]:
    """Return one for the record of its calls, some to warm up, as many for the bot as for the floor."""
    return [f"leaver{number:05}@acme.test" for number in range(1 + _WARM_UP + 2 * leavers)]


async def _through(around: Crowd, bot: Child, leavers: int, label: str) -> list[Row]:
    mails = _mails(leavers)
    first, warm, mine, floors = mails[0], mails[1 : 1 + _WARM_UP], mails[1 + _WARM_UP : -leavers], mails[-leavers:]
    calls = await _recorded(around, bot, first)
    await _carried_out(around, bot, warm, 1 + _WARM_UP)
    floor = await _bare(around, calls, floors)
    figures = await _carried_out(around, bot, mine, 1 + _WARM_UP + leavers)
    left = (await around.yard.ask({}))["left"]
    ratio = figures["last outcome"] / floor
    what = f"{leavers} leavers, {SYSTEMS} systems, {label}"
    return [
        Row(what, "s", {"last outcome": figures["last outcome"]}, floor=floor, ratio=ratio, goal=_MOST),
        Row(f"{what}: processor a case", "s", {"removal": figures["spent"] / leavers}),
        Row(f"{what}: accounts left", "", {"all": leavers * SYSTEMS, "left": sum(left)}, goal=Goal("left", 0)),
    ]


async def _recorded(around: Crowd, bot: Child, mail: str) -> list[tuple[str, str, str]]:
    """Carry out one case alone; the calls of its removal in the first system, with places for anybody."""
    await bot.ask({"do": "open", "mails": [mail]})
    await around.yard.ask({})
    await bot.ask({"do": "approve"})
    await around.ended(1, poll=_HOLD)
    calls = (await around.yard.ask({"calls": True}))["calls"]
    return with_places(calls, mail, around.systems[0]["ids"][mail])


async def _carried_out(around: Crowd, bot: Child, mails: list[str], ended: int) -> dict[str, float]:
    """Open, approve and wait; seconds from the last approval to the last outcome, and processor seconds meanwhile."""
    await bot.ask({"do": "open", "mails": mails})
    before = (await bot.ask({"do": "spent"}))["spent"]
    approved = await bot.ask({"do": "approve"})
    last = await around.ended(ended)
    spent = (await bot.ask({"do": "spent"}))["spent"] - before
    return {"last outcome": last - approved["at"], "all": last - approved["from"], "spent": spent}


async def _bare(around: Crowd, calls: list[tuple[str, str, str]], mails: list[str]) -> float:
    servers: list[dict[str, Any]] = [{"url": one["url"], "ids": one["ids"]} for one in around.systems]
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(child("bench.bare", Place(core=BOT_CORE)))
        asked = {"servers": servers, "mails": mails, "calls": calls, "at_once": AT_ONCE}
        return float((await client.ask(asked))["seconds"])
