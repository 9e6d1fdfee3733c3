"""What one person alone is told."""

from __future__ import annotations

import pytest

from bot.cases import Denied, Field, Said
from bot.model import CaseState, Person, Word
from handlers import ids
from handlers.views.home import Shelves, home
from handlers.views.replies import field_errors, help_reply, list_reply, no_case_reply, reply, status_reply
from tests.handlers.made import (
    CRM,
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


def test_a_refusal_names_those_who_may() -> None:
    message = reply(Said(ok=False, text="You are not an approver.", who=("S0SECURITY", "U0ROOT", "U0ROOT")))
    assert read(message) == "You are not an approver.\nWho may: @security @Rosa Root"
    assert defects(message) == []


def test_help_says_what_was_not_understood_and_what_was_meant() -> None:
    text = read(help_reply("hlep me"))
    assert "I did not understand hlep me. Did you mean /offboard help?" in text
    assert "/offboard cancel OFF-12" in text
    assert "understand" not in read(help_reply())
    assert "Did you mean" not in read(help_reply("xyz"))
    assert defects(help_reply("<!channel> " + "x" * 500)) == []


def test_the_list_shows_the_newest_that_fit_and_how_many_more_there_are() -> None:
    views = [made_view(made_case(id=number)) for number in range(200, 100, -1)]
    message = list_reply(views)
    assert "OFF-200 dana@acme.test: waiting" in read(message)
    assert "… and 70 older." in read(message)
    assert defects(message) == []
    assert "no cases" in read(list_reply([]))


def test_the_status_has_a_line_a_system_and_the_approvals_so_far() -> None:
    plan = made_plan(planned(CRM, made_account()), needed=2)
    view = made_view(plans=(plan,), approvals=(approval("U0BEN"),), outcomes=(outcome(Word.ABSENT, "wiki"),))
    text = read(status_reply(view))
    assert "OFF-12 dana@acme.test: waiting, 1 of 2 approved" in text
    assert "CRM: not looked at yet" in text
    assert "Wiki: absent" in text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("OFF-13", "There is no case OFF-13 that you may see. Did you mean OFF-12?"),
        ("zebra", "There is no case zebra that you may see."),
        ("", "Name a case, e.g. /offboard status OFF-12."),
    ],
)
def test_an_unknown_case_is_said_to_be_unknown_with_the_one_that_may_be_meant(typed: str, says: str) -> None:
    assert read(no_case_reply(typed, [made_view()])) == says


def test_denials_stand_under_their_fields_and_those_about_the_form_under_the_address() -> None:
    errors = field_errors(
        (Denied(Field.FORM, "Not you."), Denied(Field.EMAIL, "Not an address."), Denied(Field.WHEN, "In the past."))
    )
    assert errors == {ids.EMAIL: "Not you. Not an address.", ids.WHEN: "In the past."}


@pytest.mark.parametrize("field", sorted(set(Field) - {Field.FORM}))
def test_every_field_of_the_domain_is_a_block_of_the_form(field: Field) -> None:
    places = {ids.PERSON, ids.EMAIL, ids.NO_SLACK, ids.OTHER_LOGINS, ids.REASON, ids.SYSTEMS, ids.WHEN}
    assert set(field_errors((Denied(field, "no"),))) <= places


def test_home_shows_what_waits_for_me_what_i_asked_for_and_what_needs_others_each_once() -> None:
    ben = Person("U0BEN", "T0ACME")
    mine = made_view(made_case(id=1, requester=ben, state=CaseState.NEEDS_PEOPLE))
    stuck = made_view(made_case(id=2, state=CaseState.NEEDS_PEOPLE))
    plan = made_view(made_case(id=3))
    running = made_view(made_case(id=4, state=CaseState.RUNNING))
    view = home(Shelves.sorted([mine, stuck, plan, running], {3}, "U0BEN"), {3: "https://acme.test/3"})
    waiting, rest = str(view["blocks"]).split("Cases I asked for")
    asked, others = rest.split("Needs other people")
    assert "OFF-3" in waiting
    assert "https://acme.test/3" in waiting
    assert "OFF-1" in asked
    assert "OFF-2" in others
    assert [str(view["blocks"]).count(f"OFF-{number}") for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert view_defects(view) == []


def test_home_holds_any_number_of_cases() -> None:
    views = [made_view(made_case(id=number)) for number in range(60, 0, -1)]
    view = home(Shelves.sorted(views, range(61), "U0BEN"), {})
    assert "… and 50 more" in str(view["blocks"])
    assert view_defects(view) == []
    assert view_defects(home(Shelves.sorted([], (), "U0BEN"), {})) == []
