"""A server that answers every call with a few bytes after a while, over TLS: for the bare calls of a case."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from sandbox.systems.tls import Tls

_BODY = b'{"id": "1", "status": "enabled"}'


@dataclass(frozen=True, slots=True)
class Echo:
    """Where it listens, and whom a client has to trust."""

    url: str
    ca_file: str


@asynccontextmanager
async def echo(delay: float) -> AsyncIterator[Echo]:
    """Listen on a free port of 127.0.0.1."""

    async def answer(request: web.BaseRequest) -> web.Response:
        await request.read()
        await asyncio.sleep(delay)
        return web.Response(body=_BODY, content_type="application/json")

    with tempfile.TemporaryDirectory(prefix="offboard-echo-") as folder:
        tls = Tls(Path(folder))
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server_context()).start()
            yield Echo(f"https://127.0.0.1:{runner.addresses[0][1]}", str(tls.ca_file))
        finally:
            await runner.cleanup()
