"""What the page does with the messages that any bot may send."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.records import Message
from sandbox.slack.workspace import Workspace
from tests.browser.smallbot import notes
from tests.browser.visitor import Visitor
from tests.sandbox.slack.payload import QUIET, actions, button, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")
CASES = "C0CASES"
SURE = {"title": plain("Really?"), "text": plain("There is no way back."), "confirm": plain("Yes"), "deny": plain("No")}


def unlinted(workspace: Workspace, *blocks: dict[str, Any]) -> None:
    """Put a message into the channel that Slack's checks would not let through."""
    state = workspace._backend.state
    state.post(
        Message(state.next_ts(), CASES, state.bot, "", [{"block_id": f"b{n}", **b} for n, b in enumerate(blocks)])
    )


async def test_a_block_that_the_page_does_not_know_is_a_labelled_box(workspace: Workspace, visitor: Visitor) -> None:
    unlinted(workspace, section("before"), {"type": "hologram", "depth": 3}, {"type": "table"}, section("after"))
    message = visitor.channel.get_by_role("article").last
    boxes = message.get_by_role("note")
    await expect(boxes.nth(0)).to_contain_text("“hologram”")
    await expect(boxes.nth(1)).to_contain_text("“table”")
    await boxes.nth(0).get_by_text("What it holds").click()
    await expect(boxes.nth(0)).to_contain_text('"depth": 3')
    await expect(message).to_contain_text("before")
    await expect(message).to_contain_text("after")


async def test_markup_of_the_web_in_a_message_is_only_words(workspace: Workspace, visitor: Visitor) -> None:
    evil = "<img src=x onerror=alert(1)> &lt;b&gt;bold&lt;/b&gt; <javascript:alert(1)|press me>"
    unlinted(workspace, section(evil), {"type": "markdown", "text": "[here](javascript:alert(1)) <script>x</script>"})
    message = visitor.channel.get_by_role("article").last
    await expect(message).to_contain_text("<b>bold</b>")
    await expect(message).to_contain_text("<script>x</script>")
    await expect(message.locator("a, b, script, img[src=x]")).to_have_count(0)


async def test_mrkdwn_is_drawn_with_names_dates_and_links(client: AsyncWebClient, visitor: Visitor) -> None:
    text = "*bold* _slanted_ `code` <https://acme.test|the site> <@U0BEN> <!subteam^S0SECURITY> a_b"
    text += " <!date^0^{date_num}|x>"
    await client.chat_postMessage(channel=CASES, text=text, **QUIET)
    message = visitor.channel.get_by_role("article").last
    await expect(message.locator("strong").last).to_have_text("bold")
    await expect(message.locator("em")).to_have_text("slanted")
    await expect(message.locator("code")).to_have_text("code")
    await expect(message.get_by_role("link", name="the site")).to_have_attribute("href", "https://acme.test")
    await expect(message).to_contain_text("@Ben Sato @security a_b 01/01/1970")


async def test_an_opened_task_stays_open_while_the_message_is_edited(client: AsyncWebClient, visitor: Visitor) -> None:
    def plan(status: str) -> list[dict[str, Any]]:
        words = {"type": "rich_text_section", "elements": [{"type": "text", "text": "the proof"}]}
        details = {"type": "rich_text", "elements": [words]}
        task = {"type": "task_card", "task_id": "crm", "title": "CRM", "status": status, "details": details}
        return [{"type": "plan", "title": f"It is {status}", "tasks": [task]}]

    posted = await client.chat_postMessage(channel=CASES, text="x", blocks=plan("in_progress"), **QUIET)
    message = visitor.channel.get_by_role("article").last
    await expect(message).to_contain_text("In progress: CRM")
    await expect(message.get_by_text("the proof")).to_be_hidden()
    await message.get_by_text("CRM").click()
    await client.chat_update(channel=CASES, ts=posted["ts"], text="x", blocks=plan("complete"))
    await expect(message).to_contain_text("It is complete")
    await expect(message).to_contain_text("(edited)")
    await expect(message.get_by_text("the proof")).to_be_visible()


async def test_backing_out_of_a_question_does_nothing(app: AsyncApp, client: AsyncWebClient, visitor: Visitor) -> None:
    pressed = notes(app, "delete")
    blocks = [actions(button("delete", confirm=SURE))]
    await client.chat_postMessage(channel=CASES, text="x", blocks=blocks, **QUIET)
    await visitor.press("Delete", visitor.channel)
    await expect(visitor.question).to_contain_text("There is no way back.")
    await visitor.press("No", visitor.question)
    await visitor.press("Delete", visitor.channel)
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.question).to_be_hidden()
    await visitor.press("Delete", visitor.channel)
    async with visitor.page.expect_response("**/page/act"):
        await visitor.press("Yes", visitor.question)
    assert pressed == [("U0AMY", {})]


async def test_a_button_for_others_is_not_shown(client: AsyncWebClient, visitor: Visitor) -> None:
    blocks = [actions(button("approve", visible_to_user_ids=["U0BEN"]), button("look"))]
    await client.chat_postMessage(channel=CASES, text="x", blocks=blocks, **QUIET)
    await expect(visitor.channel.get_by_role("button", name="Look")).to_be_visible()
    await expect(visitor.channel.get_by_role("button", name="Approve")).to_have_count(0)
    await visitor.become("Ben")
    await expect(visitor.channel.get_by_role("button", name="Approve")).to_be_visible()


async def test_a_thread_is_read_by_opening_it_and_takes_words_but_no_commands(
    client: AsyncWebClient, visitor: Visitor
) -> None:
    root = await client.chat_postMessage(channel=CASES, text="root", **QUIET)
    await client.chat_postMessage(channel=CASES, text="reply", thread_ts=root["ts"], **QUIET)
    thread = visitor.channel.get_by_role("button", name="1 reply")
    await expect(thread).to_contain_text("new")
    await thread.click()
    await expect(thread).not_to_contain_text("new")
    await visitor.thread.get_by_label("Reply").fill("/offboard")
    await visitor.thread.get_by_label("Reply").press("Enter")
    await expect(visitor.thread.get_by_role("alert")).to_contain_text("does not work in threads")
    await visitor.thread.get_by_label("Reply").fill("an answer")
    await visitor.thread.get_by_label("Reply").press("Enter")
    await expect(visitor.thread.get_by_role("article").last).to_contain_text("an answer")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.thread).to_be_hidden()
