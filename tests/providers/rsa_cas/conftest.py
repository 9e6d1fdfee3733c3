"""One RSA tenant with its people, and a hand that reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.rsa_cas import KIND, RsaCasProvider
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.tls import Tls
from tests.providers.rsa_cas.asking import hand_of, settings_of


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[RsaCas]:
    simulator = RsaCas(limits=False)
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def door(system: RsaCas) -> AsyncIterator[Door]:
    door = KIND.door(settings_of(system))
    yield door
    await door.aclose()


@pytest.fixture
def hand(system: RsaCas, door: Door) -> RsaCasProvider:
    return hand_of(system, door)
