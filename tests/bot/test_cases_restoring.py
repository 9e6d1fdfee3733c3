"""Only an admin lets the bot go on with an older database, with a reason, once."""

from __future__ import annotations

import pytest

from bot.restored import is_held
from tests.bot.conftest import House

ROOT = ("U0ROOT", "T0ACME")
BEN = ("U0BEN", "T0ACME")


@pytest.fixture
async def held(house: House) -> House:
    async with house.store.begin() as tx:
        await tx.set_flag("restored", '[[7, 0, ""]]')
    return house


async def test_an_admin_goes_on_with_a_reason(held: House) -> None:
    assert (await held.cases.may_go_on(*ROOT)).ok
    assert (await held.cases.go_on(*ROOT, "the disk was lost")).ok
    assert not await is_held(held.store)


async def test_without_a_reason_nothing_happens(held: House) -> None:
    assert not (await held.cases.go_on(*ROOT, "  ")).ok
    assert await is_held(held.store)


async def test_an_approver_may_not_and_the_audit_knows_that_they_tried(held: House) -> None:
    said = await held.cases.go_on(*BEN, "let me")

    assert (said.ok, said.who) == (False, ("U0ROOT",))
    assert await is_held(held.store)
    assert [event.kind for event in (await held.store.chain("refusals")).events] == ["refused"]


async def test_a_click_from_another_workspace_is_refused(held: House) -> None:
    assert not (await held.cases.go_on("U0ROOT", "T0OTHER", "let me")).ok
    assert await is_held(held.store)


async def test_the_second_of_two_admins_is_told_that_it_is_done(held: House) -> None:
    await held.cases.go_on(*ROOT, "the disk was lost")

    assert not (await held.cases.may_go_on(*ROOT)).ok
    assert not (await held.cases.go_on(*ROOT, "again")).ok
