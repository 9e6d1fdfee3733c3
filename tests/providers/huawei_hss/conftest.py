"""One organization in Huawei Cloud with its accounts, and a hand that reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.http import Door
from providers.huawei_hss import KIND, HuaweiHssProvider
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.tls import Tls
from tests.providers.huawei_hss.asking import hand_of, settings_of
from tests.providers.running import opened, running


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[HuaweiHss]:
    async with running(HuaweiHss(limits=False), tls) as simulator:
        yield simulator


@pytest.fixture
async def limited_system(tls: Tls) -> AsyncIterator[HuaweiHss]:
    """The same organization behind the vendor's limits: five calls a minute."""
    async with running(HuaweiHss(limits=True), tls) as simulator:
        yield simulator


@pytest.fixture
async def door(system: HuaweiHss) -> AsyncIterator[Door]:
    async with opened(KIND, settings_of(system)) as door:
        yield door


@pytest.fixture
def hand(system: HuaweiHss, door: Door) -> HuaweiHssProvider:
    return hand_of(system, door)
