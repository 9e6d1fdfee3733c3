"""The closing message: honest about what is left."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.model import CaseState, CaseSystem, CaseView, Discovery, Outcome, PlanState, Sight, Word
from handlers.views.blocks import size
from handlers.views.closing import closing
from tests.handlers.made import (
    CRM,
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

_WORDS = re.compile(rf"\b({'|'.join(Word)})\b", re.IGNORECASE)
GONE = "No account of this person is left"


def ended(*outcomes: Outcome, state: CaseState = CaseState.NEEDS_PEOPLE, **changes: object) -> CaseView:
    looks = (Discovery("crm", Sight.FULL), Discovery("wiki", Sight.FULL))
    return made_view(made_case(state=state, ended_at=NOW), outcomes=outcomes, **{"looks": looks, **changes})


def test_it_is_a_thread_reply_that_also_goes_to_the_channel() -> None:
    assert closing(ended(outcome(Word.REMOVED))).broadcast


def test_it_says_that_nothing_is_left_only_where_every_system_proved_it() -> None:
    view = ended(outcome(Word.REMOVED), outcome(Word.ABSENT, "wiki", ""), state=CaseState.CLOSED)
    assert GONE in read(closing(view))
    assert "Slack and the identity provider are not part of this case." in read(closing(view))


@pytest.mark.parametrize("word", sorted(set(Word) - {Word.REMOVED, Word.ABSENT}))
def test_any_other_end_of_one_system_keeps_it_from_saying_that_access_is_gone(word: Word) -> None:
    view = ended(outcome(Word.REMOVED), outcome(word, "wiki", done_by="U0ROOT"), state=CaseState.CLOSED)
    text = read(closing(view))
    assert GONE not in text
    assert f"Wiki: {word}" in text


def test_something_left_is_told_and_keeps_it_from_saying_that_access_is_gone() -> None:
    left = outcome(Word.REMOVED, left="the IAM login still works")
    text = read(closing(ended(left, outcome(Word.ABSENT, "wiki", ""), state=CaseState.CLOSED)))
    assert "What is left: The IAM login still works." in text
    assert GONE not in text


def test_a_system_that_was_not_looked_at_is_named_and_is_no_success() -> None:
    look = Discovery("wiki", Sight.UNASSIGNED)
    text = read(closing(ended(outcome(Word.REMOVED), state=CaseState.CLOSED, looks=(look,))))
    assert "Wiki: not looked at: nothing is assigned" in text
    assert GONE not in text


@pytest.mark.parametrize("word", list(Word))
def test_each_line_with_a_label_shows_exactly_one_outcome_word(word: Word) -> None:
    said = "; ".join(f"it was {each}" for each in Word)
    message = closing(ended(outcome(word, sentence=said, left=said), outcome(Word.ABSENT, "wiki", "")))
    lines = [line for line in read(message).splitlines() if line.startswith(("CRM: ", "Wiki: "))]
    assert [_WORDS.findall(line) for line in lines] == [[word.value], ["absent"]]
    crm = read(message).split("CRM: ")[1].split("Wiki: ")[0]
    assert {found.lower() for found in _WORDS.findall(crm)} == {word.value}


def test_those_who_went_round_four_eyes_are_named() -> None:
    view = ended(
        outcome(Word.SKIPPED, done_by="U0ROOT"), outcome(Word.MANUAL, "wiki", done_by="U0BEN"), state=CaseState.CLOSED
    )
    text = read(closing(view))
    assert "Left as it is by @Rosa Root: CRM." in text
    assert "Marked done by @Ben Sato: Wiki." in text


def test_owners_are_called_for_what_needs_people_and_admins_where_there_is_no_owner() -> None:
    text = read(closing(ended(outcome(Word.FAILED), outcome(Word.UNCONFIRMED, "wiki"))))
    assert "2 systems still need a person." in text
    assert "@Chloe Haddad @Rosa Root: please see the thread." in text


def test_it_leads_with_how_many_ended_how_and_where_something_is_left() -> None:
    both = (outcome(Word.REMOVED, left="the IAM login still works"), outcome(Word.REMOVED, "wiki"))
    assert "results\n2 of 2 removed; 1 has something left. " in read(closing(ended(*both, state=CaseState.CLOSED)))
    mixed = (outcome(Word.REMOVED), outcome(Word.FAILED, "wiki"))
    assert "results\n1 of 2 removed, 1 failed. " in read(closing(ended(*mixed)))
    assert "results\n1 of 2 absent, 1 without a result. " in read(closing(ended(outcome(Word.ABSENT))))


def test_a_system_in_which_nobody_is_assigned_is_counted_as_not_looked_at() -> None:
    view = ended(outcome(Word.ABSENT), state=CaseState.CLOSED, looks=(Discovery("wiki", Sight.UNASSIGNED),))
    assert "results\n1 of 2 absent, 1 not looked at. " in read(closing(view))


def test_what_is_true_of_two_accounts_is_said_once() -> None:
    both = (outcome(Word.MANUAL, left="it works"), outcome(Word.MANUAL, handle="dana2@acme.test", left="it works"))
    text = read(closing(ended(*both)))
    assert "CRM: manual\nIt was manual by the test.\nWhat is left: It works.\nWiki: " in text


def test_those_who_approved_are_named_and_not_called_a_second_time() -> None:
    decided = made_plan(planned(CRM, made_account()), state=PlanState.APPROVED)
    given = (
        replace(approval("U0BEN"), mail="ben@acme.test"),
        replace(approval("U0CHLOE"), mail=None),
        approval("U0OTTO", turn=2),
    )
    view = ended(outcome(Word.REMOVED), outcome(Word.ABSENT, "wiki"), plans=(decided,), approvals=given)
    message = closing(view)
    assert "Approved by ben@acme.test, an approver without an address." in read(message)
    assert "U0BEN" not in str(message.blocks)
    assert defects(message) == []


def test_nobody_is_called_where_everything_ended_well() -> None:
    assert "please see" not in read(closing(ended(outcome(Word.REMOVED), outcome(Word.REMOVED, "wiki"))))


def test_fifty_systems_fit_into_the_one_message() -> None:
    systems = tuple(CaseSystem(f"s{n}", f"System {n}", "fake", f"fake {n}", 1) for n in range(50))
    case = made_case(state=CaseState.NEEDS_PEOPLE, systems=systems, ended_at=NOW)
    view = made_view(case, outcomes=tuple(outcome(Word.FAILED, f"s{n}", sentence="z" * 500) for n in range(50)))
    message = closing(view)
    assert size(message.blocks) < 9_000
    assert all(f"System {n}: failed" in read(message) for n in range(50))
    assert defects(message) == []


def test_of_more_systems_than_fit_those_that_need_people_are_shown_and_the_rest_is_counted() -> None:
    systems = tuple(CaseSystem(f"s{n}", f"System {n} {'x' * 60}", "fake", f"fake {n}", 1) for n in range(200))
    case = made_case(state=CaseState.NEEDS_PEOPLE, systems=systems, ended_at=NOW)
    outcomes = tuple(outcome(Word.REMOVED if n < 190 else Word.FAILED, f"s{n}") for n in range(200))
    looks = tuple(Discovery(f"s{n}", Sight.FULL) for n in range(200))
    message = closing(made_view(case, outcomes=outcomes, looks=looks))
    assert all(f"System {n} {'x' * 60}: failed" in read(message) for n in range(190, 200))
    assert "more: see the thread." in read(message)
    assert defects(message) == []


def test_many_decisions_of_one_person_take_one_line() -> None:
    systems = tuple(CaseSystem(f"s{n}", f"System {n}", "fake", f"fake {n}", 1) for n in range(50))
    case = made_case(state=CaseState.CLOSED, systems=systems, ended_at=NOW)
    message = closing(
        made_view(case, outcomes=tuple(outcome(Word.SKIPPED, f"s{n}", done_by="U0ROOT") for n in range(50)))
    )
    assert "Left as it is by @Rosa Root: System 0, System 1, " in read(message)
    assert defects(message) == []


@pytest.mark.parametrize("word", list(Word))
def test_slack_takes_it_and_its_notification_names_nobody(word: Word) -> None:
    message = closing(ended(outcome(word, done_by="U0ROOT"), outcome(word, "wiki", left="x")))
    assert defects(message) == []


def test_it_says_how_far_the_audit_went() -> None:
    view = ended(outcome(Word.REMOVED), head="case:12:57:9f86d081884c7d65")

    assert "Audit head: case:12:57:9f86d081884c7d65" in read(closing(view)).replace("`", "")
    assert "Audit head" not in read(closing(ended(outcome(Word.REMOVED))))
