"""What must not be done side by side is done in turn by all processes."""

from __future__ import annotations

import asyncio

import pytest

from bot.app.in_turn import InTurnEverywhere, place_of
from bot.app.lease import Pace
from tests.bot.app.test_lease import Book

PACE = Pace(beat=10.0, ttl=60.0)


def process(book: Book, holder: str) -> InTurnEverywhere:
    """One process; asking again takes no time."""
    return InTurnEverywhere(book, holder, PACE, sleep=lambda _: asyncio.sleep(0))


async def test_two_processes_are_never_at_it_together() -> None:
    book, inside, most = Book(), 0, 0

    async def work(everywhere: InTurnEverywhere) -> None:
        nonlocal inside, most
        async with everywhere.turn("liveperson le1"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    one, other = process(book, "a"), process(book, "b")
    await asyncio.gather(*(work(everywhere) for everywhere in (one, other, one, other)))

    assert most == 1
    assert book.held == {}


async def test_turns_of_two_names_do_not_wait_for_one_another() -> None:
    book = Book()

    async with process(book, "a").turn("liveperson le1"), process(book, "b").turn("liveperson le2"):
        assert len(book.held) == 2


async def test_a_turn_is_given_back_when_the_work_fails() -> None:
    book = Book()

    with pytest.raises(ValueError, match="broken"):
        async with process(book, "a").turn("liveperson le1"):
            raise ValueError("broken")

    assert book.held == {}


def test_the_place_of_a_turn_does_not_tell_server_or_log_on() -> None:
    place = place_of("liveperson https://acme.test svc-offboard")

    assert place.startswith("turn:")
    assert "acme" not in place
    assert "svc" not in place
