"""The outbox against Slack at its worst: order, recovery, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import CaseView
from sandbox.slack.limits import FaultStatus
from sandbox.slack.records import Json
from sandbox.slack.workspace import DEFAULT_SCOPES
from tests.bot.fakes import BEN
from tests.handlers.post import CHANNEL, WHOLE, Post, closed, opened, want


async def test_a_case_that_ended_unseen_is_told_in_its_order(post: Post) -> None:
    await post.house.ran()
    await post.all()
    assert post.keys() == WHOLE


async def test_later_messages_wait_for_an_earlier_one_that_failed(post: Post) -> None:
    await post.house.ran()
    await post.poster.turn()
    post.workspace.fail_next("chat.postMessage", "internal_error", times=2)
    await post.poster.turn()
    await post.poster.turn()
    assert post.keys() == ["root"]
    await post.all()
    assert post.keys() == WHOLE


async def test_a_post_whose_answer_was_lost_is_found_by_its_metadata_and_not_doubled(post: Post) -> None:
    await post.house.ran()
    for _ in WHOLE:
        post.workspace.fail_next("chat.postMessage", status="lost")
        await post.poster.turn()
        post.restart()
        post.late += timedelta(minutes=2)
        await post.poster.turn()
    await post.all()
    assert post.keys() == WHOLE


async def test_a_post_that_never_arrived_is_posted_once(post: Post) -> None:
    await post.house.planned()
    post.workspace.fail_next("chat.postMessage", status="drop")
    await post.all()
    assert post.keys() == ["root", "plan:1"]


async def test_a_message_of_another_app_with_our_metadata_is_not_taken_for_ours(post: Post) -> None:
    await post.house.planned()
    post.workspace.fail_next("chat.postMessage", status="drop")
    await post.poster.turn()
    forged = post.workspace.as_person("U0OTTO").say("look at me")
    post.workspace._backend.state.edit(
        replace(forged, metadata={"event_type": "offboard_message", "event_payload": {"case": 1, "key": "root"}})
    )
    post.late += timedelta(minutes=2)
    await post.poster.turn()
    users = {message.user for message in post.workspace.messages(CHANNEL)}
    assert users == {"U0OTTO", "U0BOT"}


async def test_without_the_right_to_read_history_it_posts_all_the_same_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post = await opened(tmp_path, DEFAULT_SCOPES - {"groups:history"})
    try:
        await post.house.planned()
        post.workspace.fail_next("chat.postMessage", status="drop")
        await post.all()
        assert post.keys() == ["root", "plan:1"]
        assert caplog.text.count("a crash may double a message") == 1
    finally:
        await closed(post)


async def test_when_slack_asks_to_wait_the_message_waits_that_long(post: Post) -> None:
    await post.house.planned()
    post.workspace.fail_next("chat.postMessage", "ratelimited", status=429)
    assert await post.poster.turn() is False
    assert post.poster.ready
    assert post.keys() == []
    post.late += timedelta(minutes=2)
    await post.all()
    assert post.keys() == ["root", "plan:1"]


async def test_out_of_the_channel_it_is_not_ready_and_loses_nothing(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.house.planned()
    post.workspace.fail_next("chat.postMessage", "not_in_channel", times=2)
    for _ in range(2):
        await post.poster.turn()
        post.late += timedelta(seconds=10)
    assert (post.poster.ready, post.poster.trouble) == (False, "not_in_channel")
    assert caplog.text.count("not_in_channel") == 1
    await post.all()
    assert post.poster.ready
    assert post.keys() == ["root", "plan:1"]


async def test_while_slack_cannot_be_reached_nothing_is_lost(post: Post) -> None:
    await post.house.planned()
    post.workspace.fail_next("chat.postMessage", status="drop", times=3)
    await post.poster.turn()
    assert post.poster.trouble == "not reachable"
    await post.all()
    assert post.poster.ready
    assert post.keys() == ["root", "plan:1"]


async def test_a_message_that_somebody_deleted_is_posted_anew_when_it_changes(post: Post) -> None:
    view = await post.house.planned()
    await post.all()
    plan = next(m for m in post.workspace.messages(CHANNEL, post.workspace.messages(CHANNEL)[0].ts) if m.thread_ts)
    post.workspace._backend.state.remove(plan)
    await post.house.approved(view)
    await post.all()
    assert sorted(post.keys()) == ["plan:1", "progress", "root"]


async def test_where_slack_takes_no_plan_blocks_progress_is_drawn_without_them_from_then_on(post: Post) -> None:
    await post.house.ran()
    await post.poster.turn()
    await post.poster.turn()
    assert post.keys() == WHOLE
    root = post.workspace.messages(CHANNEL)[0].ts
    await want(post, "progress")
    post.restart()
    post.workspace.fail_next("chat.update", "invalid_blocks")
    await post.all()
    progress = post.workspace.messages(CHANNEL, root)[2]
    assert {block["type"] for block in progress.blocks} == {"section", "rich_text"}
    assert "CRM: removed" in post.workspace.text_of(progress)
    before = post.calls("chat.update")
    await want(post, "progress")
    await post.all()
    assert post.calls("chat.update") == before


async def test_the_buttons_of_a_plan_are_gone_before_its_run_is_shown(post: Post) -> None:
    view = await post.house.planned()
    await post.all()
    await post.house.approved(view)
    before = len(post.workspace.calls)
    await post.all()
    written = [call for call in post.workspace.calls[before:] if call.method.startswith("chat.")]
    keys = [call.args["metadata"]["event_payload"]["key"] for call in written]
    assert keys.index("plan:1") < keys.index("progress")


async def test_a_plan_that_may_not_be_edited_now_does_not_hold_up_its_run(post: Post) -> None:
    view = await post.house.planned()
    await post.all()
    await post.house.approved(view)
    post.workspace.fail_next("chat.update", "internal_error", times=100)
    await post.poster.turn()
    await post.poster.turn()
    assert post.keys() == ["root", "plan:1", "progress"]


async def test_what_stands_there_already_is_not_sent_again(post: Post) -> None:
    await post.house.planned()
    await post.all()
    before = len(post.workspace.calls)
    await want(post, "root", "plan:1")
    await post.all()
    assert len(post.workspace.calls) == before


async def test_a_clock_that_is_put_back_by_an_hour_holds_no_message_up(post: Post) -> None:
    view = await post.house.planned()
    await post.all()
    post.late -= timedelta(hours=1)
    await post.house.run(view)
    for _ in range(20):
        await post.poster.turn()
        post.late += timedelta(seconds=1)
    assert post.keys() == WHOLE


async def test_what_is_put_off_before_the_clock_is_put_back_waits_no_longer_for_that(post: Post) -> None:
    await post.house.planned()
    post.workspace.fail_next("chat.postMessage", status="drop")
    await post.poster.turn()
    post.late -= timedelta(days=1)
    for _ in range(20):
        await post.poster.turn()
        post.late += timedelta(seconds=1)
    assert post.keys() == ["root", "plan:1"]


async def test_an_edit_whose_answer_was_lost_is_not_taken_for_undone(post: Post) -> None:
    view = await _planned_for_two(post)
    await post.house.approved(view)
    heard, post.workspace.watching.called = post.workspace.watching.called, _lose_edits_of_plans
    for _ in range(2):
        await post.poster.turn()
        post.late += timedelta(minutes=2)
    assert "withdraw" in _plan_buttons(post)
    post.workspace.watching.called = heard
    await _withdrawn(post, view)
    await post.all()
    assert "withdraw" not in _plan_buttons(post)


async def test_what_another_process_showed_meanwhile_is_not_forgotten(post: Post) -> None:
    view = await _planned_for_two(post)
    first = post.poster
    await post.house.approved(view)
    post.restart()
    await post.all()
    assert "withdraw" in _plan_buttons(post)
    await _withdrawn(post, view)
    post.poster = first
    await post.all()
    assert "withdraw" not in _plan_buttons(post)


def _lose_edits_of_plans(method: str, arguments: Json) -> FaultStatus | None:
    is_plan = "plan:" in str(arguments.get("metadata"))
    return "lost" if method == "chat.update" and is_plan else None


async def _planned_for_two(post: Post) -> CaseView:
    post.house.govern(replace(post.house.policy, approvals=2))
    view = await post.house.planned()
    await post.all()
    return view


async def _withdrawn(post: Post, view: CaseView) -> None:
    said = await post.house.cases.withdraw(view.case.id, BEN.user_id, BEN.team_id)
    assert said.ok


def _plan_buttons(post: Post) -> set[str]:
    root = post.workspace.messages(CHANNEL)[0].ts
    blocks = post.workspace.messages(CHANNEL, root)[1].blocks
    return {element.get("action_id", "") for block in blocks for element in block.get("elements", ())}
