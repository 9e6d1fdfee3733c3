"""`python -m bench.rendered`: a simulator with very many users whose answers to reads are made once and then replayed.

What is measured is how long they take to be read, so the time that a simulator takes to make them must not count.
Filters are ignored, as by a server that does not know them: every filtered list is the whole list.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import web
from yarl import URL

from bench.child import answer_all
from bench.crowds import CROWDS
from sandbox.systems.frame import Handler, Simulator
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.tls import Tls
from sandbox.systems.vspc import Vspc

_MADE_ANEW = frozenset({"Content-Length", "Date", "Server"})
_UNKNOWN = "filter"


class Rendered(Simulator):
    """A simulator that keeps its answers to reads."""

    def __init__(self) -> None:
        super().__init__(limits=False)
        self._kept: dict[str, web.Response] = {}

    async def _answer(self, request: web.Request, handler: Handler) -> web.Response:
        if request.method != "GET":
            return await super()._answer(request, handler)
        url = unfiltered(request.rel_url)
        if str(url) not in self._kept:
            self._kept[str(url)] = await super()._answer(request.clone(rel_url=url), handler)
        return _copy(self._kept[str(url)])


class RenderedLivePerson(Rendered, LivePerson):
    """LivePerson whose reads are replayed."""


class RenderedVspc(Rendered, Vspc):
    """A console whose reads are replayed and unfiltered."""


def unfiltered(url: URL) -> URL:
    """Return the address without the filter in its query."""
    return url.without_query_params(_UNKNOWN)


def _copy(answer: web.Response) -> web.Response:
    headers = {name: value for name, value in answer.headers.items() if name not in _MADE_ANEW}
    return web.Response(status=answer.status, body=answer.body, headers=headers)


SIMULATORS: dict[str, type[Rendered]] = {"liveperson": RenderedLivePerson, "vspc": RenderedVspc}


class House:
    """Answers the measuring process: `kind` opens that simulator and tells its settings, then `asked` is what was read.

    `asked` gives the addresses that were read since the last time, in order.
    """

    def __init__(self, tls: Tls) -> None:
        self._tls = tls
        self.open: Rendered | None = None

    async def answer(self, question: dict[str, Any]) -> object:
        if self.open is None:
            crowd = next(one for one in CROWDS if one.kind == question["kind"])
            self.open = SIMULATORS[crowd.kind]()
            self.open.seed()
            crowd.fill(self.open.state, question["users"])
            await self.open.start(self._tls)
            return self.open.settings()
        entries = self.open.journal.entries
        asked = [self.open.url + entry.path for entry in entries if entry.method == "GET"]
        entries.clear()
        return asked


async def _main() -> None:
    with tempfile.TemporaryDirectory(prefix="offboard-bench-") as folder:
        house = House(Tls(Path(folder)))
        try:
            await answer_all(house.answer)
        finally:
            if house.open is not None:
                await house.open.stop()


if __name__ == "__main__":
    asyncio.run(_main())
