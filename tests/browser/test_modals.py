"""What the page does with modals, and with what is half typed."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace
from tests.browser.smallbot import answers, opens
from tests.browser.visitor import Visitor
from tests.sandbox.slack.payload import modal, plain, section, text_entry

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_field_errors_stand_under_their_fields_and_what_was_typed_stays(app: AsyncApp, visitor: Visitor) -> None:
    opens(app, modal(text_entry(), text_entry("proof", "Proof", optional=True)))
    answers(app, {"response_action": "errors", "errors": {"proof": "Say more."}})
    await visitor.say("/offboard")
    await visitor.press("Request", visitor.modal)
    await expect(visitor.modal.get_by_text("Please complete this required field.")).to_be_visible()
    await visitor.modal.get_by_label("Reason").fill("left")
    await visitor.press("Request", visitor.modal)
    await expect(visitor.modal.get_by_label("Proof")).to_have_accessible_description("Say more.")
    await expect(visitor.modal.get_by_label("Proof")).to_be_focused()
    await expect(visitor.modal.get_by_label("Reason")).to_have_value("left")


async def test_what_is_typed_survives_what_others_do_meanwhile(
    app: AsyncApp, client: AsyncWebClient, workspace: Workspace, visitor: Visitor
) -> None:
    opens(app, modal(text_entry(), external_id="the-one"))
    await visitor.say("/offboard")
    await visitor.modal.get_by_label("Reason").fill("half a sent")
    workspace.as_person("U0BEN").say("hello")
    await expect(visitor.channel.get_by_text("hello")).to_be_attached()
    again = modal(section("Now with advice."), text_entry(), external_id="the-one")
    await client.views_update(external_id="the-one", view=again)
    await expect(visitor.modal).to_contain_text("Now with advice.")
    await expect(visitor.modal.get_by_label("Reason")).to_have_value("half a sent")
    await visitor.page.keyboard.type("ence")
    await expect(visitor.modal.get_by_label("Reason")).to_have_value("half a sentence")
    await visitor.press("Close", visitor.modal)

    await visitor.box.fill("not sent yet")
    workspace.as_person("U0BEN").say("hello again")
    await expect(visitor.channel.get_by_text("hello again")).to_be_visible()
    await visitor.become("Ben")
    await expect(visitor.box).to_have_value("")
    await visitor.become("Amy")
    await expect(visitor.box).to_have_value("not sent yet")


async def test_a_pushed_modal_stands_above_and_escape_leads_back(app: AsyncApp, visitor: Visitor) -> None:
    opens(app, modal())
    answers(app, {"response_action": "push", "view": modal(section("Sure?"), title=plain("Confirm it"))})
    await visitor.say("/offboard")
    await visitor.modal.get_by_label("Reason").fill("left")
    await visitor.press("Request", visitor.modal)
    await expect(visitor.modal.get_by_role("heading")).to_have_text("Confirm it")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.modal.get_by_role("heading")).to_have_text("Offboard")
    await expect(visitor.modal.get_by_label("Reason")).to_have_value("left")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.modal).to_be_hidden()


async def test_the_keyboard_alone_is_enough(app: AsyncApp, workspace: Workspace, visitor: Visitor) -> None:
    opens(app, modal())
    answers(app, {})
    keys = visitor.page.keyboard
    await visitor.box.focus()
    await keys.type("/o")
    await expect(visitor.page.get_by_role("option", name="/offboard")).to_have_attribute("aria-selected", "true")
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(visitor.modal.get_by_label("Reason")).to_be_focused()
    for _ in range(8):
        await keys.press("Tab")
        assert await visitor.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    await visitor.modal.get_by_label("Reason").focus()
    await keys.type("left")
    await keys.press("Enter")
    await expect(visitor.modal).to_be_hidden()
    assert workspace.as_person("U0AMY").open_view is None
