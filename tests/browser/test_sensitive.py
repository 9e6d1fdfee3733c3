"""A leaver who reads the case channel: the case is told where they do not read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.async_api import expect

from sandbox.slack.workspace import Channel, demo_seed
from sandbox.stage import Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
ACME = demo_seed()
HR = Channel("C0HRONLY", "hr-only", is_private=True, members=("U0AMY", "U0BEN", "U0CHLOE", "U0ROOT", ACME.bot))
STAGING = Staging(
    limits=False,
    kinds=("vspc",),
    environment={"OFFBOARD_SLACK__SENSITIVE_CHANNEL": HR.id},
    seed=replace(ACME, channels=(*ACME.channels, HR)),
)
OTTO = "otto@acme.test"


async def test_a_case_about_a_member_of_the_channel_is_told_elsewhere(guest: Visitor) -> None:
    await guest.say(f"/offboard {OTTO}")
    await guest.press("Request", guest.modal)
    await expect(guest.modal).to_be_hidden()
    message = guest.sidebar.get_by_role("button", name=re.compile("^Offboard(?! home)"))
    await expect(message).to_contain_text("new for you")
    await message.click()
    await expect(guest.channel.get_by_role("article").first).to_contain_text("It is told in the sensitive channel")
    await guest.keep("sensitive-1-asked")
    await guest.sidebar.get_by_role("button", name="hr-only").click()
    await expect(guest.root(OTTO)).to_contain_text("needs people: ")
    await guest.keep("sensitive-2-elsewhere")

    await guest.become("Otto")
    await expect(guest.sidebar.get_by_role("button", name="hr-only")).to_have_count(0)
    await guest.sidebar.get_by_role("button", name="offboarding").click()
    await guest.keep("sensitive-3-otto")
    await expect(guest.page.get_by_role("article").filter(has_text="OFF-1")).to_have_count(0)
