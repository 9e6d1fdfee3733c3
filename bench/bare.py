"""`python -m bench.bare`: makes given calls with bare aiohttp, and nothing else: no engine, no database.

Asked with `servers` (each `url` and `ids` by mail), `mails`, `calls` (method, path, body, with places to fill in) and
`at_once`, it takes the mails through the calls on every server at the same time, so many mails at once on each.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiohttp import ClientSession, TCPConnector
from yarl import URL

from bench.child import answer_all

MAIL, LOGIN, ID = "{mail}", "{login}", "{id}"
_JSON = {"Content-Type": "application/json"}

Call = tuple[str, str, str]


def with_places(calls: Sequence[Sequence[str]], mail: str, ident: str) -> list[Call]:
    """Return recorded calls with places where this person's mail, log-in and id stood."""
    login = mail.partition("@")[0]

    def opened(text: str) -> str:
        return text.replace(ident, ID).replace(mail, MAIL).replace(f"{login}@", f"{LOGIN}@")

    return [(method, opened(path), opened(body)) for method, path, body in calls]


def filled(call: Sequence[str], mail: str, ident: str) -> Call:
    """Return a call with its places filled in."""
    method, path, body = call
    login = mail.partition("@")[0]

    def closed(text: str) -> str:
        return text.replace(ID, ident).replace(MAIL, mail).replace(LOGIN, login)

    return method, closed(path), closed(body)


async def _answer(question: dict[str, Any]) -> object:
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(_on(session, server, question) for server in question["servers"]))
        return {"seconds": time.perf_counter() - began}


async def _on(session: ClientSession, server: dict[str, Any], question: dict[str, Any]) -> None:
    slots = asyncio.Semaphore(question["at_once"])

    async def through(mail: str) -> None:
        async with slots:
            for call in question["calls"]:
                method, path, body = filled(call, mail, server["ids"][mail])
                url = URL(server["url"] + path, encoded=True)
                async with session.request(method, url, data=body.encode(), headers=_JSON) as answer:
                    await answer.read()

    await asyncio.gather(*(through(mail) for mail in question["mails"]))


if __name__ == "__main__":
    asyncio.run(answer_all(_answer))
