"""Whom it is about and who decides: a successor's seat, a forged button, a leaver who is not in Slack."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from handlers import ids
from sandbox.slack.records import Json
from sandbox.stage import BOT_TOKEN, CHANNEL, Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("liveperson",))
PETRA = "petra@acme.test"
SUCCESSOR = "sam.seat@acme.test"
DANA = "dana@acme.test"
JORDANA = "jordana@acme.test"
STATEMENT = "By approving you state that this person has no Slack account."
NOT_LOGGED = re.compile(r"@acme\.test|Amy Ortiz|Ben Sato|U0[A-Z]|Traceback|ERROR")
"""What the bot never logs: addresses, names, Slack ids, and errors of its own."""


async def test_a_successors_seat_goes_only_after_a_person_chose_it(play: Stage, guest: Visitor) -> None:
    seats = play.world.by_kind["liveperson"]
    before = seats.standing()
    await guest.ask_for(PETRA)
    plan = guest.said("Plan of OFF-")
    await expect(plan).to_contain_text(f"Its log-in is {PETRA}, its own address is {SUCCESSOR}")
    await expect(plan).to_contain_text("No account is chosen, so nothing would be taken away.")
    await expect(plan).to_contain_text("@security: if one of the accounts below is this person's, press Choose.")
    await guest.keep("successor-1-plan")

    await guest.become("Ben")
    await guest.press("Choose", guest.thread)
    seat = guest.modal.get_by_role("checkbox", name=f"{PETRA}, {SUCCESSOR}")
    await expect(seat).not_to_be_checked()
    await expect(guest.modal).to_contain_text(f"there as: address {SUCCESSOR}")
    await guest.keep("successor-2-picker")
    await seat.check()
    await guest.modal.get_by_label("Reason").fill("Nobody took over: the address was changed by mistake.")
    await guest.press("Choose", guest.modal)
    await expect(guest.modal).to_be_hidden()
    second = guest.said("Plan 2 of OFF-")
    await expect(second).to_contain_text("Chosen by @Ben Sato")
    await expect(second).to_contain_text(SUCCESSOR)
    await guest.keep("successor-3-second-plan")
    assert seats.standing() == before

    await guest.become("Chloe")
    await guest.approve()
    await expect(guest.root(PETRA)).to_contain_text("closed: ")
    await expect(guest.result("LivePerson", "removed").first).to_be_visible()
    await guest.keep("successor-4-ended")
    assert before - seats.standing() == {PETRA}
    assert not NOT_LOGGED.search(play.bot.tail(1000))


def approve_button(play: Stage) -> Json:
    """The button that approves the only plan that waits."""
    channel = play.workspace.messages(CHANNEL)
    blocks = [block for root in channel for one in play.workspace.messages(CHANNEL, root.ts) for block in one.blocks]
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    [found] = [element for element in elements if element["action_id"] == ids.APPROVE]
    return dict(found)


async def post_lure(play: Stage) -> None:
    """Post as a thief of the bot's token would: a harmless question over the deed of an approval."""
    label = {"type": "plain_text", "text": "Count me in for lunch"}
    button = {"type": "button", "action_id": ids.APPROVE, "value": approve_button(play)["value"], "text": label}
    question: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "Lunch on Friday?"}}
    blocks = [question, {"type": "actions", "elements": [button]}]
    thief = AsyncWebClient(token=BOT_TOKEN, base_url=play.workspace.api_url)
    await thief.chat_postMessage(
        channel=CHANNEL, text="Lunch on Friday?", blocks=blocks, unfurl_links=False, unfurl_media=False
    )


async def test_a_forged_button_removes_nothing_and_the_admins_are_told(play: Stage, guest: Visitor) -> None:
    seats = play.world.by_kind["liveperson"]
    before = seats.standing()
    await guest.ask_for(DANA)
    await expect(guest.thread.get_by_role("button", name="Approve")).to_be_visible()
    await post_lure(play)

    await guest.become("Ben")
    await guest.press("Count me in for lunch", guest.channel)
    refused = guest.told_alone("This is not a message or form that I wrote. Nothing was done.")
    await expect(refused).to_be_visible()
    await guest.keep("forged-1-refused")
    await expect(guest.root(DANA)).to_contain_text("waiting: ")

    await guest.become("Rosa")
    await expect(refused).to_have_count(0)
    messages = guest.sidebar.get_by_role("button", name=re.compile("^Offboard(?! home)"))
    await expect(messages).to_contain_text("new for you")
    await messages.click()
    alarm = guest.channel.get_by_role("article").last
    await expect(alarm).to_contain_text("OFF-2 (dana@acme.test): a button or form that I did not write was used.")
    await expect(alarm).to_contain_text("Ben Sato (U0BEN)")
    await expect(alarm).to_contain_text("It would have counted as “Approve”. Nothing was done.")
    await guest.keep("forged-2-alarm")
    assert seats.standing() == before
    assert not NOT_LOGGED.search(play.bot.tail(1000))


async def test_approve_says_what_is_stated_of_a_leaver_not_in_slack(play: Stage, guest: Visitor) -> None:
    await guest.ask_for(JORDANA)
    plan = guest.said("Plan of OFF-")
    await expect(plan).to_contain_text("Not found in Slack: secrecy and self-approval cannot be checked.")
    await expect(plan).to_contain_text("Whoever approves states that this person has no Slack account.")
    await guest.keep("not-in-slack-1-plan")

    await guest.become("Ben")
    await guest.press("Approve", guest.thread)
    await expect(guest.question).to_contain_text(STATEMENT)
    await guest.keep("not-in-slack-2-question")
    await guest.press("Approve", guest.question)
    await expect(guest.root(JORDANA)).to_contain_text("closed: ")
    await expect(plan).to_contain_text("@Ben Sato stated by approving that this person has no Slack account.")
    await guest.keep("not-in-slack-3-ended")
    assert not play.world.by_kind["liveperson"].of(JORDANA)
    assert not NOT_LOGGED.search(play.bot.tail(1000))
