"""Progress: a card a system, in two renderings of one model."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from bot.model import CaseState, CaseSystem, CaseView, Discovery, Outcome, Sight, Word, Working
from handlers import ids
from handlers.views.blocks import size
from handlers.views.cards import Card, Status, cards
from handlers.views.progress import progress_messages
from tests.handlers.made import (
    CRM,
    NOW,
    PROOF,
    WIKI,
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
RUNNING = made_case(state=CaseState.RUNNING, systems=(CRM,))
ENDED = made_case(state=CaseState.NEEDS_PEOPLE, systems=(CRM,), ended_at=NOW)


def card_of(view: CaseView) -> Card:
    return cards(view)[0]


def words_of(card: Card) -> list[str]:
    return _WORDS.findall("\n".join([card.title, *card.lines]))


@pytest.mark.parametrize("word", list(Word))
def test_a_card_shows_exactly_one_outcome_word_whatever_the_sentences_say(word: Word) -> None:
    said = "; ".join(f"it was {each}" for each in Word)
    ended = outcome(word, sentence=said, left=said, proof=replace(PROOF, by_id=said, by_search=said))
    card = card_of(made_view(RUNNING, outcomes=(ended,)))
    assert {found.lower() for found in words_of(card)} == {word.value}
    assert card.word is word


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(Word, 2)))
def test_two_accounts_that_ended_differently_still_show_one_word(one: Word, other: Word) -> None:
    view = made_view(RUNNING, outcomes=(outcome(one), outcome(other, handle="dana2@acme.test")))
    card = card_of(view)
    assert {found.lower() for found in words_of(card)} == {str(card.word)}
    assert "dana@acme.test" in str(card.lines)
    assert "dana2@acme.test" in str(card.lines)


def test_an_account_that_ended_otherwise_than_its_system_is_told_in_a_sentence_of_our_own() -> None:
    view = made_view(RUNNING, outcomes=(outcome(Word.FAILED), outcome(Word.REMOVED, handle="dana2@acme.test")))
    assert card_of(view).lines == (
        "dana@acme.test: It was failed by the test.",
        "dana2@acme.test: Is gone, and a later read proved it.",
    )


def test_while_a_system_is_worked_on_its_card_says_what_is_done_and_no_outcome() -> None:
    view = made_view(RUNNING, working=(Working("crm", "disabling the user"),), outcomes=(outcome(Word.FAILED),))
    card = card_of(view)
    assert (card.title, card.status, card.word) == ("CRM: disabling the user", Status.IN_PROGRESS, None)
    assert words_of(card) == []


@pytest.mark.parametrize(
    ("look", "title"),
    [
        (None, "CRM: not looked at yet"),
        (Discovery("crm", Sight.FULL, (made_account(),)), "CRM: waits for its turn"),
        (Discovery("crm", Sight.NOT_READ, reason="the log-in failed."), "CRM: not read (the log-in did not work)"),
        (Discovery("crm", Sight.UNASSIGNED), "CRM: not looked at: nothing is assigned"),
        (Discovery("crm", Sight.PARTIAL), "CRM: not seen with this key"),
    ],
)
def test_a_system_without_an_outcome_says_what_is_known(look: Discovery | None, title: str) -> None:
    assert card_of(made_view(RUNNING, looks=(look,) if look else ())).title == title


def test_a_card_tells_handle_what_is_left_when_it_takes_effect_and_the_proof() -> None:
    ended = outcome(Word.SCHEDULED, left="the IAM login still works", effective_at=NOW, proof=PROOF)
    text = "\n".join(card_of(made_view(RUNNING, outcomes=(ended,))).lines)
    assert "dana@acme.test: It was scheduled by the test. On 2026-11-22 09:00 UTC." in text
    assert "What is left: The IAM login still works." in text
    assert "Read again on 2026-11-22 09:01 UTC: by id not found (404); by search no hit on 3 pages." in text


@pytest.mark.parametrize(
    ("ended", "stuck"),
    [
        (outcome(Word.REMOVED), False),
        (outcome(Word.ABSENT), False),
        (outcome(Word.SCHEDULED), False),
        (outcome(Word.SKIPPED, done_by="U0ROOT"), False),
        (outcome(Word.MANUAL, done_by="U0ROOT"), False),
        (outcome(Word.MANUAL), True),
        (outcome(Word.REFUSED), True),
        (outcome(Word.FAILED), True),
        (outcome(Word.UNCONFIRMED), True),
    ],
)
def test_only_what_did_not_end_well_gets_retry_mark_done_and_skip(ended: Outcome, stuck: bool) -> None:
    (message,) = progress_messages(made_view(ENDED, outcomes=(ended,), looks=(Discovery("crm", Sight.FULL),)))
    pressed = [e["action_id"] for block in message.blocks for e in block.get("elements", []) if "action_id" in e]
    assert pressed == ([ids.RETRY, ids.MARK_DONE, ids.SKIP] if stuck else [])
    values = {e["value"] for block in message.blocks for e in block.get("elements", []) if "value" in e}
    assert values == ({"12:crm"} if stuck else set())


def test_a_system_that_was_never_read_needs_a_person_once_the_case_has_ended_but_an_unassigned_one_does_not() -> None:
    not_read = (Discovery("crm", Sight.NOT_READ),)
    assert card_of(made_view(ENDED, looks=not_read)).stuck
    assert not card_of(made_view(RUNNING, looks=not_read)).stuck
    assert not card_of(made_view(ENDED, looks=(Discovery("crm", Sight.UNASSIGNED),))).stuck


def test_a_system_that_waits_for_a_decision_on_a_newer_plan_offers_nothing_else() -> None:
    plan = made_plan(planned(CRM, made_account()), turn=2)
    assert not card_of(made_view(ENDED, outcomes=(outcome(Word.REFUSED),), plans=(plan,))).stuck


def test_good_outcomes_of_a_system_that_was_not_wholly_seen_still_need_a_person() -> None:
    look = Discovery("crm", Sight.PARTIAL)
    assert card_of(made_view(ENDED, outcomes=(outcome(Word.REMOVED),), looks=(look,))).stuck


def test_nothing_can_be_pressed_while_the_system_is_tried_again_or_the_case_is_over() -> None:
    failed = (outcome(Word.FAILED),)
    assert not card_of(made_view(ENDED, outcomes=failed, working=(Working("crm", "reading"),))).stuck
    assert not card_of(made_view(made_case(state=CaseState.CANCELLED, systems=(CRM,)), outcomes=failed)).stuck


@pytest.mark.parametrize("plain", [False, True])
def test_both_renderings_say_the_same_and_slack_takes_both(plain: bool) -> None:
    view = made_view(
        made_case(state=CaseState.NEEDS_PEOPLE, ended_at=NOW),
        outcomes=(outcome(Word.FAILED, left="the account still works"), outcome(Word.REMOVED, "wiki", proof=PROOF)),
    )
    (message,) = progress_messages(view, plain=plain)
    text = read(message)
    assert "OFF-12: 2 of 2 systems have a result" in text
    assert "CRM: failed" in text
    assert "What is left: The account still works." in text
    assert "Wiki: removed" in text
    assert "CRM needs its owner or an admin." in text
    assert defects(message) == []
    assert any(block["type"] == "plan" for block in message.blocks) is not plain


@pytest.mark.parametrize("plain", [False, True])
def test_many_systems_with_many_accounts_stay_within_slacks_sizes(plain: bool) -> None:
    systems = tuple(CaseSystem(f"s{n}", f"System {n} {'x' * 60}", "fake", f"fake {n}", 1) for n in range(25))
    outcomes = tuple(
        outcome(Word.FAILED, f"s{n}", f"dana{k}@acme.test", left="y" * 200, sentence="z" * 500, proof=PROOF)
        for n in range(25)
        for k in range(5)
    )
    view = made_view(made_case(state=CaseState.NEEDS_PEOPLE, systems=systems, ended_at=NOW), outcomes=outcomes)
    parts = progress_messages(view, plain=plain)
    assert len(parts) == 3
    assert all(defects(part) == [] and size(part.blocks) < 9_000 for part in parts)
    assert all(f"System {n} " in "".join(map(read, parts)) for n in range(25))


def test_a_handle_that_looks_like_markup_is_shown_as_it_is() -> None:
    view = made_view(
        made_case(state=CaseState.RUNNING, systems=(WIKI,)), outcomes=(outcome(Word.REMOVED, "wiki", "<!here> *x*"),)
    )
    for plain in (False, True):
        (message,) = progress_messages(view, plain=plain)
        assert "<!here> *x*: It was removed by the test." in read(message)
        assert defects(message) == []


def test_similar_names_that_no_plan_has_shown_stand_on_the_card() -> None:
    plan = made_plan(planned(CRM, similar=("dan",)))
    look = Discovery("crm", Sight.FULL, similar=("dan", "da\u200bna"))
    nobody = outcome(Word.ABSENT, handle="", account_id="")
    view = made_view(plans=(plan,), looks=(look,), outcomes=(nobody,))

    assert card_of(view).lines[-1] == "Similar, not chosen: da\u27e8U+200B\u27e9na."
    assert "dan," not in str(card_of(view).lines)
