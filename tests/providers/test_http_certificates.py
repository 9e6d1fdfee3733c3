"""The door knows when certificates end: those of servers that it reached, and those that the operator trusts."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

from bot.errors import Misconfigured
from providers.http import Door
from sandbox.systems.tls import Tls
from tests.providers.raised import raised
from tests.providers.wire import Wire, reply

AUTHORITY = "ca_file (Sandbox systems CA)"


def is_in_thirty_days(end: datetime) -> bool:
    """Whether this is when the sandbox's certificates end."""
    return timedelta(days=29) < end - datetime.now(UTC) <= timedelta(days=30)


async def test_the_operators_authority_is_known_before_anything_is_asked(tls: Tls) -> None:
    door = Door(ca_file=tls.ca_file, timeout=20.0, concurrency=1)

    assert list(door.certificates) == [AUTHORITY]
    assert is_in_thirty_days(door.certificates[AUTHORITY])
    await door.aclose()


async def test_a_servers_certificate_is_known_once_it_was_reached(tls: Tls) -> None:
    door = Door(ca_file=tls.ca_file, timeout=20.0, concurrency=1)
    async with Wire(reply(200)).up(tls.server_context()) as wire:
        await door.read("GET", wire.url + "/x")
        await door.aclose()

    assert door.certificates.keys() == {AUTHORITY, "127.0.0.1"}
    assert is_in_thirty_days(door.certificates["127.0.0.1"])


async def test_a_server_that_is_not_trusted_adds_nothing(tls: Tls) -> None:
    door = Door(ca_file=None, timeout=20.0, concurrency=1)
    async with Wire(reply(200)).up(tls.server_context()) as wire:
        assert isinstance(await raised(door.read("GET", wire.url + "/x")), Misconfigured)
        await door.aclose()

    assert door.certificates == {}


async def test_the_systems_own_store_is_nobodys_business() -> None:
    door = Door(ca_file=None, timeout=20.0, concurrency=1)

    assert door.certificates == {}
    assert door._tls.verify_mode is ssl.CERT_REQUIRED
    await door.aclose()
