"""The poster against Slack at its worst: order, recovery, budget, and nothing lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store import SqlStore, migrate, open_store
from handlers.outbox import Called
from handlers.slack_app import SlackSide
from handlers.thread import Poster
from sandbox.slack.workspace import DEFAULT_SCOPES, Message, Workspace, demo_seed
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import FakeSystem, account
from tests.handlers.ears import access_to

CHANNEL = "C0CASES"


@dataclass
class Post:
    """An outbox that moves only when it is told to, with a clock that does the same."""

    workspace: Workspace
    slack: SlackSide
    house: House
    poster: Poster
    late: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.late

    def restart(self) -> None:
        """A new process: what was only in memory is gone."""
        self.poster = self.slack.poster(self.house.store, Called(POLICY.approvers, POLICY.admins), self.now)

    async def all(self) -> None:
        """Go on, as much later as it takes, until nothing is due."""
        ever = datetime.max.replace(tzinfo=UTC)
        for _ in range(20):
            while await self.poster.turn():
                pass
            if not await self.house.store.due_posts(ever, 1):
                return
            self.late += timedelta(minutes=11)

    def keys(self) -> list[str]:
        """The keys of what stands in the channel's threads, in order."""
        found: list[Message] = []
        for root in self.workspace.messages(CHANNEL):
            if root.thread_ts is None:
                found += self.workspace.messages(CHANNEL, root.ts)
        return [message.metadata["event_payload"]["key"] for message in found if message.metadata]

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.workspace.calls)


async def opened(tmp_path: Path, scopes: frozenset[str] = DEFAULT_SCOPES) -> Post:
    url = f"sqlite:///{tmp_path / 'offboard.db'}"
    await migrate(url)
    store = await open_store(url)
    workspace = Workspace(demo_seed(), limits=False, scopes=scopes)
    await workspace.start()
    workspace.forbidden.add("U0DANA")
    workspace.forbidden_in_text.add("dana@acme.test")
    slack = SlackSide(access_to(workspace))
    house = House(store, FakeSystem("crm", {"1": account()}), FakeSystem("wiki", identity="fake wiki"))
    post = Post(workspace, slack, house, slack.poster(store, Called()))
    post.restart()
    return post


async def closed(post: Post) -> None:
    await post.slack.aclose()
    await post.house.store.aclose()
    await post.workspace.stop()


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    ready = await opened(tmp_path)
    yield ready
    await closed(ready)
    assert ready.workspace.lint_findings == []


WHOLE = ["root", "plan:1", "progress", "closing"]


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


async def want(post: Post, *keys: str) -> None:
    async with post.house.store.begin() as tx:
        await tx.want(1, *keys)


async def test_what_stands_there_already_is_not_sent_again(post: Post) -> None:
    await post.house.planned()
    await post.all()
    before = len(post.workspace.calls)
    await want(post, "root", "plan:1")
    await post.all()
    assert len(post.workspace.calls) == before


async def test_a_long_plan_is_posted_in_parts_before_anything_later(post: Post) -> None:
    many = [account(id=str(n), mail="dana@acme.test", handle=f"dana{n}.{'x' * 80}") for n in range(80)]
    post.house.crm.accounts = {one.id: one for one in many}
    await post.house.planned()
    await post.all()
    keys = post.keys()
    parts = [key for key in keys if key.startswith("plan:1")]
    assert len(parts) > 1
    assert keys == ["root", "plan:1", *(f"plan:1#{n}" for n in range(2, len(parts) + 1)), "progress", "closing"]


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
