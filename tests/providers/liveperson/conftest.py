"""One LivePerson account with its people, and a hand that reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.liveperson import KIND, LivePersonProvider
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.tls import Tls
from tests.providers.liveperson.asking import settings_of


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[LivePerson]:
    simulator = LivePerson(limits=False)
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def door(system: LivePerson) -> AsyncIterator[Door]:
    door = KIND.door(settings_of(system))
    yield door
    await door.aclose()


@pytest.fixture
def hand(system: LivePerson, door: Door) -> LivePersonProvider:
    return LivePersonProvider("liveperson", settings_of(system), door)
