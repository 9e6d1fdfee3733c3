"""What the brakes say: held, stopped, come back, begun without approvals; and their buttons and dialogs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import CaseState, CaseView, Hold, HoldKind, Match, Pick, PlannedAccount, PlanState, Word, facts
from handlers import ids
from handlers.views import brakes
from handlers.views.blocks import Json
from handlers.views.cards import is_stuck
from handlers.views.choosing import choose_dialog
from handlers.views.closing import closing
from handlers.views.messages import parts
from handlers.views.notes import direct
from handlers.views.plan import plan_messages
from handlers.views.progress import progress_messages
from handlers.views.root import root
from tests.handlers.made import (
    CRM,
    WIKI,
    approval,
    defects,
    made_account,
    made_case,
    made_plan,
    made_view,
    outcome,
    planned,
    read,
    view_defects,
)

LIMIT = Hold(HoldKind.LIMIT, "5 runs have begun within an hour, which is the limit (per_hour).", 1, ("crm",))
HELD = made_case(state=CaseState.PAUSED, hold=LIMIT)
DOUBLED = replace(
    planned(CRM, made_account(), made_account("dana2@acme.test"), chosen=False),
    accounts=tuple(
        PlannedAccount(made_account(handle), chosen=False, why_not="Two match.", instead=Word.MANUAL)
        for handle in ("dana@acme.test", "dana2@acme.test")
    ),
)


def ids_of(blocks: tuple[Json, ...]) -> list[str]:
    """The action ids of all buttons."""
    return [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]


def note(view: CaseView, key: str, text: str = "") -> str:
    (message,) = parts(view, key, text)
    assert defects(message) == []
    return read(message)


def test_a_held_case_says_which_limit_calls_the_admins_and_can_be_released() -> None:
    view = made_view(HELD)
    (message,) = parts(view, "held:1")

    assert defects(message) == []
    assert "per_hour" in read(message)
    assert "Rosa" in read(message)
    assert ids_of(message.blocks) == ["release", "cancel"]
    assert "per_hour" in read(root(view))


def test_a_released_case_says_who_let_it_go_on_and_why() -> None:
    (message,) = parts(made_view(made_case(state=CaseState.RUNNING)), "held:1", "U0ROOT agreed with the council")

    assert "Agreed with the council." in read(message)
    assert ids_of(message.blocks) == []


def test_a_stopped_case_says_by_whom_and_how_it_goes_on() -> None:
    text = note(made_view(made_case(state=CaseState.PAUSED)), "stopped:1", "U0BEN")

    assert "Ben Sato" in text
    assert "Retry" in text


def test_what_came_back_calls_the_systems_owner() -> None:
    assert "Chloe" in note(made_view(), "back:7", "crm")
    assert "Rosa" in note(made_view(), "back:7", "wiki")


def test_a_broken_glass_is_told_with_its_reason() -> None:
    text = note(made_view(), "glass:1", "U0ROOT she is at the door")

    assert "without approvals" in text
    assert "She is at the door." in text


@pytest.mark.parametrize(
    ("key", "text"), [("held:1", "U0DANA wants it"), ("stopped:1", "U0DANA"), ("glass:1", "U0DANA wants it")]
)
def test_no_note_ever_mentions_the_leaver(key: str, text: str) -> None:
    note(made_view(made_case(state=CaseState.RUNNING)), key, text)


def test_stop_stands_at_a_running_case_only() -> None:
    (running,) = progress_messages(made_view(made_case(state=CaseState.RUNNING)))
    (waiting,) = progress_messages(made_view())

    assert ids_of(running.blocks) == ["stop"]
    assert defects(running) == []
    assert ids_of(waiting.blocks) == []


def test_withdraw_stands_at_an_approved_plan_until_the_run_begins() -> None:
    plan = made_plan(planned(CRM, made_account()), state=PlanState.APPROVED)
    view = made_view(made_case(state=CaseState.APPROVED), plans=(plan,), approvals=(approval("U0BEN"),))
    (message,) = plan_messages(view, 1)
    (begun,) = plan_messages(replace(view, case=made_case(state=CaseState.RUNNING)), 1)

    assert ids_of(message.blocks) == ["withdraw", "cancel"]
    assert ids_of(begun.blocks) == []


def test_choose_stands_where_accounts_were_left_open_and_a_person_has_not_settled_them() -> None:
    plan = made_plan(DOUBLED, planned(WIKI, made_account(system="wiki")))
    (message,) = plan_messages(made_view(plans=(plan,)), 1)
    assert ids_of(message.blocks) == ["approve", "decline", "choose"]
    ended = made_case(state=CaseState.NEEDS_PEOPLE)
    left = made_view(ended, plans=(replace(plan, state=PlanState.APPROVED),), outcomes=(outcome(Word.MANUAL),))
    (after,) = plan_messages(left, 1)
    assert ids_of(after.blocks) == ["choose"]
    done = replace(left, outcomes=(outcome(Word.MANUAL, done_by="U0ROOT"),))
    (settled,) = plan_messages(done, 1)
    assert ids_of(settled.blocks) == []


def test_the_choice_shows_what_is_known_ticks_nothing_and_asks_for_a_reason() -> None:
    view = choose_dialog(made_view(plans=(made_plan(DOUBLED),)), made_plan(DOUBLED))
    inputs = [block for block in view["blocks"] if block["type"] == "input"]

    assert view_defects(view) == []
    assert [option["value"] for option in inputs[0]["element"]["options"]] == ["0.0", "0.1"]
    assert "initial_options" not in inputs[0]["element"]
    assert inputs[-1]["block_id"] == "words"
    assert str(Match.EXACT) in str(view["blocks"])


def test_the_choice_names_the_address_of_a_successor_at_the_box_itself() -> None:
    seat = made_account(identity=facts(login="dana@acme.test", mail="sam.seat@acme.test", type="person"))
    plan = made_plan(planned(CRM, seat, chosen=False))
    (system,) = plan.systems
    asked = replace(system, accounts=(replace(system.accounts[0], instead=Word.MANUAL),))
    view = choose_dialog(made_view(plans=(replace(plan, systems=(asked,)),)), replace(plan, systems=(asked,)))
    (boxes,) = [block for block in view["blocks"] if str(block.get("block_id")).startswith(ids.ACCOUNTS)]

    assert boxes["element"]["options"][0]["text"]["text"] == "dana@acme.test, sam.seat@acme.test (id of dana@acme.test)"
    assert "there as: " in str(view["blocks"])
    assert view_defects(view) == []


def test_more_accounts_than_boxes_hold_stand_in_a_menu() -> None:
    accounts = tuple(made_account(f"dana{number}@acme.test") for number in range(12))
    listed = tuple(PlannedAccount(one, chosen=False, instead=Word.MANUAL) for one in accounts)
    plan = made_plan(replace(planned(CRM, *accounts), accounts=listed))
    view = choose_dialog(made_view(plans=(plan,)), plan)

    assert view_defects(view) == []
    assert next(one for one in view["blocks"] if one["type"] == "input")["element"]["type"] == "multi_static_select"


def test_a_chosen_account_says_who_chose_it_and_why() -> None:
    picked = PlannedAccount(made_account(), chosen=True, picked=Pick("U0BEN", "her manager knows"))
    (message,) = plan_messages(made_view(plans=(made_plan(replace(DOUBLED, accounts=(picked,))),)), 1)

    assert defects(message) == []
    assert "Chosen by @Ben Sato." in read(message)
    assert "Her manager knows." in read(message)


def test_the_choice_says_why_an_account_was_not_chosen_and_writes_out_what_nobody_sees() -> None:
    seat = made_account("dana\u200b@acme.test")
    plan = made_plan(planned(CRM, seat, chosen=False))
    (system,) = plan.systems
    (one,) = system.accounts
    why = "Its log-in is dana, its own address is sam@acme.test."
    asked = replace(system, accounts=(replace(one, why_not=why, instead=Word.MANUAL),))
    view = choose_dialog(made_view(plans=(replace(plan, systems=(asked,)),)), replace(plan, systems=(asked,)))
    assert why in str(view)
    assert "\u200b" not in str(view)
    assert view_defects(view) == []


def test_the_dialogs_of_release_and_break_glass_are_what_slack_takes() -> None:
    plan = made_plan(planned(CRM, made_account()))

    assert view_defects(brakes.release_dialog("12:held")) == []
    glass = brakes.glass_dialog(made_view(plans=(plan,)), plan)
    assert view_defects(glass) == []
    assert {block["block_id"] for block in glass["blocks"] if block["type"] == "input"} == {"words", "address"}


def test_the_plan_and_the_closing_message_name_a_broken_glass() -> None:
    plan = made_plan(planned(CRM, made_account()), state=PlanState.APPROVED)
    given = replace(approval("U0ROOT"), why="break-glass: named by id")
    case = made_case(state=CaseState.CLOSED)
    view = made_view(case, plans=(plan,), approvals=(given,), outcomes=(outcome(Word.REMOVED),))
    (message,) = plan_messages(view, 1)

    assert "Break-glass" in read(message)
    assert "Break-glass" in read(closing(view))


def test_nothing_can_be_mended_while_a_case_is_held() -> None:
    assert not is_stuck(made_view(HELD, outcomes=(outcome(Word.FAILED),)), "crm")


def test_a_direct_message_about_a_case_of_somebody_else_does_not_speak_of_ones_request() -> None:
    message = direct(made_view(), "nowhere:U0ROOT", "Nothing more is posted there.")

    assert "your request" not in message.text + read(message)
    assert "Nothing more is posted there." in read(message)
