"""The question where no system knows the person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import CaseState, CaseView, Discovery, Finding, Key, KeyKind, KeySource, Sight, Word
from handlers import ids
from handlers.views.blocks import Json
from handlers.views.calls import note
from handlers.views.closing import closing
from handlers.views.messages import parts
from handlers.views.notes import direct
from handlers.views.nothing import correction_modal, nothing_dialog, nothing_messages
from handlers.views.root import root
from tests.handlers.made import (
    CRM,
    DANA,
    MAIL,
    NOW,
    WIKI,
    defects,
    made_case,
    made_view,
    outcome,
    read,
    view_defects,
)

CASE = made_case(state=CaseState.NEEDS_PEOPLE, ended_at=NOW, reason="left")
NEAR = Discovery("crm", Sight.FULL, similar=("dana.fr\u200bost@acme.test",))
NOBODY = (outcome(Word.ABSENT, handle="", account_id=""), outcome(Word.ABSENT, "wiki", "", account_id=""))
ASKED = made_view(CASE, looks=(NEAR, Discovery("wiki", Sight.FULL)), outcomes=NOBODY)
UNREAD = replace(ASKED, looks=(NEAR, Discovery("wiki", Sight.NOT_READ, reason="it is down")), outcomes=NOBODY[:1])
CONFIRMED = replace(ASKED, case=replace(CASE, state=CaseState.CLOSED, confirmed_by="U0BEN"))
DISCREET = replace(ASKED, case=replace(CASE, discreet=True))


def only(view: CaseView) -> str:
    """The question as a person reads it."""
    (message,) = parts(view, "nothing")
    assert defects(message) == []
    return read(message)


def pressed(view: CaseView) -> list[tuple[str, str]]:
    """Action id and value of each button of the question."""
    blocks: list[Json] = [block for message in parts(view, "nothing") for block in message.blocks]
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return [(one["action_id"], one["value"]) for one in elements]


def test_it_says_who_was_looked_for_where_and_what_is_near_and_asks_those_who_can_answer() -> None:
    text = only(ASKED)
    assert "Looked for: dana@acme.test (mail, typed in the request)." in text
    assert "CRM: no account was found." in text
    assert "similar, not chosen: dana.fr\u27e8U+200B\u27e9ost@acme.test" in text
    assert "1 similar name was seen. Is this the right address?" in text
    assert "@security @Rosa Root: if this is the right address" in text
    assert "@Amy Ortiz: if it is not, press Correct the address." in text
    assert pressed(ASKED) == [(ids.NOTHING_TO_REMOVE, "12:0:nothing"), (ids.CORRECT_ADDRESS, "12:corrected")]


def test_a_system_that_was_not_read_stands_there_with_its_reason_and_nothing_can_be_confirmed_yet() -> None:
    text = only(UNREAD)
    assert "Wiki: not read. It is down." in text
    assert "Not read so far: Wiki. Retry, mark done or skip that first" in text
    assert pressed(UNREAD) == [(ids.CORRECT_ADDRESS, "12:corrected")]


def test_every_key_is_shown_over_as_many_messages_as_it_takes_and_the_buttons_stand_in_the_last() -> None:
    keys = tuple(Key(KeyKind.LOGIN, f"dana{number}", KeySource.OTHER) for number in range(400))
    messages = nothing_messages(replace(ASKED, case=replace(CASE, leaver=replace(DANA, keys=(MAIL, *keys)))))
    assert len(messages) > 1
    assert all(f"dana{number} (" in "".join(map(read, messages)) for number in range(400))
    assert [any(block["type"] == "actions" for block in one.blocks) for one in messages[:-1]] == [False] * (
        len(messages) - 1
    )
    assert [one for message in messages for one in defects(message)] == []


def test_an_answer_stands_there_with_its_name_and_takes_the_buttons_away() -> None:
    assert "@Ben Sato confirmed: this is the right address, and there is nothing to remove." in only(CONFIRMED)
    assert pressed(CONFIRMED) == []


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (CaseState.CANCELLED, "This case is cancelled."),
        (CaseState.RUNNING, "the case has moved on"),
        (CaseState.WAITING, "the case has moved on"),
    ],
)
def test_a_case_that_has_moved_on_asks_nobody(state: CaseState, says: str) -> None:
    view = replace(ASKED, case=replace(CASE, state=state))
    assert says in only(view)
    assert pressed(view) == []


def test_in_a_discreet_case_the_channel_sees_initials_and_the_details_stand_in_a_dialog() -> None:
    text = only(DISCREET)
    assert "dana" not in text.lower()
    assert "similar" not in text
    assert pressed(DISCREET)[0] == (ids.NOTHING_TO_REMOVE, "12:0:review")
    dialog = nothing_dialog(DISCREET)
    assert "dana@acme.test" in str(dialog)
    assert "ost@acme.test" in str(dialog)
    assert "12:0:nothing" in str(dialog)
    assert view_defects(dialog) == []


def test_a_discreet_system_that_needs_a_decision_is_not_told_as_one_that_knows_nobody() -> None:
    stops = replace(NEAR, findings=(Finding("a rule lets them in", Word.MANUAL),))
    view = replace(DISCREET, looks=(stops, *DISCREET.looks[1:]))
    assert "No system knows this person" not in read(parts(view, "closing")[0])


def test_root_closing_and_direct_message_ask_and_never_say_that_no_account_is_left() -> None:
    for view in (ASKED, DISCREET):
        assert "no system knows this person: somebody has to answer" in read(parts(view, "root")[0])
    assert "Somebody has to say in the thread whether the address is right." in read(closing(ASKED))
    assert "Is the address right?" in read(direct(ASKED, "ended", ""))
    for message in (closing(ASKED), direct(ASKED, "ended", ""), closing(CONFIRMED), direct(CONFIRMED, "ended", "")):
        assert "account of this person is left" not in read(message)
        assert "no account is left" not in read(message)
    assert "@Ben Sato confirmed: this is the right address" in read(closing(CONFIRMED))
    assert "no system knows" not in read(root(CONFIRMED))


def test_people_are_called_to_an_answer_that_is_overdue() -> None:
    text = read(note(ASKED, "overdue", ""))
    assert "OFF-12 still needs an answer: no system knows this person." in text
    assert "@security @Rosa Root" in text
    assert "nothing waits" in read(note(CONFIRMED, "overdue", ""))


def inputs(modal: Json) -> dict[str, Json]:
    return {block["block_id"]: block["element"] for block in modal["blocks"]}


def test_the_correction_is_filled_in_with_what_was_asked_before() -> None:
    keys = (MAIL, Key(KeyKind.LOGIN, "dfrost", KeySource.OTHER), Key(KeyKind.LOGIN, "x4711", KeySource.OTHER))
    case = replace(CASE, leaver=replace(DANA, keys=keys), systems=(WIKI,), when=NOW)
    modal = correction_modal(case, (CRM, WIKI))
    fields = inputs(modal)
    assert modal["private_metadata"] == "12:corrected"
    assert "initial_user" not in fields[ids.PERSON]
    assert fields[ids.EMAIL]["initial_value"] == "dana@acme.test"
    assert [name for name, element in fields.items() if element.get("focus_on_load")] == [ids.EMAIL]
    assert fields[ids.OTHER_LOGINS]["initial_value"] == "dfrost, x4711"
    assert fields[ids.REASON]["initial_value"] == "left"
    assert [one["value"] for one in fields[ids.SYSTEMS]["initial_options"]] == ["wiki"]
    assert len(fields[ids.SYSTEMS]["options"]) == 2
    assert fields[ids.WHEN]["initial_date_time"] == int(NOW.timestamp())
    assert view_defects(modal) == []


def test_a_person_who_was_picked_is_picked_in_the_correction_and_their_address_is_not_typed() -> None:
    picked = replace(DANA, keys=(replace(MAIL, source=KeySource.PROFILE),))
    fields = inputs(correction_modal(replace(CASE, leaver=picked), (CRM, WIKI)))
    assert fields[ids.PERSON]["initial_user"] == "U0DANA"
    assert "initial_value" not in fields[ids.EMAIL]


def test_systems_that_are_no_longer_connected_leave_the_choice_empty_and_valid() -> None:
    modal = correction_modal(replace(CASE, systems=(replace(WIKI, name="gone"),)), (CRM,))
    assert "initial_options" not in inputs(modal)[ids.SYSTEMS]
    assert view_defects(modal) == []
