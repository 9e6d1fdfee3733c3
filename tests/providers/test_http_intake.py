"""A body that is taken while it arrives is under the same limits as one that is read whole."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.errors import RateLimited, Unavailable, UnexpectedAnswer
from providers.http import Door, JsonItems
from tests.providers.raised import raised
from tests.providers.wire import CUT, SILENT, Wire, reply

PART = reply(200, b'[{"id": 1}, {"id": 2', Content_Length="60", Connection="close")
"""Promises 60 bytes and ends the connection after 20."""


async def no_time(_: float) -> None:
    """Take no time."""


@asynccontextmanager
async def opened(*, seconds: float = 20.0, max_body: int = 2**20) -> AsyncIterator[Door]:
    door = Door(ca_file=None, timeout=seconds, concurrency=1, max_body=max_body, sleep=no_time)
    try:
        yield door
    finally:
        await door.aclose()


def gathering() -> tuple[JsonItems, list[object]]:
    found: list[object] = []
    return JsonItems(found.append, found.clear), found


async def test_items_arrive_and_the_answer_itself_stays_empty() -> None:
    items, found = gathering()
    async with Wire(reply(200, b'[{"id": 1}, {"id": 2}]')).up() as wire, opened() as door:
        answer = await door.read("GET", wire.url, into=items)
    assert (answer.status, answer.body, found) == (200, b"", [{"id": 1}, {"id": 2}])


async def test_a_list_that_breaks_off_is_asked_for_again_and_nothing_counts_twice() -> None:
    items, found = gathering()
    async with Wire(PART, reply(200, b"[3, 4]")).up() as wire, opened() as door:
        await door.read("GET", wire.url, into=items)
    assert (found, wire.methods) == ([3, 4], ["GET", "GET"])


async def test_a_list_that_always_breaks_off_is_not_read() -> None:
    items, _ = gathering()
    async with Wire(PART).up() as wire, opened() as door:
        assert isinstance(await raised(door.read("GET", wire.url, into=items)), Unavailable)
    assert len(wire.requests) == 3


async def test_a_list_whose_length_is_right_and_whose_end_is_not_is_not_believed() -> None:
    items, _ = gathering()
    async with Wire(reply(200, b'[{"id": 1}, {"id": 2}')).up() as wire, opened() as door:
        assert isinstance(await raised(door.read("GET", wire.url, into=items)), UnexpectedAnswer)


async def test_too_much_is_cut_off_in_either_form() -> None:
    body = b"[" + b"1," * 5000 + b"1]"
    for packed in (reply(200, body), reply(200, gzip.compress(body), Content_Encoding="gzip")):
        items, _ = gathering()
        async with Wire(packed).up() as wire, opened(max_body=2048) as door:
            error = await raised(door.read("GET", wire.url, into=items))
        assert isinstance(error, UnexpectedAnswer)
        assert "larger" in str(error)


@pytest.mark.parametrize(("status", "body"), [(401, b'{"error": "no"}'), (304, b""), (500, b'{"error": "no"}')])
async def test_any_other_status_comes_whole_and_nothing_is_taken(status: int, body: bytes) -> None:
    items, found = gathering()
    async with Wire(reply(status, body)).up() as wire, opened() as door:
        answer = await door.read("GET", wire.url, into=items)
    assert (answer.status, answer.body, found) == (status, body, [])


async def test_a_page_of_a_proxy_is_told_as_one() -> None:
    items, _ = gathering()
    async with Wire(reply(200, b"<html>[1]</html>", Content_Type="text/html")).up() as wire, opened() as door:
        error = await raised(door.read("GET", wire.url, into=items))
    assert "HTML" in str(error)


async def test_after_a_refused_list_the_door_still_works() -> None:
    items, found = gathering()
    script = (reply(200, b"[1, x" + b" " * 500_000), reply(200, b"[2]"))
    async with Wire(*script).up() as wire, opened() as door:
        await raised(door.read("GET", wire.url, into=items))
        await door.read("GET", wire.url, into=items)
    assert found == [2]


async def test_headers_that_are_made_are_made_anew_for_each_try() -> None:
    def numbered() -> Iterator[dict[str, str]]:
        for number in range(9):
            yield {"X-Nonce": f"n{number}"}

    numbers = numbered()
    made: Callable[[], dict[str, str]] = lambda: next(numbers)  # noqa: E731  # named for its type
    async with Wire(CUT, reply(503), reply(200)).up() as wire, opened() as door:
        await door.read("GET", wire.url, headers=made)
    sent = [line for request in wire.requests for line in request.split("\r\n") if line.startswith("X-Nonce")]
    assert sent == ["X-Nonce: n0", "X-Nonce: n1", "X-Nonce: n2"]


async def test_time_and_limits_hold_for_a_silent_server_too() -> None:
    items, _ = gathering()
    async with Wire(SILENT).up() as wire, opened(seconds=0.2) as door:
        assert isinstance(await raised(door.read("GET", wire.url, into=items)), Unavailable)
    async with Wire(reply(429, Retry_After="60")).up() as wire, opened() as door:
        assert isinstance(await raised(door.read("GET", wire.url, into=items)), RateLimited)
