"""One organization in Huawei Cloud with its accounts, and a hand that reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.huawei_hss import KIND, HuaweiHssProvider
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.tls import Tls
from tests.providers.huawei_hss.asking import hand_of, settings_of


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[HuaweiHss]:
    simulator = HuaweiHss(limits=False)
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def limited_system(tls: Tls) -> AsyncIterator[HuaweiHss]:
    """The same organization behind the vendor's limits: five calls a minute."""
    simulator = HuaweiHss(limits=True)
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def door(system: HuaweiHss) -> AsyncIterator[Door]:
    door = KIND.door(settings_of(system))
    yield door
    await door.aclose()


@pytest.fixture
def hand(system: HuaweiHss, door: Door) -> HuaweiHssProvider:
    return hand_of(system, door)
