"""`python -m bench.floor`: fetches the given addresses one after another and parses each answer, and nothing else."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import ClientSession, TCPConnector
from yarl import URL

from bench.child import answer_all


class Floor:
    """The first question opens the connection: `ca_file` and `urls`. Each further one fetches them all."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._session: ClientSession | None = None
        self._urls: list[URL] = []

    async def answer(self, question: dict[str, Any]) -> object:
        if self._session is None:
            tls = ssl.create_default_context(cafile=question["ca_file"])
            self._session = await self._stack.enter_async_context(ClientSession(connector=TCPConnector(ssl=tls)))
            self._urls = [URL(url, encoded=True) for url in question["urls"]]
            return {}
        began = time.perf_counter()
        size = 0
        for url in self._urls:
            async with self._session.get(url) as answer:
                body = await answer.read()
                json.loads(body)
                size += len(body)
        return {"seconds": time.perf_counter() - began, "bytes": size}


async def _main() -> None:
    async with AsyncExitStack() as stack:
        await answer_all(Floor(stack).answer)


if __name__ == "__main__":
    asyncio.run(_main())
