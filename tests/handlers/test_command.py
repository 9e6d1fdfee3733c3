"""The command and the request's form: what people type, and what they are told."""

from __future__ import annotations

import pytest

from bot.cases import Denied, Field, Said
from bot.errors import PeopleNotReadable
from handlers import ids
from tests.handlers.ears import Ears, hearing, opened
from tests.handlers.made import made_case, made_view

NO = Said(ok=False, text="You may not. Nothing was done.", who=("S0SECURITY",))


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [("/offboard @dana", ids.PERSON, "U0DANA"), ("/offboard dana@acme.test", ids.EMAIL, "dana@acme.test")],
)
async def test_the_command_opens_the_form_filled_in(ears: Ears, text: str, label: str, value: str) -> None:
    view = opened((await ears.person("amy").command(text)).view)
    assert value in str(view.state[label][label])
    assert view.submit == "Request"
    assert ears.cases.asked == [("may_ask", "U0AMY", "T0ACME")]


@pytest.mark.parametrize(("typed", "sign"), [("dana@acme.test\u200b", "U+200B"), ("sean.o\u2019b@acme.test", "U+2019")])
async def test_an_address_that_can_be_nobodys_is_told_privately_and_opens_no_form(
    ears: Ears, typed: str, sign: str
) -> None:
    result = await ears.person("amy").command(f"/offboard {typed}")

    assert result.view is None
    told = await ears.told("amy")
    assert sign in told
    assert told.endswith("Nothing was opened.")


@pytest.mark.parametrize(("typed", "meant"), [("statsu OFF-3", "status"), ("cancle OFF-3", "cancel"), ("lst", "list")])
async def test_a_mistyped_word_is_answered_with_the_one_that_was_meant(ears: Ears, typed: str, meant: str) -> None:
    await ears.person("amy").command(f"/offboard {typed}")

    assert f"Did you mean /offboard {meant}?" in await ears.told("amy")


async def test_who_may_not_ask_is_told_so_alone_and_gets_no_form(ears: Ears) -> None:
    ears.cases.says = NO
    result = await ears.person("otto").command("/offboard")
    assert result.view is None
    assert await ears.told("otto") == "You may not. Nothing was done.\nWho may: @security"
    assert ears.workspace.messages("C0CASES") == []


async def test_a_form_that_slack_did_not_open_in_time_says_to_try_again(ears: Ears) -> None:
    ears.workspace.fail_next("views.open", "expired_trigger_id")
    await ears.person("amy").command("/offboard")
    assert await ears.told("amy") == "Slack did not open the form in time. Try again."


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            PeopleNotReadable("no answer"),
            "Slack did not answer when I asked who is who. Nothing was done. Press again.",
        ),
        (RuntimeError("dana@acme.test"), "Something went wrong on my side. Look at the case before you try again."),
    ],
)
async def test_whatever_goes_wrong_the_caller_gets_an_answer_and_the_log_no_personal_data(
    ears: Ears, caplog: pytest.LogCaptureFixture, error: Exception, says: str
) -> None:
    ears.cases.error = error
    for act in ("/offboard", "/offboard list", "/offboard status 1", "/offboard cancel 1"):
        result = await ears.person("amy").command(act)
        assert [ears.workspace.text_of(one) for one in result.ephemerals] == [says]
    assert "dana@acme.test" not in caplog.text


async def test_a_submitted_request_is_opened_once_and_the_form_closes(ears: Ears) -> None:
    view = opened((await ears.person("amy").command("/offboard dana@acme.test")).view)
    result = await ears.person("amy").submit(view, {"Reason": "leaves", "Other logins": "a, b"})
    assert result.ok
    assert ears.person("amy").open_view is None
    name, form, *who = ears.cases.asked[-1]
    assert (name, who) == ("open", ["U0AMY", "T0ACME"])
    assert "view_id='" + view.id in str(form)
    assert "systems=('crm', 'wiki')" in str(form)


async def test_denials_stand_under_their_fields_and_the_form_stays(ears: Ears) -> None:
    ears.cases.opened = (Denied(Field.WHEN, "In the past."), Denied(Field.FORM, "The limit is reached."))
    view = opened((await ears.person("amy").command("/offboard dana@acme.test")).view)
    result = await ears.person("amy").submit(view, {})
    assert result.field_errors == {"When": "In the past.", "E-mail": "The limit is reached."}
    assert ears.person("amy").open_view is not None


async def test_a_request_that_names_nobody_is_denied_without_asking_the_domain(ears: Ears) -> None:
    view = opened((await ears.person("amy").command("/offboard")).view)
    result = await ears.person("amy").submit(view, {})
    assert list(result.field_errors) == ["E-mail"]
    assert [asked[0] for asked in ears.cases.asked] == ["may_ask"]


async def test_a_request_that_cannot_be_judged_keeps_the_form_open_and_says_why(ears: Ears) -> None:
    view = opened((await ears.person("amy").command("/offboard dana@acme.test")).view)
    ears.cases.error = PeopleNotReadable("no answer")
    result = await ears.person("amy").submit(view, {})
    assert "Slack did not answer" in result.field_errors["E-mail"]


async def test_of_a_case_that_somebody_may_not_see_cancel_does_not_even_say_that_it_exists(ears: Ears) -> None:
    ears.cases.views = (made_view(made_case(id=3)),)
    result = await ears.person("otto").command("/offboard cancel OFF-12")
    assert "There is no case OFF-12 that you may see." in ears.workspace.text_of(result.ephemerals[0])
    assert "cancel" not in [asked[0] for asked in ears.cases.asked]


async def test_cancel_and_status_are_about_the_case_that_was_named(ears: Ears) -> None:
    ears.cases.views = (made_view(),)
    status = await ears.person("amy").command("/offboard status off-12")
    assert "OFF-12 dana@acme.test: waiting" in ears.workspace.text_of(status.ephemerals[0])
    cancel = await ears.person("amy").command("/offboard cancel 12")
    assert ears.workspace.text_of(cancel.ephemerals[0]) == "Done."
    assert ears.cases.asked[-1] == ("cancel", 12, "U0AMY", "T0ACME")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("withdraw OFF-12", ("withdraw", 12, "U0BEN", "T0ACME", None)),
        ("stop 12", ("stop", 12, "U0BEN", "T0ACME")),
        ("release off-12  both were agreed on", ("release", 12, "U0BEN", "T0ACME", "both were agreed on")),
        ("release off-12", ("release", 12, "U0BEN", "T0ACME", "")),
        ("STOP OFF-012", ("stop", 12, "U0BEN", "T0ACME")),
    ],
)
async def test_a_typed_brake_reaches_the_domain_and_its_answer_the_caller_alone(
    ears: Ears, typed: str, asked: tuple[object, ...]
) -> None:
    ears.cases.views = (made_view(),)

    result = await ears.person("ben").command(f"/offboard {typed}")

    assert ears.cases.asked[-1] == asked
    assert ears.workspace.text_of(result.ephemerals[0]) == "Done."
    assert ears.workspace.messages("C0CASES") == []


@pytest.mark.parametrize("verb", ["withdraw", "stop", "release", "break-glass", "cancel"])
async def test_a_typed_brake_on_a_case_that_is_not_seen_does_nothing_and_is_in_the_audit(ears: Ears, verb: str) -> None:
    result = await ears.person("otto").command(f"/offboard {verb} OFF-12")

    assert "There is no case OFF-12 that you may see." in ears.workspace.text_of(result.ephemerals[0])
    assert [asked[0] for asked in ears.cases.asked if asked[0] not in {"status", "visible"}] == ["turned_away"]
    assert result.view is None


async def test_who_may_not_break_the_glass_gets_no_form(ears: Ears) -> None:
    ears.cases.views, ears.cases.says = (made_view(),), NO

    result = await ears.person("ben").command("/offboard break-glass OFF-12")

    assert result.view is None
    assert NO.text in ears.workspace.text_of(result.ephemerals[0])


async def test_variables_of_another_slack_app_in_the_environment_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "of another app")
    async with hearing() as ears:
        assert (await ears.person("amy").command("/offboard")).view is not None
