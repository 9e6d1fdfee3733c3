"""The simulators' listening socket: it can break a connection before TLS, as a server that is not there would."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Callable

_ABORT = struct.pack("ii", 1, 0)  # linger on, zero seconds: closing sends a reset


class Door:
    """Listens on 127.0.0.1 from `open` to `close`; `port` is known once it is open."""

    def __init__(self, server: Callable[[], asyncio.Protocol], turned_away: Callable[[], bool]) -> None:
        self._server = server
        self._turned_away = turned_away
        self._guests: set[asyncio.Task[None]] = set()
        self._porter: asyncio.Task[None] | None = None
        self._listening: socket.socket | None = None
        self.port = 0

    async def open(self, context: ssl.SSLContext, port: int) -> None:
        """Raises `OSError` where the port is taken."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            listening.close()
            raise
        listening.listen(128)
        listening.setblocking(False)
        self.port = int(listening.getsockname()[1])
        self._listening = listening
        self._porter = asyncio.create_task(self._keep(listening, context))

    async def close(self) -> None:
        tasks = [*self._guests, *([self._porter] if self._porter else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._listening is not None:
            self._listening.close()
        self._porter = self._listening = None

    async def _keep(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listening)
            if self._turned_away():
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                connection.close()
            else:
                self._welcome(connection, context)

    def _welcome(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        guest = asyncio.create_task(self._admit(connection, context))
        self._guests.add(guest)

        def seen_in(task: asyncio.Task[None]) -> None:
            self._guests.discard(task)
            if task.cancelled():
                connection.close()

        guest.add_done_callback(seen_in)

    async def _admit(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        # A client that does not trust the certificate leaves during the handshake: its business, not ours.
        with contextlib.suppress(OSError):
            await asyncio.get_running_loop().connect_accepted_socket(self._server, connection, ssl=context)
