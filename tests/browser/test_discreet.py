"""Discreet: initials in the channel, the plan behind Review, and Approve inside it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc", "rsa_cas"), environment={"OFFBOARD_SLACK__DISCREET": "true"})
DANA = "dana@acme.test"


async def test_only_who_may_decide_reads_the_plan_and_nobody_reads_the_address(play: Stage, guest: Visitor) -> None:
    await guest.say(f"/offboard {DANA}")
    await guest.press("Request", guest.modal)
    await expect(guest.modal).to_be_hidden()
    root = guest.channel.get_by_role("article").filter(has=guest.page.get_by_role("heading", name="OFF-1"))
    await root.get_by_role("button", name="repl").click()
    review = guest.thread.get_by_role("button", name="Review")
    await expect(review).to_be_visible()
    await guest.keep("discreet-1-thread")

    await guest.become("Otto")
    await review.click()
    await expect(guest.told_alone("You are not an approver")).to_be_visible()
    await expect(guest.modal).to_be_hidden()

    await guest.become("Ben")
    await review.click()
    await expect(guest.modal).to_contain_text(DANA)
    await expect(guest.modal).to_contain_text(r"acme\dana")
    await guest.keep("discreet-2-review")
    await guest.press("Approve", guest.modal)
    await guest.keep("discreet-3-sure")
    await guest.press("Approve", guest.question)
    await expect(guest.modal).to_contain_text("The run has begun")
    await guest.keep("discreet-4-approved")
    await guest.press("Close", guest.modal)
    await expect(root.first).to_contain_text("closed: ")
    await guest.keep("discreet-5-ended")

    assert not play.world.by_kind["vspc"].of(DANA)
    texts = [play.workspace.text_of(one) for one in play.workspace.messages("C0CASES")]
    assert texts
    assert not any(DANA in text for text in texts)
