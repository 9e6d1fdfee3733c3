"""Pressed buttons and the dialogs behind them."""

from __future__ import annotations

import pytest

from bot.cases import Said
from bot.model import CaseState, CaseView, Word
from handlers import ids
from handlers.answers import Answers
from handlers.views.message import Message as Rendered
from handlers.views.plan import plan_messages
from handlers.views.progress import progress_messages
from sandbox.slack.workspace import Message
from tests.handlers.ears import Ears, opened
from tests.handlers.made import CRM, NOW, made_account, made_case, made_plan, made_view, outcome, planned

NO = Said(ok=False, text="You may not. Nothing was done.", who=("S0SECURITY",))
PLAN = made_plan(planned(CRM, made_account()))


async def plan_in(ears: Ears, view: CaseView | None = None) -> Message:
    (message,) = plan_messages(view or made_view(plans=(PLAN,)), 1)
    return await ears.posted(message)


async def progress_in(ears: Ears) -> Message:
    case = made_case(state=CaseState.NEEDS_PEOPLE, systems=(CRM,), ended_at=NOW)
    (message,) = progress_messages(made_view(case, outcomes=(outcome(Word.FAILED),)))
    return await ears.posted(message)


async def test_approve_is_one_call_with_the_plan_and_the_text_that_was_shown(ears: Ears) -> None:
    result = await ears.person("ben").press(await plan_in(ears), ids.APPROVE)
    assert result.ok
    name, *what, shown = ears.cases.asked[-1]
    assert (name, what) == ("approve", [12, 1, "1abc", "U0BEN", "T0ACME"])
    assert "1 account in 1 system would be taken away" in str(shown)
    assert "would disable the user, then delete the user. The last step cannot be undone." in str(shown)
    assert await ears.told("ben") == "Done."


async def test_a_click_is_known_by_an_id_that_it_keeps_when_it_is_delivered_again(ears: Ears) -> None:
    message = await plan_in(ears)
    await ears.person("ben").press(message, ids.APPROVE)
    await ears.workspace.redeliver()
    await ears.person("ben").press(message, ids.APPROVE)
    first, again, other = ears.cases.clicks
    assert first == again != other
    assert first


async def test_who_may_not_approve_is_told_privately_who_may(ears: Ears) -> None:
    ears.cases.says = NO
    await ears.person("otto").press(await plan_in(ears), ids.APPROVE)
    assert await ears.told("otto") == "You may not. Nothing was done.\nWho may: @security"
    assert len(ears.workspace.messages("C0CASES")) == 1


async def test_what_is_shown_is_the_whole_plan_also_where_the_buttons_stand_in_its_last_part(ears: Ears) -> None:
    long = made_plan(planned(CRM, *(made_account(f"dana{n}.{'x' * 60}@acme.test") for n in range(60))))
    ears.cases.views = (made_view(plans=(long,)),)
    *_, last = plan_messages(ears.cases.views[0], 1)
    await ears.person("ben").press(await ears.posted(last), ids.APPROVE)
    *_, shown = ears.cases.asked[-1]
    assert all(str(shown).count(f"dana{n}.") == 1 for n in range(60))


async def test_in_a_thread_the_private_answer_appears_there(ears: Ears) -> None:
    (plan,) = plan_messages(made_view(plans=(PLAN,)), 1)
    root = await ears.posted(Rendered("OFF-12: a case.", ()))
    reply = await ears.posted(plan, root.ts)
    await ears.person("ben").press(reply, ids.APPROVE)
    assert await ears.told("ben") == "Done."
    assert ears.person("ben").ephemerals[-1].thread_ts == root.ts


async def test_beside_a_thread_the_private_answer_appears_in_the_channel(ears: Ears) -> None:
    await ears.person("ben").press(await plan_in(ears), ids.APPROVE)
    await ears.told("ben")
    assert ears.person("ben").ephemerals[-1].thread_ts is None


async def test_a_private_answer_that_cannot_be_sent_is_logged_and_changes_nothing(
    ears: Ears, caplog: pytest.LogCaptureFixture
) -> None:
    Answers(ears.slack.tasks).tell("http://127.0.0.1:9/hook", NO)
    await ears.slack.tasks.drain(5)
    assert "private answer ended with" in caplog.text
    assert (await ears.person("amy").command("/offboard")).view is not None


async def test_decline_asks_for_a_reason_and_hands_it_on(ears: Ears) -> None:
    view = opened((await ears.person("ben").press(await plan_in(ears), ids.DECLINE)).view)
    assert view.title == "Decline"
    result = await ears.person("ben").submit(view, {"Reason": "the wrong person"})
    assert result.ok
    assert ears.cases.asked == [
        ("may_decide", 12, 1, "1abc", "U0BEN", "T0ACME"),
        ("decline", 12, 1, "1abc", "U0BEN", "T0ACME", "the wrong person"),
    ]


async def test_who_may_not_decide_gets_no_dialog(ears: Ears) -> None:
    ears.cases.says = NO
    result = await ears.person("otto").press(await plan_in(ears), ids.DECLINE)
    assert result.view is None
    assert "Who may: @security" in await ears.told("otto")


async def test_a_decision_that_came_too_late_says_so_in_the_dialog(ears: Ears) -> None:
    view = opened((await ears.person("ben").press(await plan_in(ears), ids.DECLINE)).view)
    ears.cases.says = Said(ok=False, text="Somebody else was faster.")
    result = await ears.person("ben").submit(view, {"Reason": "no"})
    assert result.field_errors == {"Reason": "Somebody else was faster."}


@pytest.mark.parametrize(
    ("action", "label", "call"), [(ids.MARK_DONE, "Evidence", "mark_done"), (ids.SKIP, "Reason", "skip")]
)
async def test_mark_done_and_skip_ask_for_words_and_are_about_one_system(
    ears: Ears, action: str, label: str, call: str
) -> None:
    view = opened((await ears.person("root").press(await progress_in(ears), action)).view)
    assert (await ears.person("root").submit(view, {label: "ticket 7"})).ok
    assert ears.cases.asked == [
        ("may_mend", 12, "crm", "U0ROOT", "T0ACME"),
        (call, 12, "crm", "U0ROOT", "T0ACME", "ticket 7"),
    ]


async def test_a_dialog_without_words_is_not_sent(ears: Ears) -> None:
    view = opened((await ears.person("root").press(await progress_in(ears), ids.SKIP)).view)
    assert (await ears.person("root").submit(view, {"Reason": ""})).field_errors
    assert [asked[0] for asked in ears.cases.asked] == ["may_mend"]


async def test_retry_is_about_one_system(ears: Ears) -> None:
    await ears.person("root").press(await progress_in(ears), ids.RETRY)
    assert ears.cases.asked == [("retry", 12, "crm", "U0ROOT", "T0ACME")]
    assert await ears.told("root") == "Done."


async def test_a_dialog_that_slack_did_not_open_is_told(ears: Ears) -> None:
    ears.workspace.fail_next("views.open", "expired_trigger_id")
    await ears.person("root").press(await progress_in(ears), ids.SKIP)
    assert await ears.told("root") == "Slack did not open the form in time. Try again."


async def test_a_discreet_plan_is_reviewed_and_approved_in_a_dialog(ears: Ears) -> None:
    discreet = made_view(made_case(discreet=True), plans=(PLAN,))
    ears.cases.views = (discreet,)
    message = await plan_in(ears, discreet)
    assert "dana" not in ears.workspace.text_of(message).lower()
    view = opened((await ears.person("ben").press(message, ids.REVIEW)).view)
    await ears.person("ben").press_in_view(view, ids.APPROVE)
    name, *_, shown = ears.cases.asked[-1]
    assert name == "approve"
    assert "dana@acme.test" in str(shown)
    after = await ears.workspace.until(
        lambda: next((v for v in [ears.person("ben").open_view] if v and "Done." in str(v.blocks)), None)
    )
    assert ids.APPROVE not in str(after.blocks)


async def test_declining_in_the_review_asks_on_top_of_it_and_closes_both(ears: Ears) -> None:
    discreet = made_view(made_case(discreet=True), plans=(PLAN,))
    ears.cases.views = (discreet,)
    review = opened((await ears.person("ben").press(await plan_in(ears, discreet), ids.REVIEW)).view)
    view = opened((await ears.person("ben").press_in_view(review, ids.DECLINE)).view)
    assert view.title == "Decline"
    assert (await ears.person("ben").submit(view, {"Reason": "no"})).ok
    assert ears.person("ben").open_view is None


async def test_who_may_not_decide_does_not_get_to_see_a_discreet_plan(ears: Ears) -> None:
    discreet = made_view(made_case(discreet=True), plans=(PLAN,))
    ears.cases.views, ears.cases.says = (discreet,), NO
    result = await ears.person("otto").press(await plan_in(ears, discreet), ids.REVIEW)
    assert result.view is None
    assert [asked[0] for asked in ears.cases.asked] == ["review"]
    assert "You may not." in await ears.told("otto")


async def test_a_discreet_plan_is_not_approved_where_only_initials_are_shown(ears: Ears) -> None:
    ears.cases.views = (made_view(made_case(discreet=True), plans=(PLAN,)),)
    await ears.person("ben").press(await plan_in(ears), ids.APPROVE)
    name, *_, shown = ears.cases.asked[-1]
    assert (name, shown) == ("approve", None)


async def test_a_long_discreet_plan_is_gone_through_page_by_page_and_all_of_it_counts_as_shown(ears: Ears) -> None:
    long = made_plan(planned(CRM, *(made_account(f"dana{n}.{'x' * 200}@acme.test") for n in range(600))))
    discreet = made_view(made_case(discreet=True), plans=(long,))
    ears.cases.views = (discreet,)
    view = opened((await ears.person("ben").press(await plan_in(ears, discreet), ids.REVIEW)).view)
    pages = 1
    while view.submit:
        assert ids.APPROVE not in str(view.blocks)
        assert (await ears.person("ben").submit(view, {})).ok
        view, pages = opened(ears.person("ben").open_view), pages + 1
    await ears.person("ben").press_in_view(view, ids.APPROVE)
    asked = [one for one in ears.cases.asked if one[0] == "review"]
    assert [one[-1] for one in asked] == list(range(1, pages + 1))
    assert {one[1:6] for one in asked} == {(12, 1, "1abc", "U0BEN", "T0ACME")}
    name, *_, shown = ears.cases.asked[-1]
    assert name == "approve"
    assert all(str(shown).count(f"dana{n}.") == 1 for n in range(600))


async def test_who_may_not_decide_any_more_does_not_get_to_see_the_next_page(ears: Ears) -> None:
    long = made_plan(planned(CRM, *(made_account(f"dana{n}.{'x' * 200}@acme.test") for n in range(600))))
    discreet = made_view(made_case(discreet=True), plans=(long,))
    ears.cases.views = (discreet,)
    view = opened((await ears.person("ben").press(await plan_in(ears, discreet), ids.REVIEW)).view)
    ears.cases.says = NO
    await ears.person("ben").submit(view, {})
    after = opened(ears.person("ben").open_view)
    assert "You may not." in str(after.blocks)
    assert "dana" not in str(after.blocks)
    assert not after.submit


async def test_a_button_with_a_value_that_is_none_of_ours_does_nothing_and_is_logged_without_it(
    ears: Ears, caplog: pytest.LogCaptureFixture
) -> None:
    forged = {
        "type": "button",
        "action_id": ids.APPROVE,
        "text": {"type": "plain_text", "text": "Go"},
        "value": "xyzzy",
    }
    message = await ears.posted(Rendered("OFF-1: a plan.", ({"type": "actions", "elements": [forged]},)))
    await ears.person("ben").press(message, ids.APPROVE)
    assert "Nothing was done." in await ears.told("ben")
    assert [call[0] for call in ears.cases.asked] == ["turned_away"]
    assert "a listener ended with Unreadable" in caplog.text
    assert "xyzzy" not in caplog.text
