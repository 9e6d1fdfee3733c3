"""One LivePerson account with its people, and a hand that reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.liveperson import KIND, LivePersonProvider
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.tls import Tls
from tests.providers.liveperson.asking import settings_of
from tests.providers.running import opened, running


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[LivePerson]:
    async with running(LivePerson(limits=False), tls) as simulator:
        yield simulator


@pytest.fixture
async def door(system: LivePerson) -> AsyncIterator[Door]:
    async with opened(KIND, settings_of(system)) as door:
        yield door


@pytest.fixture
def hand(system: LivePerson, door: Door) -> LivePersonProvider:
    return LivePersonProvider("liveperson", settings_of(system), door)
