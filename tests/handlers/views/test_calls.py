"""Reminders call those who can do something, never the leaver, and show nothing once it is past."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import CaseState, CaseView, PlanState, Word
from handlers import ids
from handlers.views import calls
from handlers.views.message import Message
from handlers.views.messages import parts
from handlers.views.replies import status_reply
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
    view_defects,
)

LEAVERS_TOO = ("S0SECURITY", "U0AMY", "U0DANA")


def waiting() -> CaseView:
    case = made_case(state=CaseState.WAITING, expires_at=NOW + timedelta(hours=36), turn=1)
    return made_view(case, plans=(made_plan(planned(CRM, made_account())),), approvers=LEAVERS_TOO)


def stuck() -> CaseView:
    case = made_case(state=CaseState.NEEDS_PEOPLE, ended_at=NOW)
    return made_view(case, outcomes=(outcome(Word.FAILED),))


def text_of(message: Message) -> str:
    assert defects(message) == []
    return str(message.blocks) + message.text


def test_a_reminder_calls_the_approvers_once_and_says_until_when() -> None:
    view = waiting()

    said = text_of(calls.note(view, "remind", ""))

    assert said.count("<!subteam^S0SECURITY>") == 1
    assert "2026-11-23 21:00 UTC" in said
    assert f"<@{view.case.requester.user_id}>" not in said


def test_a_reminder_never_calls_the_leaver() -> None:
    assert "U0DANA" not in text_of(calls.note(waiting(), "remind", ""))


@pytest.mark.parametrize("name", sorted(calls.NOTES))
def test_what_is_past_when_it_is_drawn_calls_nobody(name: str) -> None:
    view = waiting()
    plan = replace(view.plans[0], state=PlanState.VOID)
    over = replace(view, case=replace(view.case, state=CaseState.DECLINED), plans=(plan,))

    said = text_of(calls.note(over, name, "1 0"))

    assert "<@" not in said
    assert "<!subteam" not in said


def test_people_are_called_for_the_systems_that_need_them() -> None:
    said = text_of(calls.note(stuck(), "overdue", ""))

    assert "still needs a person" in said
    assert "CRM" in said
    assert "<@U0CHLOE>" in said


def test_that_nobody_can_approve_is_said_to_the_admins_with_the_numbers() -> None:
    said = text_of(calls.note(waiting(), "nobody", "2 1"))

    assert "needs 2" in said
    assert "has 1" in said
    assert "<@U0ROOT>" in said


@pytest.mark.parametrize("key", ["expired", "dm:expired"])
def test_an_expired_request_can_be_asked_again_from_the_thread_and_from_the_message(key: str) -> None:
    view = waiting()
    expired = replace(view, case=replace(view.case, state=CaseState.EXPIRED))

    (message,) = parts(expired, key)

    assert f"'action_id': '{ids.ASK_AGAIN}'" in text_of(message)
    assert f"'value': '{view.case.id}:again'" in text_of(message)


@pytest.mark.parametrize("changes", [{"state": CaseState.NEEDS_PEOPLE}, {"redacted_at": NOW}])
def test_nothing_is_asked_again_where_only_a_later_plan_expired_or_nobody_knows_of_whom(
    changes: dict[str, object],
) -> None:
    view = waiting()
    case = replace(view.case, **{"state": CaseState.EXPIRED, **changes})  # type: ignore[arg-type]

    (message,) = parts(replace(view, case=case), "expired")

    assert ids.ASK_AGAIN not in text_of(message)


def test_the_message_about_an_older_database_names_no_case_and_nobody() -> None:
    view = waiting()

    (message,) = parts(view, "dm:restored:1:U0ROOT", "Slack shows later events.")

    said = text_of(message)
    assert ids.GO_ON in said
    assert view.case.name not in said
    assert view.case.title not in said


def test_a_redacted_case_says_so_to_whoever_asks_for_it() -> None:
    view = waiting()

    said = text_of(status_reply(replace(view, case=replace(view.case, redacted_at=NOW))))

    assert "deleted on 2026-11-22 09:00 UTC" in said


def test_an_approval_that_is_there_is_counted_in_the_reminder() -> None:
    view = replace(waiting(), approvals=(approval("U0BEN"),))

    assert "1 of 1 approvals" in text_of(calls.note(view, "remind", ""))


def test_the_dialog_before_going_on_asks_for_a_reason() -> None:
    view = calls.go_on_dialog("0:database")

    assert view_defects(view) == []
    assert view["private_metadata"] == "0:database"
