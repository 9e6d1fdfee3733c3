"""Slack's payloads, read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.cases import Denied, Field, Form
from handlers import forms, ids
from handlers.forms import Actor, Target, Unreadable, Verb

AMY = {"user_id": "U0AMY", "team_id": "T0ACME", "trigger_id": "1.2"}


def order(text: str) -> forms.Order:
    return forms.order({**AMY, "text": text})


@pytest.mark.parametrize(
    ("text", "person", "email"),
    [
        ("", None, ""),
        ("   ", None, ""),
        ("<@U0DANA|dana>", "U0DANA", ""),
        ("<@W0DANA>", "W0DANA", ""),
        ("dana@acme.test", None, "dana@acme.test"),
        ("  dana+x@acme.test ", None, "dana+x@acme.test"),
        ("<mailto:dana@acme.test|dana@acme.test>", None, "dana@acme.test"),
        ("<@U0DANA|dana>.", "U0DANA", ""),
        ("sean.o'<mailto:brien+it@acme.test|brien+it@acme.test>", None, "sean.o'brien+it@acme.test"),
        ("\u201c<mailto:dana@acme.test|dana@acme.test>\u201d", None, "dana@acme.test"),
        ("&lt;<mailto:dana@acme.test|dana@acme.test>&gt;,", None, "dana@acme.test"),
        ("r&amp;d@acme.test", None, "r&d@acme.test"),
        ("\u00a0dana@acme.test!", None, "dana@acme.test"),
        ("dana@acme.test\u200b", None, "dana@acme.test\u200b"),
    ],
)
def test_a_command_opens_the_form_with_the_person_or_address_it_names(
    text: str, person: str | None, email: str
) -> None:
    read = order(text)
    assert (read.verb, read.person, read.email) == (Verb.OPEN, person, email)
    assert (read.actor, read.trigger_id) == (Actor("U0AMY", "T0ACME"), "1.2")


@pytest.mark.parametrize(
    ("text", "verb", "case_id"),
    [
        ("help", Verb.HELP, None),
        ("LIST", Verb.LIST, None),
        ("status OFF-12", Verb.STATUS, 12),
        ("Status off-12", Verb.STATUS, 12),
        ("status 12", Verb.STATUS, 12),
        ("status  off12 ", Verb.STATUS, 12),
        ("status OFF-012", Verb.STATUS, 12),
        ("status", Verb.STATUS, None),
        ("cancel OFF-3", Verb.CANCEL, 3),
        ("cancel it", Verb.CANCEL, None),
        ("stop OFF-3 please", Verb.STOP, 3),
        ("cancel OFF-3, thanks", Verb.CANCEL, 3),
        ("withdraw OFF-3: wrong one", Verb.WITHDRAW, 3),
        ("withdraw OFF-3\nwrong one", Verb.WITHDRAW, 3),
        ("stop OFF-3 OFF-4", Verb.STOP, None),
        ("stop 1 2", Verb.STOP, None),
        ("stop\u00a0OFF\u20113", Verb.STOP, 3),
        ("release OFF-3\nbecause", Verb.RELEASE, 3),
        ("status 0", Verb.STATUS, None),
        ("status " + "9" * 40, Verb.STATUS, None),
    ],
)
def test_the_words_of_the_command_are_understood(text: str, verb: Verb, case_id: int | None) -> None:
    assert (order(text).verb, order(text).case_id) == (verb, case_id)


def test_a_line_break_may_stand_before_a_reason() -> None:
    assert order("release OFF-3\nthe audit is over,\nso go on").reason == "the audit is over,\nso go on"
    assert order("release OFF-3 Ben &amp; I agree").reason == "Ben & I agree"


@pytest.mark.parametrize(
    "text", ["dana", "@dana", "hlep", "list all", "<@U0DANA> <@U0BEN>", "a@b@c", "<#C0CASES|x>", "dana@acme.test now"]
)
def test_anything_else_gets_help_with_what_was_not_understood(text: str) -> None:
    assert (order(text).verb, order(text).words) == (Verb.HELP, text)


def submitted(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - as many kinds as Slack has elements
    state = {block: {block: element} for block, element in values.items()}
    view = {"id": "V1", "callback_id": ids.REQUEST_VIEW, "state": {"values": state}}
    return {"type": "view_submission", "user": {"id": "U0AMY", "team_id": "T0ACME"}, "view": view}


CHOSEN = {"selected_options": [{"value": "crm"}, {"value": "wiki"}]}


def test_a_full_request_becomes_a_form() -> None:
    body = submitted(
        person={"selected_user": "U0DANA"},
        email={"value": " dana@acme.test "},
        other_logins={"value": "dfrost, dana.f\n dfrost,,"},
        reason={"value": "leaves on Friday"},
        systems=CHOSEN,
        when={"selected_date_time": 1_800_000_000},
    )
    when = datetime.fromtimestamp(1_800_000_000, UTC)
    logins = ("dfrost", "dana.f")
    assert forms.request(body) == Form(
        "V1", "U0DANA", "dana@acme.test", logins, "leaves on Friday", ("crm", "wiki"), when
    )
    assert forms.actor(body) == Actor("U0AMY", "T0ACME")


def test_other_logins_that_can_be_nobodys_are_told_under_their_field() -> None:
    body = submitted(email={"value": "dana@acme.test"}, systems=CHOSEN, other_logins={"value": "first last"})

    read = forms.request(body)

    assert isinstance(read, tuple)
    assert [denied.field for denied in read] == [Field.OTHER_LOGINS]
    assert "no blank inside" in read[0].text


def test_an_almost_empty_request_becomes_a_form_that_means_now() -> None:
    empty = {"value": None}
    body = submitted(
        person={"selected_user": "U0DANA"},
        email=empty,
        other_logins=empty,
        reason=empty,
        systems=CHOSEN,
        when={"selected_date_time": None},
    )
    assert forms.request(body) == Form("V1", "U0DANA", "", (), "", ("crm", "wiki"), None)


@pytest.mark.parametrize(("ticked", "stated"), [([{"value": ids.NO_SLACK}], True), ([], False)])
def test_a_tick_states_that_the_person_has_no_slack_account(*, ticked: list[dict[str, str]], stated: bool) -> None:
    read = forms.request(submitted(email={"value": "d@x.test"}, no_slack={"selected_options": ticked}, systems=CHOSEN))
    assert isinstance(read, Form)
    assert read.no_slack is stated
    assert read.systems == ("crm", "wiki")


def test_systems_of_all_menus_are_taken_together() -> None:
    further = {"systems_100": {"systems_100": {"selected_options": [{"value": "s100"}]}}}
    body = submitted(person={"selected_user": "U0DANA"}, systems=CHOSEN)
    body["view"]["state"]["values"] |= further
    read = forms.request(body)
    assert isinstance(read, Form)
    assert read.systems == ("crm", "wiki", "s100")


def test_nobody_and_nothing_chosen_are_told_at_once_under_their_fields() -> None:
    wrong = forms.request(submitted(person={"selected_user": None}, email={"value": None}, systems={}))
    assert isinstance(wrong, tuple)
    assert all(isinstance(one, Denied) for one in wrong)
    assert [one.field for one in wrong] == [Field.EMAIL, Field.SYSTEMS]


def pressed(value: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return {
        "type": "block_actions",
        "user": {"id": "U0BEN", "team_id": "T0ACME"},
        "team": {"id": "T0OTHER"},
        "actions": [{"action_id": ids.APPROVE, "value": value}],
        "trigger_id": "1.2",
        "response_url": "http://127.0.0.1/hook",
        **body,
    }


def test_a_press_is_bound_to_its_plan_and_to_the_persons_own_team() -> None:
    press = forms.press(pressed("12:2:1abc"))
    assert press.target == Target(12, turn=2, digest="1abc")
    assert press.actor == Actor("U0BEN", "T0ACME")
    assert press.response_url == "http://127.0.0.1/hook"


def test_a_press_on_a_system_names_case_and_system() -> None:
    assert forms.press(pressed("12:veeam_hq")).target == Target(12, system="veeam_hq")


@pytest.mark.parametrize("value", ["", "12", "x:1:abc", ":1:abc", "12:", "-1:crm"])
def test_a_value_that_is_none_of_ours_is_not_read(value: str) -> None:
    with pytest.raises(Unreadable):
        forms.press(pressed(value))


def text(words: str, kind: str = "text") -> dict[str, Any]:
    return {"type": kind, "text": words}


def section(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(parts)}


def test_what_was_shown_is_the_text_of_the_message_without_the_question_to_come() -> None:
    rows = {"type": "rich_text_list", "elements": [section(text("dana"))]}
    button = {"type": "button", "text": text("Approve", "plain_text"), "confirm": {"title": text("Sure?")}}
    blocks = [
        {"type": "header", "text": text("Plan of OFF-12", "plain_text")},
        {"type": "rich_text", "elements": [section(text("CRM"), text(": one")), rows]},
        {"type": "actions", "elements": [button]},
    ]
    press = forms.press(pressed("12:1:1abc", message={"blocks": blocks}))
    assert press.shown == "Plan of OFF-12\nCRM: one\ndana\nApprove"


def test_a_dialogs_answer_carries_what_it_was_about() -> None:
    state = {ids.WORDS: {ids.WORDS: {"value": "the wrong person"}}}
    view = {"id": "V2", "private_metadata": "12:1:1abc", "state": {"values": state}}
    found = forms.answer({"user": {"id": "U0BEN", "team_id": "T0ACME"}, "view": view})
    assert (found.target, found.words) == (Target(12, turn=1, digest="1abc"), "the wrong person")


def test_an_event_names_its_person_and_nobody_is_made_up() -> None:
    assert forms.actor({"team_id": "T0ACME", "event": {"user": "U0BEN"}}) == Actor("U0BEN", "T0ACME")
    with pytest.raises(Unreadable):
        forms.actor({"team_id": "T0ACME"})
