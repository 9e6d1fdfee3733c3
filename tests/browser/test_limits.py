"""A limit that is reached holds a case until an admin lets it go on."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc",), policy={"limits": {"per_hour": 1}})
DANA, JORDANA = "dana@acme.test", "jordana@acme.test"


async def test_the_second_run_within_the_hour_waits_for_an_admins_reason(play: Stage, guest: Visitor) -> None:
    console = play.world.by_kind["vspc"]
    await guest.ask_for(DANA)
    await guest.become("Ben")
    await guest.approve()
    await expect(guest.root(DANA)).to_contain_text("closed: ")
    await guest.become("Amy")
    await guest.ask_for(JORDANA)
    await guest.become("Ben")
    await guest.approve()
    await expect(guest.root(JORDANA)).to_contain_text("paused: ")
    await expect(guest.said("is held by a limit")).to_contain_text("@Rosa Root")
    await guest.press("Release", guest.thread)
    await expect(guest.told_alone("Only an admin")).to_be_visible()
    await guest.keep("limits-1-held")
    assert r"acme\jordana" in console.standing()

    await guest.become("Rosa")
    await guest.press("Release", guest.thread)
    await guest.modal.get_by_label("Reason").fill("Both were agreed on this morning.")
    await guest.keep("limits-2-release")
    await guest.press("Release", guest.modal)

    await expect(guest.root(JORDANA)).to_contain_text("closed: ")
    await expect(guest.said("No longer held by a limit")).to_contain_text("Both were agreed on this morning.")
    await guest.keep("limits-3-ended")
    assert r"acme\jordana" not in console.standing()
