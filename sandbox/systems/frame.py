"""What every simulator is: a TLS server on 127.0.0.1 with state, a journal, faults and a movable clock."""

import asyncio
import copy
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar, cast

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.door import Door
from sandbox.systems.faults import Faults
from sandbox.systems.journal import ENTRY, Entry, Journal
from sandbox.systems.play import play
from sandbox.systems.tls import Tls

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HEADER_LIMIT = 64 * 1024
"""Bytes of one header line: vendors' tokens can be 32 KiB long."""


class Refusal(Exception):
    """A vendor's refusal, raised anywhere while a call is handled; `response` is what the client gets."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


class Simulator(ABC):
    """One system. What it remembers stands in `state`, one deep-copyable value, and nowhere else.

    `delay` is added to every call, in seconds; `limits` switches the vendor's rate limits.
    """

    kind: ClassVar[str]
    state: Any

    def __init__(self, *, clock: MovableClock | None = None, limits: bool = True, delay: float = 0.0) -> None:
        self.clock = clock or MovableClock()
        self.limits = limits
        self.delay = delay
        self.journal = Journal()
        self.faults = Faults()
        self.faults.on_refuse = self._drop_open
        self.owned: dict[str, frozenset[str]] = {}
        self.gate: Callable[[web.Request], None] | None = None
        """Asked before any call is handled, for rate limits and the like; raises `Refusal`."""
        self.answered: Callable[[Entry], None] | None = None
        """Told of each call when its answer stands and has not left yet."""
        self.url = ""
        self.ca_file = ""
        self._runner: web.AppRunner | None = None
        self._door: Door | None = None

    @abstractmethod
    def routes(self) -> Iterable[web.RouteDef]:
        """The vendor's paths. Any other is answered by `missing`."""

    @abstractmethod
    def missing(self, request: web.Request, status: int) -> web.Response:
        """The vendor's answer to a path (404), a method (405) or a size (413) that it does not take."""

    @abstractmethod
    def seed(self) -> None:
        """Put the seed people in, and whose handles are whose into `owned`."""

    @abstractmethod
    def settings(self) -> dict[str, object]:
        """An entry of offboard.toml that reaches this simulator, its secrets in clear."""

    def entry(self, **fields: object) -> dict[str, object]:
        """An entry of offboard.toml for a vendor that is reached by one address, with further fields."""
        return {"provider": self.kind, "url": self.url, "ca_file": self.ca_file, **fields}

    @abstractmethod
    def standing(self) -> frozenset[str]:
        """The handles of all accounts, and of other things that must survive, that still work."""

    def of(self, mail: str) -> frozenset[str]:
        """The handles of that seed person's own accounts that still stand."""
        return self.standing() & self.owned.get(mail, frozenset())

    async def start(self, tls: Tls, port: int = 0) -> None:
        """Listen on 127.0.0.1 (a free port where `port` is 0) with the state as it is."""
        app = web.Application(middlewares=[self._around], client_max_size=12 * 2**20)
        app.add_routes(self.routes())
        runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=0.1,
            max_field_size=_HEADER_LIMIT,
            max_line_size=_HEADER_LIMIT,
        )
        await runner.setup()
        door = Door(cast("Callable[[], asyncio.Protocol]", runner.server), self.faults.takes_connection)
        await door.open(tls.server_context(), port)
        self._runner, self._door = runner, door
        self.url = f"https://127.0.0.1:{door.port}"
        self.ca_file = str(tls.ca_file)

    async def stop(self) -> None:
        """Stop listening and close all connections; the state stays, and `start` may be called again."""
        if self._door is not None:
            await self._door.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self._door = self._runner = None

    def undone(self) -> Callable[[], None]:
        """Remember the state as it is now; what is returned puts it back."""
        kept = copy.deepcopy(self.state)

        def put_back() -> None:
            self.state = kept

        return put_back

    @web.middleware
    async def _around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        entry = self.journal.open(request.method, request.raw_path, self.clock.now())
        request[ENTRY] = entry
        if self.delay:
            await asyncio.sleep(self.delay)
        fault = self.faults.take(request.method, request.raw_path)
        if fault is None:
            response: web.StreamResponse = await self._answer(request, handler)
        else:
            response = await play(fault, request, lambda: self._answer(request, handler), self)
            entry.effect = entry.effect and fault.what != "ok_without_effect"
        broken = request.transport is None or request.transport.is_closing()
        entry.status = 0 if broken else response.status
        if self.answered is not None:
            self.answered(entry)
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.Response:
        try:
            if self.gate is not None:
                self.gate(request)
            return cast("web.Response", await handler(request))
        except Refusal as no:
            return no.response
        except web.HTTPException as error:
            return self.missing(request, error.status)

    def _drop_open(self) -> None:
        server = self._runner.server if self._runner is not None else None
        for connection in server.connections if server is not None else ():
            if connection.transport is not None:
                connection.transport.close()
