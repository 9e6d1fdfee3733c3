"""A click counts only from a place that the bot wrote, and a form only where the bot opened it."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from bot.model import CaseState
from handlers import ids
from handlers.dialogs import seal
from sandbox.slack.records import Message
from tests.handlers.conftest import CHANNEL, Stage
from tests.handlers.forging import Hand, World, press, submit
from tests.handlers.scenes import typed, waiting

FORGED = "This is not a message or form that I wrote."
REASON = typed(words="because")


async def planted(stage: Stage, value: str, action: str = ids.APPROVE, thread: str | None = None) -> Message:
    """A message that somebody posted with the bot's own token: its button does not say what it does."""
    button = {
        "type": "button",
        "action_id": action,
        "value": value,
        "text": {"type": "plain_text", "text": "Count me in for lunch"},
    }
    await stage.slack.client.chat_postMessage(
        channel=CHANNEL,
        text="Lunch on Friday?",
        thread_ts=thread,
        blocks=[{"type": "actions", "block_id": "lunch", "elements": [button]}],
        unfurl_links=False,
        unfurl_media=False,
    )
    return stage.workspace.messages(CHANNEL, thread)[-1] if thread else stage.workspace.messages(CHANNEL)[-1]


async def forgeries(stage: Stage) -> int:
    return sum(event.kind == "forged click" for event in (await stage.store.chain("case:1")).events)


async def test_a_lunch_button_with_an_approvals_value_approves_nothing_and_calls_the_admins(stage: Stage) -> None:
    genuine = await waiting(stage)
    lunch = await planted(stage, genuine)
    before = await World.of(stage)

    await stage.person("ben").press(lunch, ids.APPROVE)

    await stage.told("ben", FORGED)
    assert await World.of(stage) == before
    assert await forgeries(stage) == 1
    (alarm,) = await stage.workspace.until(lambda: told_root(stage))
    assert "Ben Sato (U0BEN)" in alarm
    assert "It would have counted as “Approve”." in alarm
    assert "rotate the token" in alarm
    assert (await stage.view()).case.state is CaseState.WAITING


def told_root(stage: Stage) -> list[str]:
    texts = [stage.workspace.text_of(message) for message in stage.workspace.messages("D0ROOT")]
    return [text for text in texts if "did not write" in text]


async def test_many_forgeries_within_an_hour_are_one_direct_message_and_all_in_the_audit(stage: Stage) -> None:
    genuine = await waiting(stage)
    root = stage.workspace.messages(CHANNEL)[0].ts
    for thread in (None, root, None):
        await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), await planted(stage, genuine, thread=thread))
    await stage.slack.tasks.drain(10)
    await stage.workspace.until(lambda: told_root(stage))

    assert await forgeries(stage) == 3
    assert len(told_root(stage)) == 1


@pytest.mark.parametrize("action", [ids.APPROVE, ids.DECLINE, ids.REVIEW, ids.CHOOSE, ids.WITHDRAW])
async def test_a_plans_button_under_another_message_of_ours_does_nothing(stage: Stage, action: str) -> None:
    genuine = await waiting(stage)
    before, root = await World.of(stage), stage.workspace.messages(CHANNEL)[0]

    await press(stage, action, genuine, Hand("U0BEN"), root)

    assert await World.of(stage) == before
    assert await forgeries(stage) == 1


async def test_our_own_message_whose_words_were_changed_is_drawn_anew_before_it_counts(stage: Stage) -> None:
    genuine = await waiting(stage)
    plan = await stage.shown("plan:1")
    before = await World.of(stage)
    changed = replace(plan, blocks=[*plan.blocks[:1], {"type": "divider", "block_id": "x"}, *plan.blocks[-1:]])

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), changed)
    await stage.told("ben", "press again")
    assert (await World.of(stage), await forgeries(stage)) == (before, 0)

    assert (await stage.approved()).ok
    assert (await stage.view()).case.state is not CaseState.WAITING


async def test_two_buttons_whose_deeds_changed_places_count_for_nothing(stage: Stage) -> None:
    genuine = await waiting(stage)
    plan = await stage.shown("plan:1")
    before = await World.of(stage)
    other = {ids.APPROVE: ids.DECLINE, ids.DECLINE: ids.APPROVE}
    blocks = copy.deepcopy(plan.blocks)
    for button in next(block["elements"] for block in blocks if block["type"] == "actions"):
        button["action_id"] = other.get(button["action_id"], button["action_id"])

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), replace(plan, blocks=blocks))

    await stage.told("ben", "press again")
    assert await World.of(stage) == before


async def test_the_button_of_a_case_that_is_told_elsewhere_by_now_does_nothing_and_is_no_forgery(stage: Stage) -> None:
    genuine = await waiting(stage)
    plan = await stage.shown("plan:1")
    async with stage.store.begin() as tx:
        await tx.case(1)
        await tx.relocate(1, "C0ELSEWHERE")
    before = await World.of(stage)

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), plan)

    await stage.told("ben", "told in another place")
    assert (await World.of(stage), await forgeries(stage)) == (before, 0)


async def test_a_form_that_was_never_opened_does_nothing(stage: Stage) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)

    answer = await submit(stage, ids.DECLINE_VIEW, genuine, REASON, Hand("U0BEN"), opened=False)

    assert FORGED in str(answer.body)
    assert await World.of(stage) == before
    assert await forgeries(stage) == 1


async def test_a_forged_form_about_no_case_does_not_say_that_somebody_was_told(stage: Stage) -> None:
    await waiting(stage)
    before = await World.of(stage)

    answer = await submit(stage, ids.REQUEST_VIEW, "", {}, Hand("U0AMY"), opened=False)

    assert f"{FORGED} Nothing was done. Please tell your admins." in str(answer.body)
    assert await World.of(stage) == before


async def test_a_form_opened_for_somebody_else_or_about_something_else_does_nothing(stage: Stage) -> None:
    genuine = await waiting(stage)
    sealed, dialog = seal({"callback_id": ids.DECLINE_VIEW, "private_metadata": genuine}, "U0CHLOE")
    await stage.cases.keep_dialog(dialog)
    nonce = sealed["private_metadata"].partition(" ")[2]
    before = await World.of(stage)

    for callback, metadata in (
        (ids.DECLINE_VIEW, f"{genuine} {nonce}"),
        (ids.SKIP_VIEW, f"1:crm {nonce}"),
        (ids.DECLINE_VIEW, f"2:1:abc {nonce}"),
        (ids.DECLINE_VIEW, genuine),
    ):
        await submit(stage, callback, metadata, REASON, Hand("U0BEN"), opened=False)

    assert await World.of(stage) == before


async def test_a_form_counts_once_and_stays_open_where_a_field_was_wrong(stage: Stage) -> None:
    genuine = await waiting(stage)
    sealed, dialog = seal({"callback_id": ids.GLASS_VIEW, "private_metadata": genuine}, "U0ROOT")
    await stage.cases.keep_dialog(dialog)
    sent = (stage, ids.GLASS_VIEW, sealed["private_metadata"], REASON, Hand("U0ROOT"))

    first = await submit(*sent, opened=False)
    second = await submit(*sent, opened=False)

    assert [answer.body["response_action"] for answer in (first, second)] == ["errors", "errors"]
    assert await forgeries(stage) == 0


async def test_a_request_that_slack_delivers_twice_opens_one_case_and_alarms_nobody(stage: Stage) -> None:
    await stage.requested()

    await stage.workspace.redeliver()
    await stage.slack.tasks.drain(10)

    assert len(await stage.store.cases()) == 1
    assert told_root(stage) == []


async def test_a_button_on_the_home_tab_decides_nothing(stage: Stage) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)
    home = {"id": "V0HOME", "type": "home", "callback_id": ids.PLAN_VIEW, "private_metadata": genuine, "blocks": []}

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN", beside=(("view", home), ("message", None))))
    await stage.slack.tasks.drain(10)

    assert await World.of(stage) == before
    assert await forgeries(stage) == 1
