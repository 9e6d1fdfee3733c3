"""An account that changes between the plan and the run waits; what stayed as it was goes."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from sandbox.systems.vspc.server import Vspc
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc", "rsa_cas"))
DANA = "dana@acme.test"


async def test_what_has_grown_waits_for_a_second_approval_that_shows_the_difference(
    play: Stage, guest: Visitor
) -> None:
    console, cloud = play.world.by_kind["vspc"], play.world.by_kind["rsa_cas"]
    assert isinstance(console, Vspc)
    await guest.ask_for(DANA)
    await guest.become("Ben")
    await expect(guest.thread.get_by_role("button", name="Approve")).to_be_visible()
    next(user for user in console.state.users.values() if user.mail == DANA).role = "CompanyAdministrator"

    await guest.approve()
    await expect(guest.said("Plan 2 of OFF-1")).to_contain_text(
        "Not as it was approved: holds more than was shown: CompanyAdministrator."
    )
    await expect(guest.root(DANA)).to_contain_text("waiting: ")
    await guest.keep("changed-1-second-plan")
    assert console.of(DANA)
    assert not cloud.of(DANA)

    await guest.approve()
    await expect(guest.root(DANA)).to_contain_text("closed: ")
    await guest.keep("changed-2-ended")
    assert not console.of(DANA)
