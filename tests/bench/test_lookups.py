"""Look-ups in long lists: the crowds, the replayed answers, the processes and the arithmetic; nothing here is timed."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from aiohttp import ClientSession
from yarl import URL

from bench.child import Ended, child
from bench.crowds import CROWDS, LEAVER
from bench.lookups import Looked, rows_of
from bench.rendered import SIMULATORS, RenderedVspc, unfiltered
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.tls import Tls
from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc.seed import API_KEY

OF_KIND = {crowd.kind: crowd for crowd in CROWDS}


def test_a_crowd_is_as_large_as_it_is_said_and_the_leaver_is_in_it_once() -> None:
    console, liveperson = Vspc(), LivePerson()
    console.seed()
    liveperson.seed()
    OF_KIND["vspc"].fill(console.state, 300)
    OF_KIND["liveperson"].fill(liveperson.state, 300)
    assert len(console.state.users) == len(liveperson.state.users.living()) == 300
    assert [user.mail for user in console.state.users.values()].count(LEAVER) == 1
    assert [user["email"] for user in liveperson.state.users.living()].count(LEAVER) == 1


def test_every_crowd_has_a_simulator_that_replays() -> None:
    assert set(SIMULATORS) == set(OF_KIND)


def test_a_filter_is_taken_off_an_address_and_nothing_else() -> None:
    assert str(unfiltered(URL("/users?filter=%5B%5D&limit=500&offset=0"))) == "/users?limit=500&offset=0"


async def test_a_replaying_console_gives_the_same_bytes_again_and_ignores_filters(tmp_path: Path) -> None:
    console = RenderedVspc()
    console.seed()
    tls = Tls(tmp_path)
    await console.start(tls)
    try:
        async with ClientSession(headers={"Authorization": f"Bearer {API_KEY}"}) as session:
            whole = await read(session, console, "limit=500&offset=0")
            console.state.users.clear()
            filtered = await read(session, console, "filter=%5B%7B%7D%5D&limit=500&offset=0")
    finally:
        await console.stop()
    assert whole == filtered
    assert b"dana@acme.test" in whole


async def read(session: ClientSession, console: RenderedVspc, query: str) -> bytes:
    """Return one page of users."""
    trusted = ssl.create_default_context(cafile=console.ca_file)
    async with session.get(f"{console.url}/api/v3/users?{query}", ssl=trusted) as answer:
        return await answer.read()


@pytest.mark.parametrize("kind", list(OF_KIND))
async def test_the_look_finds_the_leaver_and_the_floor_reads_what_the_look_read(kind: str) -> None:
    async with child("bench.rendered") as house, child("bench.looker") as looker, child("bench.floor") as floor:
        entry = await house.ask({"kind": kind, "users": 700})
        await looker.ask({"kind": kind, "entry": entry, "mail": LEAVER})
        assert (await looker.ask({}))["accounts"] == [LEAVER]
        urls = await house.ask({})
        await floor.ask({"ca_file": entry["ca_file"], "urls": urls})
        assert (await floor.ask({}))["bytes"] > 100_000
        assert await house.ask({}) == urls
        assert len(urls) == len(set(urls))


async def test_a_process_that_ended_is_no_answer() -> None:
    async with child("bench.document") as silent:
        with pytest.raises((Ended, ConnectionError)):
            await silent.ask({})


def test_the_rows_tell_memory_and_time_against_the_floor() -> None:
    memory, times = rows_of(Looked(OF_KIND["vspc"], [1.0, 3.0, 1.2], [1.0, 0.9, 2.0], over_idle=12.0, calls=107))
    assert (memory.what, memory.met) == ("Veeam Service Provider Console, one of 50,000: memory", True)
    assert (times.measured, times.floor, times.met) == ({"median": 1.2, "max": 3.0}, 1.0, True)
    assert times.what.endswith("107 calls")
