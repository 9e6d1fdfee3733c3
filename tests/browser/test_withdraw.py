"""Two approvals are needed, and one is taken back."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc",), policy={"approvals": 2})
DANA = "dana@acme.test"


async def test_an_approval_that_was_withdrawn_does_not_count(play: Stage, guest: Visitor) -> None:
    await guest.ask_for(DANA)
    await guest.become("Ben")
    await guest.approve()
    await expect(guest.said("1 of 2 approved: @Ben Sato")).to_be_visible()
    await expect(guest.told_alone("Counted: 1 of 2 approvals.")).to_be_visible()
    await guest.keep("withdraw-1-one-of-two")
    await guest.press("Withdraw my approval", guest.thread)
    await expect(guest.told_alone("Withdrawn")).to_be_visible()
    await expect(guest.said("1 of 2 approved")).to_have_count(0)

    await guest.become("Chloe")
    await guest.approve()
    await expect(guest.said("1 of 2 approved: @Chloe Haddad")).to_be_visible()
    await guest.keep("withdraw-2-again-one-of-two")
    assert play.world.by_kind["vspc"].of(DANA)

    await guest.become("Ben")
    await guest.approve()
    await expect(guest.root(DANA)).to_contain_text("closed: ")
    assert not play.world.by_kind["vspc"].of(DANA)
