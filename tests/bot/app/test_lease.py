"""A place is ours only while we renew it in time, by the database's word and by our own clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.app.lease import Lease, Pace, leads
from bot.errors import Fenced

PACE = Pace(beat=10.0, ttl=60.0)


@dataclass
class Book:
    """Places by name: holder and fencing number. `silent` does not answer."""

    held: dict[str, tuple[str, int]] = field(default_factory=dict)
    silent: bool = False

    async def lease(self, name: str, holder: str, ttl: timedelta) -> int | None:
        self._answer()
        if name in self.held:
            return None
        self.held[name] = (holder, 1)
        return 1

    async def renew(self, name: str, holder: str, fence: int, ttl: timedelta) -> bool:
        self._answer()
        return self.held.get(name) == (holder, fence)

    async def release(self, name: str, holder: str, fence: int) -> None:
        self._answer()
        if self.held.get(name) == (holder, fence):
            del self.held[name]

    def _answer(self) -> None:
        if self.silent:
            raise ConnectionError("postgresql://bot:hunter2@db")


@dataclass
class Here:
    """A clock that is moved by hand, and leases by it."""

    now: float = 0.0
    book: Book = field(default_factory=Book)

    def lease(self, holder: str = "a") -> Lease:
        return Lease(self.book, "poster", holder, PACE, clock=lambda: self.now)


async def test_a_place_that_was_taken_is_ours_until_its_time_is_over() -> None:
    here = Here()
    lease = here.lease()

    assert await lease.take()
    here.now = 59.9
    assert lease.held
    here.now = 60.0
    assert not lease.held


async def test_a_place_is_not_ours_before_it_was_taken_and_not_while_another_has_it() -> None:
    here = Here()
    first, second = here.lease("a"), here.lease("b")
    await first.take()

    assert not await second.take()
    assert not second.held


async def test_whoever_was_paused_knows_on_waking_that_the_place_may_be_lost() -> None:
    here = Here()
    lease = here.lease()
    await lease.take()

    here.now = 3600.0

    with pytest.raises(Fenced, match="poster"):
        lease.claim()
    assert not await lease.renew()


async def test_a_renewed_place_holds_on_from_when_it_was_asked_for() -> None:
    here = Here()
    lease = here.lease()
    await lease.take()
    here.now = 50.0

    assert await lease.renew()
    here.now = 109.0
    assert lease.claim() == ("poster", "a", 1)


async def test_a_place_that_the_database_gave_to_another_is_lost_at_once() -> None:
    here = Here()
    lease = here.lease()
    await lease.take()
    here.book.held["poster"] = ("b", 2)

    assert not await lease.renew()
    assert not lease.held


async def test_a_database_that_does_not_answer_takes_the_place_only_when_its_time_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    here = Here()
    lease = here.lease()
    await lease.take()
    here.book.silent = True

    here.now = 30.0
    assert await lease.renew()
    here.now = 61.0
    assert not await lease.renew()
    assert "ConnectionError" in caplog.text
    assert "hunter2" not in caplog.text


async def test_whoever_leads_takes_the_place_and_holds_it_until_cancelled() -> None:
    here = Here()
    lease, beats = here.lease(), list[bool]()

    async def sleep(seconds: float) -> None:
        here.now += seconds
        beats.append(lease.held)
        if len(beats) == 20:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await lease.lead(sleep)

    assert beats == [True] * 20


async def test_a_place_given_back_is_free_for_another() -> None:
    here = Here()
    lease = here.lease()
    await lease.take()

    await lease.release()

    assert not lease.held
    assert await here.lease("b").take()


async def test_giving_a_place_back_never_fails() -> None:
    here = Here()
    lease = here.lease()
    await lease.release()
    await lease.take()
    here.book.silent = True

    await lease.release()

    assert not lease.held


def test_a_process_without_leases_is_alone_and_leads() -> None:
    assert leads(None).held
    assert not leads(Here().lease()).held
