"""A cool-down: the moment is shown, it can be cancelled until then, and what is due begins."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc",), policy={"cool_down": "PT15S"})
DANA = "dana@acme.test"


async def test_the_moment_of_the_start_is_shown_and_an_admin_cancels_before_it(play: Stage, guest: Visitor) -> None:
    before = play.world.by_kind["vspc"].standing()
    await guest.ask_for(DANA)
    await guest.become("Ben")
    await guest.approve()
    await expect(guest.root(DANA)).to_contain_text("approved: starts Today at")
    await guest.keep("cool-down-1-approved")
    await guest.press("Cancel the case", guest.thread)
    await guest.press("Cancel it", guest.question)
    await expect(guest.told_alone("Only an admin can cancel")).to_be_visible()

    await guest.become("Rosa")
    await guest.press("Cancel the case", guest.thread)
    await guest.press("Cancel it", guest.question)
    await expect(guest.told_alone("OFF-1 is cancelled")).to_be_visible()
    await expect(guest.root(DANA)).to_contain_text("cancelled: ")
    await guest.keep("cool-down-2-cancelled")
    assert play.world.by_kind["vspc"].standing() == before


async def test_what_is_due_begins_by_itself(play: Stage, guest: Visitor) -> None:
    await guest.ask_for("jordana@acme.test")
    await guest.become("Ben")
    await guest.approve()
    await expect(guest.root("jordana@acme.test")).to_contain_text("approved: starts Today at")

    await expect(guest.root("jordana@acme.test")).to_contain_text("closed: ")

    assert r"acme\jordana" not in play.world.by_kind["vspc"].standing()
