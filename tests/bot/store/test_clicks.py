"""A click of a case is taken once, whatever its id looks like."""

from __future__ import annotations

import hashlib

import pytest

from bot.store import SqlStore
from tests.bot.store.samples import opened

LONG = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(200))


@pytest.mark.parametrize("click", ["13345224609.738474920.8088930838d88f008e0", "a\x00b", "\ud800", LONG])
async def test_a_click_is_taken_once_in_its_case(store: SqlStore, click: str) -> None:
    case = await opened(store)
    taken = []
    for _ in range(2):
        async with store.begin() as tx:
            taken.append(await tx.take_click(case.id, click))
    assert taken == [True, False]
