"""A simulated Enterprise Manager with the seed people, a door to it and a hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.veeam_em import KIND, VeeamEmProvider
from sandbox.systems.tls import Tls
from sandbox.systems.veeam_em import VeeamEm
from tests.providers.running import opened, running
from tests.providers.veeam_em.system import settings_of


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[VeeamEm]:
    async with running(VeeamEm(), tls) as simulator:
        yield simulator


@pytest.fixture
async def door(system: VeeamEm) -> AsyncIterator[Door]:
    async with opened(KIND, settings_of(system)) as door:
        yield door


@pytest.fixture
async def hand(system: VeeamEm, door: Door) -> AsyncIterator[VeeamEmProvider]:
    hand = VeeamEmProvider("veeam_hq", settings_of(system), door)
    yield hand
    await hand.aclose()
