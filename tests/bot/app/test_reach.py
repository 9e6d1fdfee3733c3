"""Asking again what did not answer."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.app import reach
from bot.app.reach import until_reached
from bot.errors import Refusal
from handlers.identity import NotReachable


class Server:
    """Does not answer the first `absent` times."""

    def __init__(self, absent: int) -> None:
        self.absent = absent
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        if self.asked <= self.absent:
            raise NotReachable("Slack could not be reached.")
        return "here"


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "FIRST_WAIT", 0.0)


async def test_an_answer_is_returned_at_once() -> None:
    server = Server(absent=0)

    assert await until_reached(asyncio.Event(), server.ask) == "here"
    assert server.asked == 1


@pytest.mark.usefixtures("_impatient")
async def test_what_is_not_there_is_asked_again_and_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    server = Server(absent=5)

    with caplog.at_level(logging.WARNING):
        assert await until_reached(asyncio.Event(), server.ask) == "here"

    assert server.asked == 6
    assert caplog.messages == ["Slack could not be reached. Trying again."]


async def test_a_no_is_not_asked_again() -> None:
    async def refuse() -> None:
        raise Refusal("the token is not valid")

    with pytest.raises(Refusal, match="not valid"):
        await until_reached(asyncio.Event(), refuse)


async def test_a_question_that_is_never_answered_ends_when_the_program_is_told_to_stop() -> None:
    stop, cancelled = asyncio.Event(), asyncio.Event()

    async def silent() -> str:
        stop.set()
        try:
            return await asyncio.Future()
        finally:
            cancelled.set()

    assert await until_reached(stop, silent) is None
    assert cancelled.is_set()


async def test_a_pause_ends_when_the_program_is_told_to_stop() -> None:
    stop = asyncio.Event()

    async def absent() -> str:
        asyncio.get_running_loop().call_soon(stop.set)
        raise NotReachable("Slack could not be reached.")

    assert await until_reached(stop, absent) is None
