"""The frame: journal, faults, TLS and the door, on the smallest possible system."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterable
from typing import ClassVar

import aiohttp
import pytest
from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.faults import Fault, What
from sandbox.systems.frame import Refusal, Simulator
from sandbox.systems.journal import EVERYONE, Journal, note
from sandbox.systems.tls import Tls


class Shelf(Simulator):
    """Holds books; DELETE takes one away."""

    kind: ClassVar[str] = "shelf"
    state: dict[str, int]

    def seed(self) -> None:
        self.state = {"one": 1, "two": 2}
        self.owned = {"dana@acme.test": frozenset({"one"})}

    def settings(self) -> dict[str, object]:
        return {"provider": self.kind, "url": self.url}

    def standing(self) -> frozenset[str]:
        return frozenset(self.state)

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.get("/books", self._list),
            web.get("/books/{id}", self._read),
            web.delete("/books/{id}", self._drop),
        ]

    def missing(self, request: web.Request, status: int) -> web.Response:
        return web.json_response({"no": request.path}, status=status)

    async def _list(self, request: web.Request) -> web.Response:
        note(request, EVERYONE)
        return web.json_response(list(self.state))

    async def _read(self, request: web.Request) -> web.Response:
        note(request, request.match_info["id"])
        return web.json_response({"size": self._find(request)})

    async def _drop(self, request: web.Request) -> web.Response:
        note(request, request.match_info["id"])
        self._find(request)
        del self.state[request.match_info["id"]]
        note(request, None, effect=True)
        return web.json_response({"gone": True})

    def _find(self, request: web.Request) -> int:
        if request.match_info["id"] not in self.state:
            raise Refusal(web.json_response({"no": "book"}, status=404))
        return self.state[request.match_info["id"]]


@pytest.fixture
async def shelf(tls: Tls) -> AsyncIterator[Shelf]:
    simulator = Shelf()
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


async def _drop(http: aiohttp.ClientSession, shelf: Shelf, book: str = "one") -> int:
    async with http.delete(f"{shelf.url}/books/{book}") as answer:
        await answer.read()
        return answer.status


async def _read(http: aiohttp.ClientSession, shelf: Shelf, book: str = "one") -> int:
    async with http.get(f"{shelf.url}/books/{book}") as answer:
        await answer.read()
        return answer.status


async def test_a_delete_is_carried_out_and_journalled_with_its_effect(
    shelf: Shelf, http: aiohttp.ClientSession
) -> None:
    assert await _drop(http, shelf) == 200
    assert await _drop(http, shelf) == 404
    first, second = shelf.journal.writes()
    assert (first.method, first.path, first.account, first.status, first.effect) == (
        "DELETE",
        "/books/one",
        "one",
        200,
        True,
    )
    assert (second.status, second.effect) == (404, False)
    assert shelf.standing() == {"two"}
    assert shelf.of("dana@acme.test") == frozenset()


async def test_a_second_write_without_a_read_between_is_found(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    await _drop(http, shelf)
    assert shelf.journal.unread_writes() == []
    await _drop(http, shelf)
    assert [entry.n for entry in shelf.journal.unread_writes()] == [2]


async def test_a_read_between_two_writes_clears_the_second(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    await _drop(http, shelf)
    async with http.get(f"{shelf.url}/books") as answer:
        assert await answer.json() == ["two"]
    await _drop(http, shelf)
    assert shelf.journal.unread_writes() == []


async def test_a_write_needs_a_read_on_both_sides(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    await _read(http, shelf)
    await _drop(http, shelf)
    assert not shelf.journal.reread_around("one")
    await _read(http, shelf)
    assert shelf.journal.reread_around("one")


def test_a_read_of_another_account_proves_nothing() -> None:
    journal = Journal()
    for method, account in (("GET", "a"), ("DELETE", "b"), ("GET", "b")):
        entry = journal.open(method, "/", 0)
        entry.account, entry.effect = account, method == "DELETE"
    assert not journal.reread_around("b")


async def test_an_unknown_path_gets_the_vendors_own_answer(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{shelf.url}/tapes") as answer:
        assert (answer.status, await answer.json()) == (404, {"no": "/tapes"})
    async with http.put(f"{shelf.url}/books") as answer:
        assert answer.status == 405


@pytest.mark.parametrize("what", ["reset_before", "reset_after", "truncate", "effect_without_answer"])
async def test_a_broken_answer_reaches_the_client_as_a_lost_connection(
    what: What, shelf: Shelf, http: aiohttp.ClientSession
) -> None:
    shelf.faults.add(Fault(what, "DELETE"))
    with pytest.raises((aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)):
        await _once(http, shelf)
    assert ("one" in shelf.state) is (what == "reset_before")
    assert shelf.journal.writes()[-1].effect is (what != "reset_before")
    assert shelf.journal.writes()[-1].status == 0


async def _once(http: aiohttp.ClientSession, shelf: Shelf) -> None:
    """One DELETE that the client library does not repeat."""
    http._retry_connection = False
    await _drop(http, shelf)


async def test_an_act_without_effect_answers_as_if_it_had_one(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    shelf.faults.add(Fault("ok_without_effect", "DELETE"))
    assert await _drop(http, shelf) == 200
    assert "one" in shelf.state
    assert not shelf.journal.writes()[0].effect


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        (Fault("malformed"), 200, b'{"data": [{'),
        (Fault("wrong_type"), 200, b'"as you wish"'),
        (Fault("html", status=502), 502, b"<!doctype html>"),
        (Fault("redirect"), 302, b""),
        (Fault("status", status=429, body='{"wait": 1}', headers={"Retry-After": "1"}), 429, b'{"wait": 1}'),
    ],
)
async def test_an_odd_answer_changes_nothing(
    fault: Fault, status: int, start: bytes, shelf: Shelf, http: aiohttp.ClientSession
) -> None:
    shelf.faults.add(fault)
    async with http.delete(f"{shelf.url}/books/one", allow_redirects=False) as answer:
        assert (answer.status, (await answer.read())[: len(start)]) == (status, start)
    assert "one" in shelf.state


async def test_a_huge_answer_is_as_large_as_asked(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    shelf.faults.add(Fault("huge", size=2**20))
    async with http.get(f"{shelf.url}/books") as answer:
        assert len(await answer.read()) == 2**20 + 2


async def test_a_dripping_answer_comes_byte_by_byte(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    shelf.faults.add(Fault("drip", seconds=0.001))
    async with http.get(f"{shelf.url}/books/one") as answer:
        assert await answer.read() == b'{"size": 1}'


async def test_a_fault_befalls_only_the_calls_that_it_names_and_only_so_often(
    shelf: Shelf, http: aiohttp.ClientSession
) -> None:
    shelf.faults.add(Fault("status", "GET", "/books/one$", times=2, status=503))
    assert await _read(http, shelf, "two") == 200
    assert [await _read(http, shelf) for _ in range(3)] == [503, 503, 200]
    assert [fault.what for fault in shelf.faults.used] == ["status", "status"]


async def test_a_call_can_be_held_open(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    until = asyncio.Event()
    shelf.faults.add(Fault("hold", until=until, act=until.set))
    assert await _drop(http, shelf) == 200
    assert until.is_set()


async def test_somebody_else_can_act_in_the_middle_of_a_call(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    shelf.faults.add(Fault("act", "DELETE", act=shelf.state.clear))
    assert await _drop(http, shelf) == 404


async def test_a_refused_connection_never_brings_a_call(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    shelf.faults.add(Fault("refuse", times=1))
    http._retry_connection = False
    with pytest.raises(aiohttp.ClientConnectorError):
        await _drop(http, shelf)
    assert shelf.journal.entries == []
    assert await _drop(http, shelf) == 200


async def test_an_idle_connection_is_dropped_where_connections_are_refused(shelf: Shelf, tls: Tls) -> None:
    context = ssl.create_default_context(cafile=str(tls.ca_file))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as warm:
        warm._retry_connection = False
        assert await _read(warm, shelf) == 200
        shelf.faults.add(Fault("refuse"))
        with pytest.raises(aiohttp.ClientConnectionError):
            await _read(warm, shelf)
        shelf.faults.clear()
        assert await _read(warm, shelf) == 200
    assert len(shelf.journal.entries) == 2


async def test_a_client_that_does_not_know_the_authority_is_not_served(shelf: Shelf) -> None:
    async with aiohttp.ClientSession() as stranger:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await _read(stranger, shelf)
    assert shelf.journal.entries == []


async def test_a_stopped_system_refuses_and_comes_back_on_its_port_as_it_was(
    shelf: Shelf, http: aiohttp.ClientSession, tls: Tls
) -> None:
    await _drop(http, shelf)
    port = int(shelf.url.rpartition(":")[2])
    await shelf.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await _read(http, shelf)
    await shelf.start(tls, port)
    assert await _read(http, shelf) == 404
    assert await _read(http, shelf, "two") == 200


async def test_a_delay_is_added_to_every_call(shelf: Shelf, http: aiohttp.ClientSession) -> None:
    shelf.delay = 60.0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await _read(http, shelf)


def test_the_clock_moves_forward_on_request_only() -> None:
    clock = MovableClock()
    before = clock.now()
    clock.forward(3600)
    assert before + 3600 <= clock.now() <= time.time() + 3600
