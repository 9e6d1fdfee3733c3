"""Modals as a person meets them: opening, filling in, the app's four answers, the stack, the hash."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import NotPossible, View, Workspace
from tests.sandbox.slack.conftest import Clock
from tests.sandbox.slack.payload import actions, button, entry, modal, option, plain, section, text_entry


async def opened(app: AsyncApp, workspace: Workspace, view: dict[str, Any]) -> View:
    """Let Amy's command open this modal and return it."""

    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    app.command("/offboard")(listener)
    amy = workspace.as_person("U0AMY")
    assert (await amy.command("/offboard")).ok
    return await workspace.until(lambda: amy.open_view)


async def submitted(app: AsyncApp, answer: dict[str, Any]) -> None:
    """Let the app answer a submission like this."""

    async def listener(ack: AsyncAck) -> None:
        await ack(**answer)

    app.view("request")(listener)


async def test_every_input_is_in_the_state_touched_or_not(app: AsyncApp, workspace: Workspace) -> None:
    systems = {
        "type": "checkboxes",
        "options": [option("veeam"), option("rsa")],
        "initial_options": [option("veeam"), option("rsa")],
    }
    view = modal(
        entry("who", "Person in Slack", {"type": "users_select"}, optional=True),
        entry("mail", "E-mail", {"type": "email_text_input"}, optional=True),
        entry("systems", "Systems", systems),
        entry("when", "When", {"type": "datetimepicker"}, optional=True),
        entry("speed", "Speed", {"type": "static_select", "options": [option("now"), option("later")]}, optional=True),
        entry("day", "Day", {"type": "datepicker", "initial_date": "2026-11-30"}),
    )
    seen: list[dict[str, Any]] = []

    async def listener(ack: AsyncAck, view: dict[str, Any]) -> None:
        seen.append(view["state"]["values"])
        await ack()

    app.view("request")(listener)
    shown = await opened(app, workspace, view)
    amy = workspace.as_person("U0AMY")
    result = await amy.submit(shown, {"Person in Slack": "U0DANA", "Systems": ["rsa"], "Speed": "Later"})
    picked = {"text": {**plain("Rsa"), "emoji": True}, "value": "rsa"}
    assert result.ok
    assert amy.open_view is None
    assert seen == [
        {
            "who": {"value": {"type": "users_select", "selected_user": "U0DANA"}},
            "mail": {"value": {"type": "email_text_input", "value": None}},
            "systems": {"value": {"type": "checkboxes", "selected_options": [picked]}},
            "when": {"value": {"type": "datetimepicker", "selected_date_time": None}},
            "speed": {
                "value": {
                    "type": "static_select",
                    "selected_option": {"text": {**plain("Later"), "emoji": True}, "value": "later"},
                }
            },
            "day": {"value": {"type": "datepicker", "selected_date": "2026-11-30"}},
        }
    ]


async def test_field_errors_stand_under_their_labels_and_the_modal_stays_filled_in(
    app: AsyncApp, workspace: Workspace
) -> None:
    await submitted(app, {"response_action": "errors", "errors": {"reason": "Say more."}})
    shown = await opened(app, workspace, modal())
    amy = workspace.as_person("U0AMY")
    result = await amy.submit(shown, {"Reason": "left"})
    assert not result.ok
    assert result.field_errors == {"Reason": "Say more."}
    assert amy.open_view is not None
    assert amy.open_view.state["reason"]["value"]["value"] == "left"


async def test_an_error_under_no_input_is_a_finding_and_the_person_sees_trouble(
    app: AsyncApp, workspace: Workspace
) -> None:
    await submitted(app, {"response_action": "errors", "errors": {"nowhere": "Say more."}})
    shown = await opened(app, workspace, modal())
    result = await workspace.as_person("U0AMY").submit(shown, {"Reason": "left"})
    assert result.error == "trouble_connecting"
    assert "['nowhere']" in workspace.lint_findings[0]


async def test_a_required_input_left_empty_never_reaches_the_app(app: AsyncApp, workspace: Workspace) -> None:
    shown = await opened(app, workspace, modal())
    result = await workspace.as_person("U0AMY").submit(shown, {"Reason": ""})
    assert result.error == "incomplete"
    assert result.field_errors == {"Reason": "Please complete this required field."}


async def test_an_update_answer_changes_the_modal_in_place(app: AsyncApp, workspace: Workspace) -> None:
    await submitted(app, {"response_action": "update", "view": modal(section("Checking…"), title=plain("Wait"))})
    shown = await opened(app, workspace, modal())
    result = await workspace.as_person("U0AMY").submit(shown, {"Reason": "left"})
    assert result.view is not None
    assert (result.view.id, result.view.title) == (shown.id, "Wait")
    assert result.view.hash != shown.hash


async def test_a_push_answer_stands_above_and_closing_it_shows_the_first_again(
    app: AsyncApp, workspace: Workspace
) -> None:
    await submitted(app, {"response_action": "push", "view": modal(section("Sure?"), title=plain("Confirm"))})
    shown = await opened(app, workspace, modal())
    amy = workspace.as_person("U0AMY")
    result = await amy.submit(shown, {"Reason": "left"})
    assert result.view is not None
    assert (result.view.title, result.view.previous_id, result.view.root_id) == ("Confirm", shown.id, shown.id)
    await amy.close(result.view)
    assert amy.open_view is not None
    assert amy.open_view.id == shown.id


async def test_a_fourth_modal_does_not_fit_on_the_stack(app: AsyncApp, workspace: Workspace) -> None:
    await submitted(app, {"response_action": "push", "view": modal()})
    view = await opened(app, workspace, modal())
    amy = workspace.as_person("U0AMY")
    for _ in range(2):
        view = (await amy.submit(view, {"Reason": "left"})).view or view
    result = await amy.submit(view, {"Reason": "left"})
    assert result.error == "trouble_connecting"
    assert workspace.lint_findings == ["view submission answer: push_limit_reached"]


async def test_clear_closes_the_whole_stack(app: AsyncApp, workspace: Workspace) -> None:
    await submitted(app, {"response_action": "clear"})
    shown = await opened(app, workspace, modal())
    amy = workspace.as_person("U0AMY")
    await amy.submit(shown, {"Reason": "left"})
    assert amy.open_view is None


async def test_an_app_that_does_not_answer_in_time_is_shown_as_a_timeout(app: AsyncApp, workspace: Workspace) -> None:
    async def deaf() -> None:
        """Never acknowledge."""

    app.view("request")(deaf)
    shown = await opened(app, workspace, modal())
    workspace.sockets.ack_timeout = 0.05
    result = await workspace.as_person("U0AMY").submit(shown, {"Reason": "left"})
    assert result.error == "operation_timeout"
    assert workspace.as_person("U0AMY").open_view is not None


async def test_closing_is_told_only_where_it_was_asked_for(app: AsyncApp, workspace: Workspace) -> None:
    told: list[str] = []

    async def listener(ack: AsyncAck, view: dict[str, Any]) -> None:
        await ack()
        told.append(view["callback_id"])

    app.view_closed("request")(listener)
    app.view_closed("quiet")(listener)
    amy = workspace.as_person("U0AMY")
    await amy.close(await opened(app, workspace, modal(notify_on_close=True)))
    assert told == ["request"]


async def test_a_press_in_a_view_carries_what_was_typed_and_an_update_keeps_it(
    app: AsyncApp, workspace: Workspace
) -> None:
    seen: list[str] = []

    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        seen.append(body["view"]["state"]["values"]["reason"]["value"]["value"])
        more = modal(text_entry(), text_entry("note", "Note"))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=more)

    app.action("more")(listener)
    shown = await opened(app, workspace, modal(text_entry(), actions(button("more"))))
    amy = workspace.as_person("U0AMY")
    await amy.press_in_view(shown, "more", values={"Reason": "left"})
    updated = await workspace.until(
        lambda: amy.open_view if amy.open_view and amy.open_view.hash != shown.hash else None
    )
    assert seen == ["left"]
    assert [block["block_id"] for block in updated.blocks] == ["reason", "note"]
    assert updated.state["reason"]["value"]["value"] == "left"


async def test_a_name_that_two_inputs_bear_is_not_guessed(app: AsyncApp, workspace: Workspace) -> None:
    shown = await opened(app, workspace, modal(text_entry("a", "First"), text_entry("b", "Second")))
    with pytest.raises(NotPossible, match="2 inputs are called 'value'"):
        await workspace.as_person("U0AMY").submit(shown, {"value": "left"})


async def test_a_modal_is_read_with_its_title_labels_and_buttons(app: AsyncApp, workspace: Workspace) -> None:
    shown = await opened(app, workspace, modal(close=plain("Back")))
    assert workspace.text_of(shown) == "Offboard\nReason\nRequest\nBack"


class TestTriggersAndHashes:
    async def test_a_trigger_opens_one_modal(self, workspace: Workspace, client: AsyncWebClient) -> None:
        trigger_id = workspace._backend.triggers.make("U0AMY")
        await client.views_open(trigger_id=trigger_id, view=modal())
        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            await client.views_open(trigger_id=trigger_id, view=modal())

    async def test_a_trigger_is_good_for_three_seconds(
        self, workspace: Workspace, client: AsyncWebClient, clock: Clock
    ) -> None:
        trigger_id = workspace._backend.triggers.make("U0AMY")
        clock.now += 3.1
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await client.views_open(trigger_id=trigger_id, view=modal())

    async def test_a_refused_view_leaves_its_trigger_usable(self, workspace: Workspace, client: AsyncWebClient) -> None:
        trigger_id = workspace._backend.triggers.make("U0AMY")
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await client.views_open(trigger_id=trigger_id, view=modal(title=plain("x" * 25)))
        await client.views_open(trigger_id=trigger_id, view=modal())

    async def test_an_outdated_hash_is_a_conflict(self, workspace: Workspace, client: AsyncWebClient) -> None:
        trigger_id = workspace._backend.triggers.make("U0AMY")
        view = (await client.views_open(trigger_id=trigger_id, view=modal()))["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await client.views_update(view_id=view["id"], hash=view["hash"], view=modal())

    async def test_a_closed_view_is_not_found(self, workspace: Workspace, client: AsyncWebClient) -> None:
        trigger_id = workspace._backend.triggers.make("U0AMY")
        view = (await client.views_open(trigger_id=trigger_id, view=modal()))["view"]
        amy = workspace.as_person("U0AMY")
        assert amy.open_view is not None
        await amy.close(amy.open_view)
        with pytest.raises(SlackApiError, match="not_found"):
            await client.views_update(view_id=view["id"], view=modal())

    async def test_nobody_submits_somebody_elses_modal(self, workspace: Workspace, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=workspace._backend.triggers.make("U0AMY"), view=modal())
        amy = workspace.as_person("U0AMY")
        assert amy.open_view is not None
        with pytest.raises(NotPossible):
            await workspace.as_person("U0BEN").submit(amy.open_view, {"Reason": "left"})

    async def test_an_external_id_is_given_once(self, workspace: Workspace, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=workspace._backend.triggers.make("U0AMY"), view=modal(external_id="one"))
        with pytest.raises(SlackApiError, match="duplicate_external_id"):
            await client.views_open(trigger_id=workspace._backend.triggers.make("U0BEN"), view=modal(external_id="one"))
