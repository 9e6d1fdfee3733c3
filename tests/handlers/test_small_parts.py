"""Budget, tasks, verdicts: the poster's small parts."""

from __future__ import annotations

import asyncio

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.budget import (
    APART,
    EDITS_A_MINUTE,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    POSTS_A_SECOND,
    POSTS_AT_ONCE,
    Budget,
    Calm,
    Room,
    Seldom,
)
from handlers.tasks import Tasks
from handlers.verdict import Way, backoff, verdict


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_minute_holds_forty_five_edits_and_not_one_more() -> None:
    clock = Clock()
    budget = Budget(clock)
    assert [budget.take(number) for number in range(46)] == [True] * EDITS_A_MINUTE + [False]
    assert not budget.allows("another")
    clock.time = 59.9
    assert not budget.take("another")
    clock.time = 60.0
    assert budget.take("another")


def test_one_message_is_not_edited_twice_within_a_moment() -> None:
    clock = Clock()
    budget = Budget(clock)
    assert budget.take("root")
    clock.time = APART - 0.1
    assert not budget.take("root")
    assert budget.take("progress")
    clock.time = APART
    assert budget.take("root")


def test_each_pause_of_a_message_that_follows_the_work_is_twice_the_one_before_up_to_the_longest() -> None:
    clock = Clock()
    calm = Calm(clock)
    assert calm.allows("progress")
    for pause in (FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE):
        calm.shown("progress")
        clock.time += pause - 0.1
        assert not calm.allows("progress")
        assert calm.allows("another")
        clock.time += 0.1
        assert calm.allows("progress")


def test_a_channel_takes_a_few_messages_at_once_and_then_less_than_one_a_second() -> None:
    clock = Clock()
    room = Room(clock)
    assert [room.take("C1") for _ in range(POSTS_AT_ONCE + 1)] == [True] * POSTS_AT_ONCE + [False]
    assert room.take("C2")
    clock.time = 1.0
    assert not room.take("C1")
    clock.time = 1 / POSTS_A_SECOND + 0.01
    assert room.take("C1")
    assert not room.take("C1")


def test_the_same_line_is_said_once_a_minute() -> None:
    clock = Clock()
    seldom = Seldom(clock=clock)
    assert [seldom.may_say("x"), seldom.may_say("x"), seldom.may_say("y")] == [True, False, True]
    clock.time = 60.0
    assert seldom.may_say("x")


async def test_a_task_that_fails_is_logged_without_what_people_typed(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ValueError("dana@acme.test")

    tasks = Tasks()
    tasks.spawn(broken(), "private answer")
    await tasks.drain(5)
    assert "private answer ended with ValueError at " in caplog.text
    assert "dana@acme.test" not in caplog.text


async def test_drain_waits_for_what_ends_and_cancels_what_does_not() -> None:
    ended: list[str] = []
    never = asyncio.Event()

    async def work(name: str, waits: bool) -> None:
        if waits:
            await never.wait()
        ended.append(name)

    tasks = Tasks()
    tasks.spawn(work("short", waits=False), "short")
    tasks.spawn(work("endless", waits=True), "endless")
    await tasks.drain(0.05)
    assert ended == ["short"]
    assert not tasks._running


def refused(word: str, **headers: str) -> SlackApiError:
    data = {"ok": False, "error": word}
    answer = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers=headers, status_code=200
    )
    return SlackApiError("no", answer)  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


@pytest.mark.parametrize(
    ("word", "way", "trouble"),
    [
        ("message_not_found", Way.ANEW, False),
        ("cant_update_message", Way.ANEW, False),
        ("invalid_blocks", Way.REDRAW, False),
        ("msg_blocks_too_long", Way.REDRAW, False),
        ("not_in_channel", Way.LATER, True),
        ("token_revoked", Way.LATER, True),
        ("internal_error", Way.LATER, False),
        ("something_new", Way.LATER, False),
    ],
)
def test_slacks_words_are_judged(word: str, way: Way, trouble: bool) -> None:
    judged = verdict(refused(word), failures=0)
    assert (judged.way, judged.trouble) == (way, trouble)


def test_a_rate_limit_says_itself_how_long_it_lasts() -> None:
    assert verdict(refused("ratelimited", **{"Retry-After": "17"}), 0).seconds == 17.0
    assert verdict(refused("ratelimited"), 0).seconds == 1.0


def test_waiting_grows_to_a_minute_and_no_further() -> None:
    assert [backoff(failures) for failures in (0, 1, 2, 5, 6, 1000)] == [1.0, 2.0, 4.0, 32.0, 60.0, 60.0]
