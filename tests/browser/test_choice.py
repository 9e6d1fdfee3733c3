"""One person with two accounts in a system: the bot chooses neither, a person does."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc", "liveperson"))
ROBIN = "robin@acme.test"


async def test_only_the_account_that_a_person_picks_goes(play: Stage, guest: Visitor) -> None:
    console = play.world.by_kind["vspc"]
    before = console.standing()
    await guest.ask_for(ROBIN)
    await guest.become("Ben")
    await guest.keep("choice-1-plan")
    await guest.press("Choose", guest.thread)
    boxes = guest.modal.get_by_role("checkbox")
    await expect(boxes).to_have_count(4)
    assert [await box.is_checked() for box in await boxes.all()] == [False] * 4
    await expect(guest.modal).to_contain_text("globex")
    await expect(guest.modal).to_contain_text("CompanyAdministrator")
    await guest.keep("choice-2-picker")

    await guest.modal.get_by_role("checkbox", name=r"acme\robin").check()
    await guest.press("Choose", guest.modal)
    await expect(guest.modal.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    await guest.keep("choice-3-no-reason")
    await guest.modal.get_by_label("Reason").fill("Her manager showed me her badge.")
    await guest.press("Choose", guest.modal)
    await expect(guest.modal).to_be_hidden()
    await expect(guest.said("Plan 2 of OFF-1")).to_contain_text("Chosen by @Ben Sato")
    await guest.keep("choice-4-second-plan")
    assert console.standing() == before

    await guest.become("Chloe")
    await guest.approve()
    await expect(guest.root(ROBIN)).to_contain_text("needs people: ")
    await expect(guest.thread).to_contain_text("Is gone, and a later read proved it.")
    await expect(guest.thread).to_contain_text("A person chose another account here, and not this one.")
    await expect(guest.said("Also sent to the channel")).to_have_count(1)
    await guest.keep("choice-5-ended")
    gone = before - console.standing()
    assert r"acme\robin" in gone
    assert all(one.startswith(r"acme\robin") for one in gone)
