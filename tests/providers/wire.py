"""A server made of a script: what it answers, byte by byte, and how often it was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CUT = b"\x00cut"
"""Ends the connection without an answer, after the whole request was read."""
SILENT = b"\x00silent"
"""Never answers and keeps the connection."""


def reply(status: int, body: bytes = b"{}", **headers: str) -> bytes:
    """Return an answer as bytes; header names are written with underscores."""
    named = {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body


class Wire:
    """Answers the nth request with the nth line of the script, the last one again and again."""

    def __init__(self, *script: bytes) -> None:
        self.script = script
        self.requests: list[str] = []
        self.url = ""
        self._writers: list[asyncio.StreamWriter] = []
        self._open = asyncio.Event()

    @property
    def methods(self) -> list[str]:
        """The methods of the requests that came, in order."""
        return [request.split(" ", 1)[0] for request in self.requests]

    @asynccontextmanager
    async def up(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
        """Listen on a free loopback port for the length of the block."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{port}"
        try:
            yield self
        finally:
            self._open.set()
            server.close()
            for writer in self._writers:
                writer.close()
            await server.wait_closed()
            await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        while (request := await _request(reader)) is not None:
            self.requests.append(request)
            line = self.script[min(len(self.requests), len(self.script)) - 1]
            if line == SILENT:
                await self._open.wait()
                return
            if line != CUT:
                writer.write(line)
                await writer.drain()
            if line == CUT or b"Connection: close" in line:
                writer.close()
                return


async def _request(reader: asyncio.StreamReader) -> str | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line for line in head.lower().split("\r\n") if line.startswith("content-length:")]
        body = await reader.readexactly(int(lengths[0].split(":")[1]) if lengths else 0)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return head + body.decode()
