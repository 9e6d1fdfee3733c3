"""The dialog with the whole plan of a discreet case: every page of it, and the buttons on the last alone."""

from __future__ import annotations

from dataclasses import replace

from handlers import ids
from handlers.shown import flat
from handlers.views.review import review_pages, reviewed_dialog
from tests.handlers.made import CRM, DANA, made_account, made_case, made_plan, made_view, planned, view_defects


def test_a_discreet_plan_is_reviewed_whole_with_the_buttons_inside() -> None:
    plan = made_plan(planned(CRM, made_account()))

    (view,) = review_pages(made_view(made_case(discreet=True), plans=(plan,)), plan)

    assert "dana@acme.test" in str(view["blocks"])
    assert [element["action_id"] for element in view["blocks"][-1]["elements"]] == [ids.APPROVE, ids.DECLINE]
    assert "dana@acme.test" in str(view["blocks"][-1]["elements"][0]["confirm"])
    assert "submit" not in view
    assert view_defects(view) == []
    assert view_defects(reviewed_dialog(12, "Approved.")) == []


def test_a_discreet_plan_says_that_the_leaver_was_not_found_in_slack() -> None:
    plan = made_plan(planned(CRM, made_account()))
    unknown = replace(DANA, slack_id=None)

    (view,) = review_pages(made_view(made_case(discreet=True, leaver=unknown), plans=(plan,)), plan)

    assert "Not found in Slack: secrecy and self-approval cannot be checked." in flat(view["blocks"])
    assert "By approving you state" in str(view["blocks"][-1])
    assert view_defects(view) == []


def test_a_plan_too_long_for_one_dialog_has_pages_and_is_decided_on_the_last() -> None:
    many = [made_account(f"dana{n}.{'x' * 200}@acme.test") for n in range(600)]
    plan = made_plan(planned(CRM, *many))

    pages = review_pages(made_view(made_case(discreet=True), plans=(plan,)), plan)

    *before, last = pages
    assert before
    assert all(ids.APPROVE not in str(page) for page in before)
    assert [page["submit"]["text"] for page in before] == ["Next"] * len(before)
    assert [page["private_metadata"] for page in before] == [f"12:1:1abc:{n}" for n in range(2, len(pages) + 1)]
    assert ids.APPROVE in str(last)
    assert [defect for page in pages for defect in view_defects(page)] == []
    text = "".join(flat(page["blocks"]) for page in pages)
    assert all(text.count(f"dana{n}.") == 1 for n in range(600))
