"""Approving with a code: the dialog asks for it, a wrong one is told there, and the right one starts the run."""

from __future__ import annotations

import asyncio
import re
import sys

import pyotp
import pytest
from playwright.async_api import expect

from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
OPERATORS_KEY = "the operator's key, of 32 characters"
POLICY = {"second_factor": "totp", "second_factor_key": OPERATORS_KEY}
STAGING = Staging(limits=False, kinds=("vspc",), policy=POLICY)
DANA = "dana@acme.test"


async def enrolled(play: Stage, user_id: str) -> str:
    """What the command prints as the key, run by an operator beside the running bot."""
    command = (sys.executable, "-m", "bot", "second-factor", "enrol", user_id)
    running = await asyncio.create_subprocess_exec(
        *command, cwd=play.folder, env=play.bot.environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await running.communicate()
    found = re.search(r"^key: +([A-Z2-7]{32})$", out.decode(), re.MULTILINE)
    assert found, out
    return found[1]


async def test_an_approver_gives_a_wrong_code_and_then_the_right_one(play: Stage, guest: Visitor) -> None:
    await guest.ask_for(DANA)
    await expect(guest.thread.get_by_role("button", name="Approve")).to_be_visible()
    key = await enrolled(play, "U0BEN")
    right = pyotp.TOTP(key).now()
    await guest.become("Ben")
    await guest.press("Approve", guest.thread)
    await guest.press("Approve", guest.question)
    await guest.modal.get_by_label("Code").fill(right[::-1] if right[::-1] != right else "000000")
    await guest.keep("code-1-form")
    await guest.press("Approve", guest.modal)
    await expect(guest.modal.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    await guest.keep("code-2-wrong")
    assert play.world.by_kind["vspc"].of(DANA)

    await guest.modal.get_by_label("Code").fill(pyotp.TOTP(key).now())
    await guest.press("Approve", guest.modal)

    await expect(guest.modal).to_contain_text("The run has begun")
    await guest.keep("code-3-approved")
    await expect(guest.root(DANA)).to_contain_text("closed: ")
    assert not play.world.by_kind["vspc"].of(DANA)
