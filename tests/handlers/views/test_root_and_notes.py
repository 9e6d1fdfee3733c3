"""The root message, the notes on how a case ended, and what its requester is told directly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import CaseState, PlanState, Word
from handlers.views.messages import parts, rank
from handlers.views.notes import direct
from handlers.views.root import root
from tests.handlers.made import (
    CRM,
    DANA,
    NOW,
    approval,
    defects,
    made_account,
    made_case,
    made_plan,
    made_view,
    outcome,
    planned,
    read,
)


@pytest.mark.parametrize("state", list(CaseState))
def test_the_root_names_case_address_state_and_requester(state: CaseState) -> None:
    message = root(made_view(made_case(state=state)))
    text = read(message)
    assert text.startswith(f"OFF-12 · dana@acme.test\n{state.value}: ")
    assert "Requested by @Amy Ortiz · Start: now" in text
    assert message.text == f"OFF-12: an offboarding case, {state.value}."
    assert defects(message) == []


def test_a_waiting_root_counts_the_approvals_and_says_when_it_expires() -> None:
    plan = made_plan(planned(CRM, made_account()), needed=2)
    view = made_view(made_case(expires_at=NOW), plans=(plan,), approvals=(approval("U0BEN"), approval("U0AMY")))
    text = read(root(view))
    assert "waiting: the plan in the thread has 1 of 2 approvals." in text
    assert "Expires 2026-11-22 09:00 UTC" in text


def test_a_root_without_an_approval_says_only_how_many_are_needed() -> None:
    text = read(root(made_view(plans=(made_plan(planned(CRM, made_account())),))))
    assert "waiting: the plan in the thread waits for 1 approval.\n" in text


def test_a_start_that_is_known_is_shown() -> None:
    later = NOW + timedelta(days=1)
    case = made_case(state=CaseState.APPROVED, when=later, start_at=later)
    text = read(root(made_view(case)))
    assert "starts 2026-11-23 09:00 UTC." in text
    assert "Start: 2026-11-23 09:00 UTC" in text


@pytest.mark.parametrize("name", ["Dana Frost", "\u200edana (she/her) frost \N{PALM TREE}", "[away] Dana Frost"])
def test_a_discreet_root_has_initials_and_neither_address_nor_reason(name: str) -> None:
    leaver = replace(DANA, name=name)
    text = read(root(made_view(made_case(discreet=True, leaver=leaver, reason="left for Dana's own firm"))))
    assert "OFF-12 · D. F." in text
    assert "dana" not in text.lower()


def test_a_reason_is_shown_as_it_was_written() -> None:
    message = root(made_view(made_case(reason="<!channel> *now*")))
    assert "Reason: <!channel> *now*" in read(message)
    assert defects(message) == []


@pytest.mark.parametrize(
    ("key", "by", "note", "says"),
    [
        ("declined", "U0BEN", "the wrong person", "OFF-12 is declined.\nBy @Ben Sato.\nthe wrong person"),
        ("cancelled", "U0ROOT", "", "OFF-12 is cancelled.\nBy @Rosa Root."),
        ("expired", None, "", "OFF-12 is expired: nobody approved in time.\nAsk again"),
        ("declined", "U0BEN", "<!here> stop", "OFF-12 is declined.\nBy @Ben Sato.\n<!here> stop"),
    ],
)
def test_a_case_that_ended_before_the_run_says_how_by_whom_and_why(
    key: str, by: str | None, note: str, says: str
) -> None:
    (message,) = parts(made_view(made_case(state=CaseState(key), closing_note=note, ended_by=by)), key)
    assert read(message) == says
    assert defects(message) == []


def test_declining_a_later_plan_does_not_say_that_the_case_is_declined() -> None:
    case = made_case(state=CaseState.NEEDS_PEOPLE, closing_note="not these", ended_by="U0BEN")
    text = read(parts(made_view(case), "declined")[0])
    assert "the newest plan is declined. Its accounts stay as they are." in text
    assert "OFF-12 is declined" not in text


@pytest.mark.parametrize("key", ["dm:ended", "dm:declined", "dm:expired", "dm:cancelled", "dm:leaver_in_channel"])
def test_the_requester_is_told_directly_without_a_name_in_the_notification(key: str) -> None:
    case = made_case(state=CaseState.NEEDS_PEOPLE, ended_at=NOW, closing_note="no", ended_by="U0BEN")
    (message,) = parts(made_view(case, outcomes=(outcome(Word.FAILED),)), key)
    assert "OFF-12 (dana@acme.test)" in read(message)
    assert defects(message) == []
    if key == "dm:ended":
        assert "1 of 2 failed, 1 without a result.\nCRM: failed" in read(message)
        assert "something still needs a person" in read(message)


def test_a_direct_message_says_what_the_domain_wants_said() -> None:
    (message,) = parts(made_view(), "dm:blocked", "Nothing can be posted.")
    assert "Nothing can be posted." in read(message)


def test_a_note_is_shown_with_the_domains_words_and_a_neutral_notification() -> None:
    (message,) = parts(made_view(), "note:recheck", "dana@acme.test is back in <CRM>")
    assert read(message) == "Dana@acme.test is back in <CRM>."
    assert defects(message) == []


def test_messages_of_a_case_stand_in_one_order() -> None:
    keys = ["dm:ended", "closing", "plan:2", "progress", "plan:1#10", "plan:1#2", "plan:1", "root", "plan:2#2"]
    assert sorted(keys, key=rank) == [
        "root", "plan:1", "plan:1#2", "plan:1#10", "progress", "plan:2", "plan:2#2", "closing", "dm:ended",
    ]  # fmt: skip


def test_an_unknown_plan_has_no_parts() -> None:
    assert parts(made_view(plans=(made_plan(state=PlanState.EMPTY),)), "plan:x") == ()


def test_an_alarm_says_first_that_somebody_showed_a_button_of_their_own() -> None:
    message = direct(made_view(), "forged:2026120103:U0ROOT", "Ben Sato pressed it.")

    assert message.text == "OFF-12: a button or form that I did not write was used."
    assert "OFF-12 (dana@acme.test): a button or form that I did not write was used." in read(message)
    assert "Ben Sato pressed it." in read(message)
    assert defects(message) == []


def test_a_changed_address_names_the_decider_and_says_that_the_decision_counts() -> None:
    message = direct(made_view(), "address:U0BEN:1764550000:U0ROOT", "")

    assert "<@U0BEN> decided with another address than last time" in str(message.blocks)
    assert "The decision counts" in str(message.blocks)
