"""The newcomer's walk: the real bot and all five systems, driven through the page alone."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from sandbox.stage import Stage, Staging, stage
from sandbox.systems.all import ENTRIES
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
LABELS = tuple(label for _, label in ENTRIES.values())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def play() -> AsyncIterator[Stage]:
    async with stage(Staging(limits=False)) as everything:
        yield everything


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(play: Stage, tab: Page) -> Visitor:
    somebody = Visitor(tab)
    await somebody.come(play.workspace.url)
    return somebody


async def test_a_newcomer_takes_a_leavers_access_away_in_five_systems(play: Stage, visitor: Visitor) -> None:
    await expect(visitor.page.get_by_role("region", name="How to begin")).to_contain_text("/offboard dana@acme.test")
    await visitor.ask_for("dana@acme.test")
    for label in LABELS:
        await expect(visitor.thread.get_by_text(f"{label}: ")).to_be_visible()
    await expect(visitor.persona("Ben")).to_contain_text("new")

    await visitor.become("Ben")
    await visitor.approve()

    for label in LABELS:
        await expect(visitor.thread.get_by_role("listitem").filter(has_text=f"{label}: removed").first).to_be_visible()
    await expect(visitor.thread.get_by_role("article").filter(has_text="Also sent to the channel")).to_have_count(1)
    await expect(visitor.thread.get_by_role("article").last).to_contain_text("Approved by ben@acme.test.")
    await expect(visitor.channel.get_by_role("article").last).to_contain_text("replied to a thread: OFF-")
    await expect(visitor.root("dana@acme.test")).to_contain_text("closed: ")
    assert [kind for kind, simulator in play.world.by_kind.items() if simulator.of("dana@acme.test")] == []
    assert play.workspace.lint_findings == []
    await _keep_picture(visitor)


async def _keep_picture(visitor: Visitor) -> None:
    """Make the README's picture of the finished walk, where the environment names a file for it."""
    place = os.environ.get("OFFBOARD_PICTURE")
    if not place:
        return
    await visitor.page.set_viewport_size({"width": 1280, "height": 940})
    await visitor.become("Amy")
    card = visitor.thread.get_by_role("article").filter(has_text="5 of 5 systems have a result")
    await card.evaluate("node => node.scrollIntoView({block: 'start'})")
    await visitor.channel.get_by_role("log").evaluate("node => { node.scrollTop = 0; }")
    await visitor.page.mouse.move(1240, 20)
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    await visitor.page.screenshot(path=place, animations="disabled")


async def test_an_outsider_and_the_requester_are_refused_privately(visitor: Visitor) -> None:
    await visitor.ask_for("sam@acme.test")
    await visitor.become("Otto")
    await visitor.approve()
    told = visitor.thread.get_by_role("article").filter(has_text="Only visible to you")
    await expect(told).to_contain_text("You are not an approver. Nothing was done.")
    await expect(visitor.whispers().last).to_contain_text("Who may: @security")

    await visitor.become("Amy")
    await expect(visitor.whispers().filter(has_text="Nothing was done")).to_have_count(0)
    await visitor.approve()
    await expect(visitor.whispers().last).to_contain_text("Nothing was done")

    await visitor.become("Ben")
    await expect(visitor.whispers().filter(has_text="Nothing was done")).to_have_count(0)
    await expect(visitor.thread.get_by_role("button", name="Approve")).to_be_enabled()
    await expect(visitor.root("sam@acme.test")).to_contain_text("waiting: ")


async def test_an_approver_declines_with_a_reason(play: Stage, visitor: Visitor) -> None:
    await visitor.ask_for("jordana@acme.test")
    before = {kind: simulator.standing() for kind, simulator in play.world.by_kind.items()}
    await visitor.become("Chloe")
    await visitor.press("Decline", visitor.thread)
    await expect(visitor.modal.get_by_label("Reason")).to_be_focused()
    await visitor.modal.get_by_label("Reason").fill("She is only on leave.")
    await visitor.press("Decline", visitor.modal)

    word = visitor.thread.get_by_role("article").filter(has_text="is declined.")
    await expect(word).to_contain_text("@Chloe Haddad")
    await expect(word).to_contain_text("She is only on leave.")
    await expect(visitor.thread.get_by_role("button", name="Approve")).to_have_count(0)
    await expect(visitor.root("jordana@acme.test")).to_contain_text("declined: ")
    assert {kind: simulator.standing() for kind, simulator in play.world.by_kind.items()} == before


async def test_a_request_for_nobody_says_under_the_field_what_is_missing(visitor: Visitor) -> None:
    await visitor.say("/offboard")
    await visitor.press("Request", visitor.modal)
    await expect(visitor.modal.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    await expect(visitor.modal.get_by_label("E-mail")).to_be_focused()
    await visitor.press("Close", visitor.modal)
    await expect(visitor.modal).to_be_hidden()


async def test_a_person_named_with_an_at_sign_fills_the_field_for_people(visitor: Visitor) -> None:
    await visitor.box.press_sequentially("/offboard @no")
    await visitor.page.get_by_role("option", name="Noa Blank").click()
    await expect(visitor.box).to_have_value("/offboard @noa ")
    await visitor.box.press("Enter")
    await expect(visitor.modal.get_by_label("Person in Slack")).to_have_value("U0NOA")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.modal).to_be_hidden()


async def test_an_outsider_is_not_even_given_the_form(visitor: Visitor) -> None:
    await visitor.become("Otto")
    await visitor.say("/offboard noa@acme.test")
    await expect(visitor.whispers().last).to_contain_text("Only visible to you")
    await expect(visitor.modal).to_be_hidden()


async def test_the_home_tab_shows_the_cases_of_who_opens_it(visitor: Visitor) -> None:
    await visitor.sidebar.get_by_role("button", name="Offboard home").click()
    home = visitor.page.get_by_role("region", name="Home tab")
    await expect(home.get_by_role("heading", name="Cases I asked for")).to_be_visible()
    await home.get_by_role("link", name="OFF-1", exact=True).click()
    await expect(visitor.thread).to_contain_text("OFF-1 · dana@acme.test")


async def test_a_person_with_no_account_is_answered_for_and_nothing_is_approved(visitor: Visitor) -> None:
    await visitor.ask_for("noa@acme.test")
    await expect(visitor.root("noa@acme.test")).to_contain_text("needs people: ")
    await expect(visitor.thread.get_by_role("button", name="Approve")).to_have_count(0)
    await visitor.become("Ben")
    await visitor.press("Nothing to remove", visitor.thread)
    await visitor.press("Nothing to remove", visitor.question)
    await expect(visitor.root("noa@acme.test")).to_contain_text("closed: ")
    await visitor.become("Amy")
    message = visitor.sidebar.get_by_role("button", name=re.compile("^Offboard(?! home)"))
    await expect(message).to_contain_text("new for you")
    await message.click()
    answered = visitor.channel.get_by_role("article").filter(has_text="noa@acme.test")
    await expect(answered.last).to_contain_text("the results are in.")
    await visitor.keep("nothing-told-directly")
    await expect(message).not_to_contain_text("new for you")


async def test_a_typing_error_shows_near_names_and_is_corrected(play: Stage, visitor: Visitor) -> None:
    await visitor.ask_for("kavya@acne.test")
    await expect(visitor.said("similar, not chosen")).to_contain_text("kavya@acme.test")
    await visitor.press("Correct the address", visitor.thread)
    address = visitor.modal.get_by_label("E-mail")
    await expect(address).to_have_value("kavya@acne.test")
    await visitor.keep("correct-the-address")
    await address.fill("kavya@acme.test")
    await visitor.press("Request", visitor.modal)
    await expect(visitor.modal).to_be_hidden()
    await expect(visitor.root("kavya@acne.test")).to_contain_text("cancelled: ")
    await expect(visitor.thread).to_contain_text("takes its place")
    corrected = visitor.root("kavya@acme.test").last
    await expect(corrected).to_contain_text("waiting: ")

    await corrected.get_by_role("button", name="repl").click()
    await expect(visitor.thread).to_contain_text("Looked for: kavya@acme.test")
    await visitor.become("Ben")
    await visitor.approve()
    await expect(corrected).to_contain_text("closed: ")
    await visitor.keep("corrected-and-done")
    assert [kind for kind, simulator in play.world.by_kind.items() if simulator.of("kavya@acme.test")] == []
