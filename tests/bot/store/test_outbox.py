from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

from bot.model import Case
from bot.ports import Post
from bot.store import SqlStore
from tests.bot.store.samples import leaver, opened, request


async def _want(store: SqlStore, case: Case, *keys: str, channel: str | None = None, text: str = "") -> None:
    async with store.begin() as tx:
        await tx.want(case.id, *keys, channel=channel, text=text)


async def _due(store: SqlStore, *, later: timedelta = timedelta(0)) -> tuple[Post, ...]:
    return await store.due_posts(datetime.now(UTC) + later, 10)


async def test_what_was_wanted_is_due_in_the_cases_channel(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "root")
    assert await _due(store) == (Post(case.id, "root", "C1", 1, 0, None, None, attempted=False, failures=0),)


async def test_before_the_root_stands_only_the_root_and_direct_messages_go(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "plan:1")
    assert await _due(store) == ()
    await _want(store, case, "dm:requester", channel="U0OMAR")
    await _want(store, case, "root")
    assert [(post.key, post.channel) for post in await _due(store)] == [("root", "C1"), ("dm:requester", "U0OMAR")]


async def test_under_a_root_that_stands_the_rest_follows_in_order(store: SqlStore) -> None:
    case = await opened(store)
    for key in ("root", "plan:1", "progress", "closing"):
        await _want(store, case, key)
    (root,) = await _due(store)
    await store.end_post(root, "1.1", "C9")
    due = await _due(store)
    assert [post.key for post in due] == ["plan:1", "progress", "closing"]
    assert {post.root_ts for post in due} == {"1.1"}


async def test_one_cases_missing_root_does_not_hold_up_another_case(store: SqlStore) -> None:
    first = await opened(store)
    second = await opened(store, request("V2", leaver("b@example.com")))
    await _want(store, first, "root", "plan:1")
    await _want(store, second, "root", "plan:1")
    due = await _due(store)
    assert [(post.case_id, post.key) for post in due] == [(first.id, "root"), (second.id, "root")]
    await store.end_post(due[1], "2.1", "C1")
    assert [(post.case_id, post.key) for post in await _due(store)] == [(first.id, "root"), (second.id, "plan:1")]


async def test_no_more_than_the_limit_is_given_out(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "dm:a", "dm:b", "dm:c", channel="U1")
    assert len(await store.due_posts(datetime.now(UTC), 2)) == 2


async def test_edits_that_wait_never_keep_a_new_message_out_nor_new_ones_an_edit(store: SqlStore) -> None:
    first = await opened(store)
    await _want(store, first, "root")
    await store.end_post((await _due(store))[0], "1.1", "C1")
    await _want(store, first, "root")
    second = await opened(store, request("V2", leaver("b@example.com")))
    await _want(store, second, "root")
    await store.end_post((await _due(store))[0], "2.1", "C1")
    await _want(store, second, "plan:1")
    due = await store.due_posts(datetime.now(UTC), 1)
    assert [(post.case_id, post.key) for post in due] == [(second.id, "plan:1"), (first.id, "root")]


async def test_a_message_that_stands_is_due_again_when_asked_for_again(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "root")
    (post,) = await _due(store)
    await store.end_post(post, "1.1", "C9")
    assert await _due(store) == ()
    await _want(store, case, "root")
    (again,) = await _due(store)
    assert (again.ts, again.root_ts, again.channel, again.wanted, again.sent) == ("1.1", "1.1", "C9", 2, 1)


async def test_what_was_asked_for_during_a_post_stays_due(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "root")
    (post,) = await _due(store)
    await store.begin_post(post)
    await _want(store, case, "root")
    await store.end_post(post, "1.1", "C1")
    (again,) = await _due(store)
    assert (again.wanted, again.sent, again.ts, again.attempted) == (2, 1, "1.1", False)


async def test_a_message_asked_for_all_the_time_does_not_starve_the_others(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "dm:busy", "dm:quiet", channel="U1")
    busy = (await _due(store))[0]
    await _want(store, case, "dm:busy")
    await store.end_post(busy, "1.1", "U1")
    assert [post.key for post in await _due(store)] == ["dm:quiet", "dm:busy"]


async def test_a_post_that_was_begun_and_not_noted_shows_it(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "root")
    (post,) = await _due(store)
    await store.begin_post(post)
    (found,) = await _due(store)
    assert found.attempted
    assert found.ts is None


async def test_a_message_that_is_posted_anew_loses_its_old_place(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "root")
    await store.end_post((await _due(store))[0], "1.1", "C1")
    await _want(store, case, "root", "plan:1")
    await store.begin_post(next(post for post in await _due(store) if post.key == "root"))
    assert [(post.key, post.ts) for post in await _due(store)] == [("root", None)]


async def test_a_failed_post_waits_and_counts(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "root")
    (post,) = await _due(store)
    await store.fail_post(post, datetime.now(UTC) + timedelta(minutes=1))
    assert await _due(store) == ()
    (again,) = await _due(store, later=timedelta(minutes=2))
    assert again.failures == 1
    await store.end_post(again, "1.1", "C1")
    await _want(store, case, "root")
    (calm,) = await _due(store)
    assert calm.failures == 0


async def test_a_note_keeps_its_words_until_it_gets_new_ones(store: SqlStore) -> None:
    case = await opened(store)
    await _want(store, case, "dm:note", channel="U1", text="first")
    await _want(store, case, "dm:note")
    assert [post.text for post in await _due(store)] == ["first"]
    await _want(store, case, "dm:note", text="second")
    assert [post.text for post in await _due(store)] == ["second"]


async def test_a_rolled_back_transaction_posts_nothing(store: SqlStore) -> None:
    case = await opened(store)
    with contextlib.suppress(ConnectionError):
        async with store.begin() as tx:
            await tx.want(case.id, "root")
            await tx.write_last()
            raise ConnectionError
    assert await _due(store) == ()


async def test_a_message_has_a_place_once_it_stands(store: SqlStore) -> None:
    case = await opened(store)
    assert await store.place(case.id, "root") is None
    await _want(store, case, "root")
    assert await store.place(case.id, "root") is None
    await store.end_post((await _due(store))[0], "1.1", "C9")
    assert await store.place(case.id, "root") == ("C9", "1.1")
