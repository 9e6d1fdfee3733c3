"""TLS: always verified, and told apart from being away."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from bot.errors import Misconfigured, Unavailable
from providers.http import Door
from sandbox.systems.tls import Tls
from tests.providers.raised import raised
from tests.providers.wire import Wire, reply


def door_with(ca_file: Path | None) -> Door:
    return Door(ca_file=ca_file, timeout=20.0, concurrency=2)


async def test_a_server_of_the_operators_authority_is_trusted(tls: Tls) -> None:
    door = door_with(tls.ca_file)
    async with Wire(reply(200)).up(tls.server_context()) as wire:
        assert (await door.read("GET", wire.url + "/x")).status == 200
        await door.aclose()


async def test_a_server_that_nobody_vouches_for_gets_nothing(tls: Tls) -> None:
    door = door_with(None)
    async with Wire(reply(200)).up(tls.server_context()) as wire:
        for call in (door.read, door.send):
            error = await raised(call("DELETE", wire.url + "/x", headers={"X-Token": "t"}))
            assert isinstance(error, Misconfigured)
            assert "ca_file" in str(error)
        assert wire.requests == []
        await door.aclose()


async def test_a_certificate_for_another_name_is_not_accepted(tls: Tls) -> None:
    door = door_with(tls.ca_file)
    async with Wire(reply(200)).up(tls.server_context("127.0.0.2")) as wire:
        assert isinstance(await raised(door.send("DELETE", wire.url + "/x")), Misconfigured)
        assert wire.requests == []
        await door.aclose()


async def test_the_operators_authority_stands_in_place_of_all_others(tls: Tls, tmp_path: Path) -> None:
    other = Tls(tmp_path)
    door = door_with(other.ca_file)
    async with Wire(reply(200)).up(tls.server_context()) as wire:
        assert isinstance(await raised(door.send("DELETE", wire.url + "/x")), Misconfigured)
        await door.aclose()


async def test_a_server_without_tls_is_the_wrong_server(tls: Tls) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(400))
        await writer.drain()
        writer.close()

    door = door_with(tls.ca_file)
    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert isinstance(await raised(door.send("DELETE", f"https://127.0.0.1:{port}/x")), Misconfigured)
        await door.aclose()


async def test_old_versions_of_tls_are_not_spoken(tls: Tls) -> None:
    old = tls.server_context()
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    door = door_with(tls.ca_file)
    async with Wire(reply(200)).up(old) as wire:
        assert isinstance(await raised(door.send("DELETE", wire.url + "/x")), Misconfigured | Unavailable)
        assert wire.requests == []
        await door.aclose()
