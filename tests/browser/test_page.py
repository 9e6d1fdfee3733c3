"""The page as a whole: the Home tab, direct messages, a narrow screen, a workspace that goes away."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace, demo_seed
from tests.browser.smallbot import notes
from tests.browser.visitor import Visitor
from tests.sandbox.slack.payload import QUIET, actions, home, option, section

pytestmark = pytest.mark.asyncio(loop_scope="session")
CASES = "C0CASES"


async def test_a_choice_on_the_home_tab_is_sent_at_once(
    app: AsyncApp, client: AsyncWebClient, visitor: Visitor
) -> None:
    picked = notes(app, "sort")
    menu = {"type": "static_select", "action_id": "sort", "options": [option("new"), option("old")]}

    async def opened(event: dict[str, Any]) -> None:
        await client.views_publish(
            user_id=event["user"], view=home(section("Good morning."), actions(menu, block_id="x"))
        )

    app.event("app_home_opened")(opened)
    await visitor.sidebar.get_by_role("button", name="Offboard home").click()
    tab = visitor.page.get_by_role("region", name="Home tab")
    await expect(tab).to_contain_text("Good morning.")
    async with visitor.page.expect_response("**/page/act"):
        await tab.get_by_role("combobox").select_option("Old")
    assert [values["x"]["sort"]["selected_option"]["value"] for _, values in picked] == ["old"]


async def test_a_direct_message_counts_until_it_is_read(client: AsyncWebClient, visitor: Visitor) -> None:
    await client.chat_postMessage(channel="U0AMY", text="for you alone", **QUIET)
    row = visitor.sidebar.get_by_role("button", name="Offboard 1 new for you")
    await expect(visitor.persona("Amy")).to_contain_text("1 new")
    await row.click()
    await expect(visitor.channel.get_by_role("article")).to_contain_text("for you alone")
    await expect(row).to_have_count(0)
    await expect(visitor.persona("Amy")).not_to_contain_text("new")


async def test_a_lost_workspace_is_told_and_the_page_comes_back_by_itself(browser: Browser) -> None:
    first = Workspace(demo_seed())
    await first.start()
    page = await browser.new_page()
    await Visitor(page).come(first.url)
    port = int(first.url.split(":")[2].strip("/"))
    await first.stop()
    await expect(page.get_by_role("alert")).to_contain_text("The workspace is not to be heard.")
    second = Workspace(demo_seed())
    await second.start(port=port)
    second.as_person("U0BEN").say("here again")
    await expect(page.get_by_text("here again")).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_hidden()
    await page.close()
    await second.stop()


async def test_nothing_overflows_on_a_narrow_screen(client: AsyncWebClient, visitor: Visitor) -> None:
    await client.chat_postMessage(channel=CASES, text="d" * 300, blocks=[section("d" * 300)], **QUIET)
    await visitor.page.set_viewport_size({"width": 600, "height": 700})
    await expect(visitor.channel.get_by_role("article")).to_be_visible()
    wide = "document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.list, .composer')]"
    assert not await visitor.page.evaluate(f"{wide}.some((node) => node.scrollWidth > node.clientWidth)")
