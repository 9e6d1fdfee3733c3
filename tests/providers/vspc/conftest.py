"""A simulated console with the seed people, a door to it and a hand whose waiting moves the console's clock."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.vspc import KIND, VspcProvider
from sandbox.systems.tls import Tls
from sandbox.systems.vspc import Vspc
from tests.providers.running import opened, running
from tests.providers.vspc.system import settings_of


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[Vspc]:
    async with running(Vspc(), tls) as simulator:
        yield simulator


@pytest.fixture
async def door(system: Vspc) -> AsyncIterator[Door]:
    async with opened(KIND, settings_of(system)) as door:
        yield door


@pytest.fixture
def hand(system: Vspc, door: Door) -> VspcProvider:
    async def sleep(seconds: float) -> None:
        system.clock.forward(seconds)

    return VspcProvider("vspc", settings_of(system), door, sleep)
