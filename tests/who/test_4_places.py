"""4. Who decides, and where they press: a click counts only from a place that the bot wrote."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from bot.model import CaseState
from handlers import ids
from handlers.dialogs import seal
from tests.handlers.conftest import CHANNEL, Stage
from tests.handlers.forging import Hand, World, press, submit
from tests.handlers.scenes import typed, waiting
from tests.handlers.test_origins import forgeries, planted, told_root

REASON = typed(**{ids.WORDS: "because"})
FORGED = "This is not a message or form that I wrote."


# Channel, time stamp and key must be those of the outbox row that carries that button for that plan.


async def test_a_button_that_says_count_me_in_for_lunch_approves_nothing(stage: Stage) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)

    await stage.person("ben").press(await planted(stage, genuine), ids.APPROVE)

    assert await stage.told("ben", FORGED)
    assert await World.of(stage) == before
    assert "1" in stage.crm.accounts


async def test_the_admins_are_told_of_it(stage: Stage) -> None:
    genuine = await waiting(stage)

    await stage.person("ben").press(await planted(stage, genuine), ids.APPROVE)

    (alarm,) = await stage.workspace.until(lambda: told_root(stage))
    assert "Ben Sato (U0BEN)" in alarm
    assert await forgeries(stage) == 1


async def test_a_click_from_another_channel_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)
    elsewhere = replace(await stage.shown("plan:1"), channel="C0GENERAL")

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), elsewhere)

    assert await World.of(stage) == before


async def test_a_click_with_another_time_stamp_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)
    another = replace(await stage.shown("plan:1"), ts="1700000000.000100")

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), another)

    assert await World.of(stage) == before


async def test_a_click_in_our_own_message_of_another_key_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), stage.workspace.messages(CHANNEL)[0])

    assert await World.of(stage) == before


async def test_the_button_of_one_plan_does_not_count_for_another(stage: Stage) -> None:
    genuine = await waiting(stage)
    (plan,) = (await stage.view(2)).plans
    before = await World.of(stage)

    await press(stage, ids.APPROVE, f"2:{plan.turn}:{plan.digest}", Hand("U0BEN"), await stage.shown("plan:1"))

    assert genuine.startswith("1:")
    assert await World.of(stage) == before


# What Slack says was shown is compared with what we drew.


async def test_a_message_that_shows_other_words_than_we_drew_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    plan = await stage.shown("plan:1")
    before = await World.of(stage)
    lunch = {"type": "section", "block_id": "x", "text": {"type": "mrkdwn", "text": "Lunch on Friday?"}}

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), replace(plan, blocks=[lunch, plan.blocks[-1]]))

    assert await stage.told("ben", "press again")
    assert await World.of(stage) == before


async def test_our_own_button_under_another_name_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    plan = await stage.shown("plan:1")
    before = await World.of(stage)
    blocks = copy.deepcopy(plan.blocks)
    for button in next(block["elements"] for block in blocks if block["type"] == "actions"):
        if button["action_id"] == ids.APPROVE:
            button["text"]["text"] = "Count me in for lunch"

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"), replace(plan, blocks=blocks))

    assert await World.of(stage) == before


async def test_a_message_that_shows_what_we_drew_counts(stage: Stage) -> None:
    await waiting(stage)

    assert (await stage.approved()).ok

    assert (await stage.view()).case.state is not CaseState.WAITING


# A dialog must be of our callback id, of type modal, and carry a one-time nonce kept when it was opened.


async def test_a_dialog_without_the_nonce_of_one_that_was_opened_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)

    answer = await submit(stage, ids.DECLINE_VIEW, genuine, REASON, Hand("U0BEN"), opened=False)

    assert FORGED in str(answer.body)
    assert await World.of(stage) == before


async def test_a_dialog_of_another_callback_id_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    sealed, dialog = seal({"callback_id": ids.SKIP_VIEW, "private_metadata": genuine}, "U0BEN")
    await stage.cases.keep_dialog(dialog)
    before = await World.of(stage)

    await submit(stage, ids.DECLINE_VIEW, sealed["private_metadata"], REASON, Hand("U0BEN"), opened=False)

    assert await World.of(stage) == before


async def test_a_dialog_that_is_no_modal_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    sealed, dialog = seal({"callback_id": ids.DECLINE_VIEW, "private_metadata": genuine}, "U0BEN")
    await stage.cases.keep_dialog(dialog)
    before = await World.of(stage)
    home = {
        "id": "V0HOME",
        "type": "home",
        "callback_id": ids.DECLINE_VIEW,
        "private_metadata": sealed["private_metadata"],
        "blocks": [],
        "state": {"values": REASON},
    }

    hand = Hand("U0BEN", beside=(("view", home),))
    await submit(stage, ids.DECLINE_VIEW, sealed["private_metadata"], REASON, hand, opened=False)

    assert await World.of(stage) == before


async def test_the_nonce_of_somebody_else_does_not_count(stage: Stage) -> None:
    genuine = await waiting(stage)
    sealed, dialog = seal({"callback_id": ids.DECLINE_VIEW, "private_metadata": genuine}, "U0CHLOE")
    await stage.cases.keep_dialog(dialog)
    before = await World.of(stage)

    await submit(stage, ids.DECLINE_VIEW, sealed["private_metadata"], REASON, Hand("U0BEN"), opened=False)

    assert await World.of(stage) == before


async def test_a_nonce_counts_once(stage: Stage) -> None:
    genuine = await waiting(stage)
    sealed, dialog = seal({"callback_id": ids.DECLINE_VIEW, "private_metadata": genuine}, "U0BEN")
    await stage.cases.keep_dialog(dialog)
    sent = (stage, ids.DECLINE_VIEW, sealed["private_metadata"], REASON, Hand("U0BEN"))
    await submit(*sent, opened=False)
    after = await World.of(stage)
    declined = len((await stage.store.chain("case:1")).events)

    await submit(*sent, opened=False)

    assert (await stage.view()).case.state is CaseState.DECLINED
    assert await World.of(stage) == after
    assert len((await stage.store.chain("case:1")).events) == declined


@pytest.mark.parametrize("action", [ids.APPROVE, ids.DECLINE, ids.CANCEL, ids.STOP])
async def test_a_home_tab_carries_no_decisions_by_itself(stage: Stage, action: str) -> None:
    genuine = await waiting(stage)
    before = await World.of(stage)
    home = {"id": "V0HOME", "type": "home", "callback_id": ids.PLAN_VIEW, "private_metadata": genuine, "blocks": []}

    await press(stage, action, genuine, Hand("U0BEN", beside=(("view", home), ("message", None))))
    await stage.slack.tasks.drain(10)

    assert await World.of(stage) == before
