"""A system that fails, and the three ways out of it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from sandbox.systems.faults import Fault
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc", "liveperson", "rsa_cas"))
DANA = "dana@acme.test"
CONSOLE, CHAT, CLOUD = "Veeam Service Provider Console", "LivePerson", "RSA Cloud Access Service"


async def test_a_failed_system_is_retried_another_skipped_and_a_third_marked_done(play: Stage, guest: Visitor) -> None:
    await guest.ask_for(DANA)
    await guest.become("Ben")
    await expect(guest.thread.get_by_role("button", name="Approve")).to_be_visible()
    for simulator in play.world.by_kind.values():
        simulator.faults.add(Fault("status", "DELETE", times=999, status=403, body="{}"))
        simulator.faults.add(Fault("status", "PATCH", times=999, status=403, body="{}"))
        simulator.faults.add(Fault("status", "PUT", times=999, status=403, body="{}"))
    await guest.approve()
    await expect(guest.root(DANA)).to_contain_text("needs people: ")
    await expect(guest.said("Also sent to the channel")).to_have_count(1)
    await guest.become("Rosa")
    await expect(guest.thread.get_by_role("button", name="Retry", exact=True)).to_have_count(3)
    await guest.thread.get_by_role("button", name="Skip", exact=True).last.scroll_into_view_if_needed()
    await guest.keep("mending-1-needs-people")

    for simulator in play.world.by_kind.values():
        simulator.faults.clear()
    await guest.thread.get_by_role("button", name="Retry", exact=True).nth(0).click()
    await expect(guest.result(CONSOLE, "removed").first).to_be_visible()
    await expect(guest.thread.get_by_role("button", name="Skip", exact=True)).to_have_count(2)
    await guest.thread.get_by_role("button", name="Skip", exact=True).nth(0).click()
    await guest.modal.get_by_label("Reason").fill("Her team keeps the log-in until Friday.")
    await guest.keep("mending-2-skip")
    await guest.press("Skip", guest.modal)
    await expect(guest.result(CHAT, "skipped").first).to_be_visible()
    await expect(guest.thread.get_by_role("button", name="Mark done", exact=True)).to_have_count(1)
    await guest.press("Mark done", guest.thread)
    await guest.modal.get_by_label("Evidence").fill("Deleted in the console, ticket 4711.")
    await guest.keep("mending-3-mark-done")
    await guest.press("Mark done", guest.modal)

    await expect(guest.root(DANA)).to_contain_text("closed: ")
    closing = guest.said("Also sent to the channel")
    await expect(closing).to_contain_text("Left as it is by @Rosa Root: LivePerson.")
    await expect(closing).to_contain_text("Marked done by @Rosa Root: RSA Cloud Access Service.")
    await closing.scroll_into_view_if_needed()
    await guest.keep("mending-4-closed")
    standing = {kind: bool(simulator.of(DANA)) for kind, simulator in play.world.by_kind.items()}
    assert standing == {"vspc": False, "liveperson": True, "rsa_cas": True}
