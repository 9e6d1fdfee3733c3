"""One RSA tenant with its people, and a hand that reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.rsa_cas import KIND, RsaCasProvider
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.tls import Tls
from tests.providers.rsa_cas.asking import hand_of, settings_of
from tests.providers.running import opened, running


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[RsaCas]:
    async with running(RsaCas(limits=False), tls) as simulator:
        yield simulator


@pytest.fixture
async def door(system: RsaCas) -> AsyncIterator[Door]:
    async with opened(KIND, settings_of(system)) as door:
        yield door


@pytest.fixture
def hand(system: RsaCas, door: Door) -> RsaCasProvider:
    return hand_of(system, door)
