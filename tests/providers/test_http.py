"""The door to the network: once, in time, never elsewhere, never too much."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.errors import AnswerLost, ProviderError, RateLimited, Unavailable, UnexpectedAnswer
from providers.http import Door, Limit
from tests.providers.wire import CUT, SILENT, Wire, reply

VERBS = ("DELETE", "PUT", "POST", "PATCH", "GET")
Opener = Callable[..., Door]


class Naps:
    """Sleeps that take no time and are remembered."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
async def opener(naps: Naps) -> AsyncIterator[Opener]:
    doors: list[Door] = []

    def open_(*, timeout: float = 20.0, max_header: int = 8190, max_body: int = 2**20) -> Door:
        door = Door(ca_file=None, timeout=timeout, concurrency=4, max_header=max_header, max_body=max_body, sleep=naps)
        doors.append(door)
        return door

    yield open_
    for door in doors:
        await door.aclose()


@pytest.fixture
def door(opener: Opener) -> Door:
    return opener()


async def raised(call: Awaitable[object]) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await call
    return caught.value


@pytest.mark.parametrize("verb", VERBS)
async def test_a_write_that_loses_its_fresh_connection_was_sent_once(door: Door, verb: str) -> None:
    async with Wire(CUT).up() as wire:
        assert isinstance(await raised(door.send(verb, wire.url + "/x")), AnswerLost)
        assert wire.methods == [verb]


@pytest.mark.parametrize("verb", VERBS)
async def test_a_write_that_loses_its_kept_connection_was_sent_once(door: Door, verb: str) -> None:
    async with Wire(reply(200), CUT).up() as wire:
        await door.read("GET", wire.url + "/warm")
        assert isinstance(await raised(door.send(verb, wire.url + "/x", body=b"{}")), AnswerLost)
        assert wire.methods == ["GET", verb]


@pytest.mark.parametrize(
    "answer", [reply(200, b"cut", Content_Length="99", Connection="close"), b"HTTP/1.1 200 OK\r\nCon"]
)
async def test_a_write_whose_answer_is_cut_has_lost_its_answer(door: Door, answer: bytes) -> None:
    async with Wire(answer + b"Connection: close").up() as wire:
        assert isinstance(await raised(door.send("DELETE", wire.url + "/x")), AnswerLost)
        assert wire.methods == ["DELETE"]


async def test_a_write_that_is_not_answered_in_time_has_lost_its_answer(opener: Opener) -> None:
    async with Wire(SILENT).up() as wire:
        error = await raised(opener(timeout=1.0).send("DELETE", wire.url + "/x"))
        assert isinstance(error, AnswerLost)
        assert wire.methods == ["DELETE"]


async def test_a_write_answered_with_rubbish_has_lost_its_answer(door: Door) -> None:
    async with Wire(b"SSH-2.0-nothing\r\n\r\nConnection: close").up() as wire:
        assert isinstance(await raised(door.send("DELETE", wire.url + "/x")), AnswerLost)
        assert wire.methods == ["DELETE"]


async def test_a_write_to_a_closed_port_was_never_sent(door: Door) -> None:
    async with Wire(reply(200)).up() as wire:
        url = wire.url
    assert isinstance(await raised(door.send("DELETE", url + "/x")), Unavailable)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_write_returns_every_status_and_is_not_repeated(door: Door, status: int) -> None:
    async with Wire(reply(status)).up() as wire:
        assert (await door.send("DELETE", wire.url + "/x")).status == status
        assert wire.methods == ["DELETE"]


async def test_a_write_without_a_body_says_that_its_length_is_nought(door: Door) -> None:
    async with Wire(reply(200)).up() as wire:
        await door.send("POST", wire.url + "/x")
        head = wire.requests[0].lower()
        assert "content-length: 0" in head
        assert "content-type" not in head


async def test_a_read_is_asked_again_after_a_lost_connection(door: Door, naps: Naps) -> None:
    async with Wire(CUT, reply(200, b'{"a": 1}')).up() as wire:
        assert (await door.read("GET", wire.url + "/x")).json() == {"a": 1}
        assert len(wire.requests) == 2
        assert len(naps.taken) == 1


async def test_a_read_gives_up_after_three_tries_in_all(door: Door) -> None:
    async with Wire(CUT).up() as wire:
        assert isinstance(await raised(door.read("GET", wire.url + "/x")), Unavailable)
        assert len(wire.requests) == 3


async def test_a_read_that_ran_out_of_time_is_not_asked_again(opener: Opener) -> None:
    async with Wire(SILENT).up() as wire:
        assert isinstance(await raised(opener(timeout=1.0).read("GET", wire.url + "/x")), Unavailable)
        assert len(wire.requests) == 1


async def test_a_read_waits_as_long_as_the_server_asks(door: Door, naps: Naps) -> None:
    async with Wire(reply(429, Retry_After="7"), reply(503, Retry_After="2"), reply(200)).up() as wire:
        assert (await door.read("GET", wire.url + "/x")).status == 200
        assert naps.taken == [7.0, 2.0]


async def test_a_read_does_not_wait_for_minutes_but_says_how_long(door: Door, naps: Naps) -> None:
    async with Wire(reply(429, Retry_After="90")).up() as wire:
        error = await raised(door.read("GET", wire.url + "/x"))
        assert isinstance(error, RateLimited)
        assert error.retry_after == 90
        assert naps.taken == []


async def test_a_read_may_be_told_its_pause_by_the_adapter(door: Door, naps: Naps) -> None:
    async with Wire(reply(429, b'{"wait": 5}'), reply(200)).up() as wire:
        await door.read("GET", wire.url + "/x", delay=lambda answer: float(answer.json()["wait"]))
        assert naps.taken == [5.0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_returned_and_never_followed(door: Door, status: int) -> None:
    async with Wire(reply(200)).up() as elsewhere, Wire(reply(status, Location=elsewhere.url)).up() as wire:
        assert (await door.read("GET", wire.url + "/x", headers={"X-Token": "t"})).status == status
        assert (await door.send("DELETE", wire.url + "/x", headers={"X-Token": "t"})).status == status
        assert elsewhere.requests == []


async def test_a_cookie_is_never_sent_back(door: Door) -> None:
    async with Wire(reply(200, Set_Cookie="session=old; Path=/")).up() as wire:
        await door.read("GET", wire.url + "/x")
        await door.read("GET", wire.url + "/x")
        assert "cookie" not in wire.requests[1].lower()


async def test_an_address_goes_out_as_it_was_encoded(door: Door) -> None:
    async with Wire(reply(200)).up() as wire:
        await door.read("GET", wire.url + "/a%2Fb%5Cc?filter=%5B%22a%2Bb%22%5D")
        assert wire.requests[0].startswith("GET /a%2Fb%5Cc?filter=%5B%22a%2Bb%22%5D HTTP")


async def test_a_long_header_is_read_only_where_it_is_expected(opener: Opener) -> None:
    token = "t" * 30_000
    async with Wire(reply(200, X_Subject_Token=token)).up() as wire:
        answer = await opener(max_header=40_000).read("GET", wire.url + "/x")
        assert answer.headers["x-subject-token"] == token
        assert isinstance(await raised(opener().read("GET", wire.url + "/x")), UnexpectedAnswer)
        assert isinstance(await raised(opener().send("POST", wire.url + "/x")), AnswerLost)


@pytest.mark.parametrize("packed", [False, True])
async def test_a_body_above_the_cap_is_not_read_to_its_end(opener: Opener, *, packed: bool) -> None:
    body = b"x" * 5_000_000
    answer = reply(200, gzip.compress(body), Content_Encoding="gzip") if packed else reply(200, body)
    async with Wire(answer).up() as wire:
        door = opener(max_body=2**20)
        assert isinstance(await raised(door.read("GET", wire.url + "/x")), UnexpectedAnswer)
        assert isinstance(await raised(door.send("DELETE", wire.url + "/x")), AnswerLost)


async def test_what_failed_is_told_without_address_or_token(door: Door) -> None:
    async with Wire(CUT).up() as wire:
        secret = {"Authorization": "Bearer s3cret"}
        errors = [
            await raised(door.send("DELETE", wire.url + "/dana?mail=dana", headers=secret)),
            await raised(door.read("GET", wire.url + "/dana?mail=dana", headers=secret)),
        ]
        for error in errors:
            assert "dana" not in str(error)
            assert "s3cret" not in str(error)
            assert error.__cause__ is None


async def test_a_closed_door_sends_nothing(door: Door) -> None:
    async with Wire(reply(200)).up() as wire:
        await door.aclose()
        assert isinstance(await raised(door.send("DELETE", wire.url + "/x")), Unavailable)
        assert wire.requests == []


async def test_no_more_calls_are_under_way_than_the_operator_allows(door: Door) -> None:
    held, release, two = 0, asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal held
        if b"/held" in await reader.readuntil(b"\r\n\r\n"):
            held += 1
            if held == 2:
                two.set()
            await release.wait()
        writer.write(reply(200, Connection="close"))
        await writer.drain()
        writer.close()

    narrow = Door(ca_file=None, timeout=20.0, concurrency=2)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        calls = asyncio.gather(*(narrow.read("GET", url + "/held") for _ in range(8)))
        await two.wait()
        for _ in range(5):
            await door.read("GET", url + "/meanwhile")
        assert held == 2
        release.set()
        assert [answer.status for answer in await calls] == [200] * 8
        await narrow.aclose()


async def test_a_limit_lets_no_window_hold_more_calls_than_it_may() -> None:
    now = 100.0
    starts: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    limit = Limit(3, 60.0, clock=lambda: now, sleep=sleep)
    for _ in range(8):
        await limit.turn()
        starts.append(now)
        now += 1.0
    assert starts[:4] == [100.0, 101.0, 102.0, 160.0]
    assert all(later - earlier >= 60.0 for earlier, later in zip(starts, starts[3:], strict=False))


def test_one_credential_has_one_limit_whatever_its_entries_are_called() -> None:
    assert Limit.shared("https://a/users key1", 5, 60) is Limit.shared("https://a/users key1", 5, 60)
    assert Limit.shared("https://a/users key1", 5, 60) is not Limit.shared("https://a/users key2", 5, 60)
