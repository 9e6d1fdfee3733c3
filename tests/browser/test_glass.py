"""Break-glass: the address is typed, it begins at once, and every approver hears of it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc",), policy={"break_glass": True})
DANA = "dana@acme.test"


async def test_an_admin_types_the_address_and_every_approver_is_told(play: Stage, guest: Visitor) -> None:
    await guest.ask_for(DANA)
    await expect(guest.thread.get_by_role("button", name="Approve")).to_be_visible()
    await guest.become("Otto")
    await guest.say("/offboard break-glass OFF-1")
    await expect(guest.told_alone("OFF-1")).to_be_visible()
    await expect(guest.modal).to_be_hidden()

    await guest.become("Rosa")
    await guest.say("/offboard break-glass OFF-1")
    await guest.modal.get_by_label("Reason").fill("He is at the keyboard.")
    await guest.modal.get_by_label("The person's address").fill("dana@other.test")
    await guest.keep("glass-1-form")
    await guest.press("Begin", guest.modal)
    await expect(guest.modal.get_by_label("The person's address")).to_have_attribute("aria-invalid", "true")
    await guest.keep("glass-2-wrong-address")
    assert play.world.by_kind["vspc"].of(DANA)
    await guest.modal.get_by_label("The person's address").fill(DANA)
    await guest.press("Begin", guest.modal)

    await expect(guest.said("was begun without approvals")).to_contain_text("@Rosa Root")
    await expect(guest.root(DANA)).to_contain_text("closed: ")
    assert not play.world.by_kind["vspc"].of(DANA)
    await guest.keep("glass-3-ended")
    for approver in ("Ben", "Chloe"):
        await guest.become(approver)
        message = guest.sidebar.get_by_role("button", name=re.compile("^Offboard(?! home)"))
        await expect(message).to_contain_text("new for you")
        await message.click()
        await expect(guest.channel.get_by_role("article").last).to_contain_text("broke the glass")
        await guest.keep(f"glass-4-{approver}")
        await guest.sidebar.get_by_role("button", name="offboarding").click()
