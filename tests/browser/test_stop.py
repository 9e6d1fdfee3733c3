"""Stop on a case that runs, and going on afterwards."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from sandbox.systems.faults import Fault
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc", "rsa_cas"))
DANA = "dana@acme.test"
CONSOLE = "Veeam Service Provider Console"


async def test_what_was_not_sent_when_stop_is_pressed_is_not_sent(play: Stage, guest: Visitor) -> None:
    console, cloud = play.world.by_kind["vspc"], play.world.by_kind["rsa_cas"]
    let_go = asyncio.Event()
    await guest.ask_for(DANA)
    await guest.become("Ben")
    await expect(guest.thread.get_by_role("button", name="Approve")).to_be_visible()
    console.faults.add(Fault("hold", "GET", times=99, until=let_go))
    await guest.approve()
    await expect(guest.result("RSA Cloud Access Service", "removed").first).to_be_visible()
    await guest.keep("stop-1-running")

    await guest.press("Stop", guest.thread)
    await guest.keep("stop-2-sure")
    await guest.press("Stop", guest.question)
    await expect(guest.said("OFF-1 was stopped")).to_contain_text("@Ben Sato")
    let_go.set()
    await expect(guest.result(CONSOLE, "refused").first).to_be_visible()
    await expect(guest.said("Also sent to the channel")).to_have_count(1)
    await guest.keep("stop-3-stopped")

    assert console.of(DANA)
    assert console.journal.writes() == []
    assert not cloud.of(DANA)


async def test_an_admin_goes_on_where_it_was_stopped(play: Stage, guest: Visitor) -> None:
    console = play.world.by_kind["vspc"]
    await guest.root(DANA).get_by_role("button", name="repl").click()
    await guest.become("Rosa")

    await guest.press("Retry", guest.thread)

    await expect(guest.root(DANA)).to_contain_text("closed: ")
    await expect(guest.result(CONSOLE, "removed").first).to_be_visible()
    assert not console.of(DANA)
