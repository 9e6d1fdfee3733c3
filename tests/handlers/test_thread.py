"""The poster: parts, budget, whom it calls, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import CaseView
from bot.store import SqlStore
from handlers import budget
from tests.bot.conftest import POLICY
from tests.bot.fakes import account
from tests.handlers.post import CHANNEL, WHOLE, Post, want


async def test_a_long_plan_is_posted_in_parts_before_anything_later(post: Post) -> None:
    many = [account(id=str(n), mail="dana@acme.test", handle=f"dana{n}.{'x' * 80}") for n in range(50)]
    post.house.crm.accounts = {one.id: one for one in many}
    await post.house.planned()
    await post.all()
    keys = post.keys()
    parts = [key for key in keys if key.startswith("plan:1")]
    assert len(parts) > 1
    assert keys == ["root", "plan:1", *(f"plan:1#{n}" for n in range(2, len(parts) + 1)), "progress", "closing"]


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels that take any number of new messages at once."""
    monkeypatch.setattr(budget, "POSTS_AT_ONCE", 10_000)


@pytest.mark.usefixtures("roomy")
async def test_edits_stay_within_their_minute_and_go_on_in_the_next(post: Post) -> None:
    post.house.govern(replace(POLICY, per_requester_per_day=100))
    post.house.crm.accounts.clear()
    for number in range(50):
        await post.house.opened(email=f"leaver{number}@acme.test", systems=("crm",))
    await post.all()
    assert post.calls("chat.postMessage") == 50
    await post.house.engine.drain()
    before = post.calls("chat.update")
    while await post.poster.turn():
        pass
    assert post.calls("chat.update") - before == 45
    post.late += timedelta(seconds=61)
    await post.all()
    assert post.calls("chat.update") - before >= 50


async def many_edits(post: Post, count: int = 48) -> None:
    """Open so many cases and bring them to their end, of which Slack is not told yet: each root has to be edited."""
    post.house.govern(replace(POLICY, per_requester_per_day=100))
    post.house.crm.accounts.clear()
    for number in range(count):
        await post.house.opened(email=f"leaver{number}@acme.test", systems=("crm",))
    await post.all()
    await post.house.engine.drain()


async def turned(post: Post) -> None:
    """Go on until nothing more can be done at this time."""
    while await post.poster.turn():
        pass


def edited(post: Post, since: int) -> list[int]:
    """The cases whose messages were edited, in order, from that call on."""
    calls = [call for call in post.workspace.calls[since:] if call.method == "chat.update"]
    return [call.args["metadata"]["event_payload"]["case"] for call in calls]


@pytest.mark.usefixtures("roomy")
async def test_no_case_is_drawn_for_edits_that_have_to_wait(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    await many_edits(post)
    await turned(post)
    drawn: list[int] = []
    view = SqlStore.view

    async def counted(store: SqlStore, case_id: int) -> CaseView | None:
        drawn.append(case_id)
        return await view(store, case_id)

    monkeypatch.setattr(SqlStore, "view", counted)
    waiting = await post.house.store.due_posts(post.now(), 100)
    assert len(waiting) == 3
    assert await post.poster.turn() is False
    assert drawn == []
    post.late += timedelta(seconds=61)
    await turned(post)
    assert sorted(drawn) == sorted(one.case_id for one in waiting)


@pytest.mark.usefixtures("roomy")
async def test_what_waited_for_its_edit_is_edited_stalest_first_and_nothing_is_lost(post: Post) -> None:
    await many_edits(post)
    since = len(post.workspace.calls)
    await turned(post)
    waiting = await post.house.store.due_posts(post.now(), 100)
    post.late += timedelta(seconds=61)
    await turned(post)
    assert edited(post, since)[-len(waiting) :] == [one.case_id for one in waiting]
    assert sorted(edited(post, since)) == list(range(1, 49))
    assert await post.house.store.due_posts(post.now(), 1) == ()


@pytest.mark.usefixtures("roomy")
async def test_new_messages_go_out_while_edits_have_to_wait(post: Post) -> None:
    await many_edits(post)
    await turned(post)
    since = len(post.workspace.calls)
    await want(post, "root", "note:now")
    await turned(post)
    written = [call for call in post.workspace.calls[since:] if call.method.startswith("chat.")]
    assert [call.args["metadata"]["event_payload"]["key"] for call in written] == ["note:now"]


async def test_the_requester_is_told_directly_when_it_has_ended(post: Post) -> None:
    await post.house.ran()
    await post.all()
    (message,) = post.workspace.as_person("U0AMY").dms
    assert "OFF-1 (dana@acme.test)" in post.workspace.text_of(message)


async def test_a_direct_message_that_cannot_be_sent_holds_nothing_up(post: Post) -> None:
    await post.house.ran()
    post.workspace.fail_next("conversations.open", "user_disabled", times=100)
    await post.all()
    assert post.keys() == WHOLE
    assert post.workspace.as_person("U0AMY").dms == []


async def test_approvers_are_mentioned_in_the_plan_and_people_only_where_they_must_act(post: Post) -> None:
    view = await post.house.planned()
    await post.all()
    await post.house.approved(view)
    await post.house.engine.drain()
    await post.all()
    reasons = [message.notified.get("U0BEN") for message in post.workspace.as_person("U0BEN").notified]
    assert reasons[0] == "group"
    assert reasons.count("group") + reasons.count("mention") == 1
    outsiders = {who: len(post.workspace.as_person(f"U0{who}").notified) for who in ("OTTO", "DANA")}
    assert outsiders == {"OTTO": 1, "DANA": 0}


async def test_drain_posts_what_is_due_and_ends_the_run(post: Post) -> None:
    await post.house.ran()
    await post.poster.drain(10)
    await post.poster.run()
    assert post.keys() == WHOLE


async def test_a_store_that_fails_is_survived(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await post.house.planned()

    async def broken(*_: object) -> None:
        raise RuntimeError("dana@acme.test")

    with monkeypatch.context() as patch:
        patch.setattr(SqlStore, "due_posts", broken)
        assert await post.poster.turn() is False
    assert "the poster ended with RuntimeError" in caplog.text
    assert "dana@acme.test" not in caplog.text
    await post.all()
    assert post.keys() == ["root", "plan:1"]


async def test_a_message_that_cannot_be_drawn_stops_no_other(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    await post.house.planned()
    await want(post, "plan:9", "note:later")
    await post.poster.turn()
    await post.poster.turn()
    assert post.keys() == ["root", "plan:1", "note:later"]
    assert "drawing plan" in caplog.text


async def test_a_plan_names_the_systems_that_are_connected_and_not_part_of_the_case(post: Post) -> None:
    await post.house.planned(systems=("crm",))
    await post.all()
    root = post.workspace.messages(CHANNEL)[0].ts
    plan = next(message for message in post.workspace.messages(CHANNEL, root) if message.thread_ts)
    assert "left out of the request or connected since: WIKI." in post.workspace.text_of(plan)


async def test_new_messages_come_a_few_at_once_then_about_one_a_second_and_edits_pass_them_by(post: Post) -> None:
    post.house.govern(replace(POLICY, per_requester_per_day=100))
    for number in range(10):
        await post.house.opened(email=f"leaver{number}@acme.test", systems=("crm",))
    post.stand_still()
    await turned(post)
    assert post.keys() == ["root"] * budget.POSTS_AT_ONCE
    await want(post, "root")
    await post.house.engine.drain()
    await turned(post)
    assert post.keys() == ["root"] * budget.POSTS_AT_ONCE
    assert post.calls("chat.update") > 0
    post.late += timedelta(seconds=3 / budget.POSTS_A_SECOND)
    await turned(post)
    assert len(post.keys()) == budget.POSTS_AT_ONCE + 3


async def test_the_progress_follows_the_work_with_pauses_and_shows_its_end_without(post: Post) -> None:
    view = await post.house.planned()
    await post.all()
    await post.house.approved(view)
    await turned(post)
    post.late += timedelta(seconds=budget.APART)
    before = post.calls("chat.update")
    await said(post, "one")
    await turned(post)
    assert post.calls("chat.update") == before
    post.late += timedelta(seconds=budget.FIRST_PAUSE)
    await turned(post)
    assert post.calls("chat.update") == before + 1
    await post.house.engine.drain()
    post.late += timedelta(seconds=budget.APART)
    await turned(post)
    progress = post.workspace.messages(CHANNEL, post.workspace.messages(CHANNEL)[0].ts)[2]
    assert "2 of 2 systems have a result" in post.workspace.text_of(progress)


async def said(post: Post, text: str) -> None:
    """Note what is being done in a system of the first case, as a removal does."""
    async with post.house.store.begin() as tx:
        await tx.note_work(1, "crm", text)
        await tx.want(1, "progress")
