"""Places are given back for processes that are surely no more, and for no others."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import gone
from bot.app.gone import free_the_gone, holder_of, is_gone, machine
from bot.store.slots import Place


@dataclass
class Register:
    """Who holds what, and what was given back."""

    places: tuple[Place, ...]
    freed: list[tuple[str, str, int]] = field(default_factory=list)

    async def held(self, beginning: str) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.name.startswith(beginning))

    async def release(self, name: str, holder: str, fence: int) -> None:
        self.freed.append((name, holder, fence))


async def number_of_one_that_ended() -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()
    return process.pid


def held_by(number: int, mark: str) -> str:
    return f"web.1:{number}:{mark}-0a1b2c3d"


async def test_a_process_of_this_machine_that_ended_is_gone() -> None:
    assert machine()
    assert is_gone(held_by(await number_of_one_that_ended(), machine()))


def test_a_process_that_runs_is_not_gone_though_another_of_its_label_has_come() -> None:
    assert not is_gone(holder_of("web.1"))
    assert not is_gone(held_by(os.getpid(), machine()))


async def test_of_a_process_on_another_machine_or_before_this_one_was_started_nothing_is_known() -> None:
    number = await number_of_one_that_ended()

    assert not is_gone(held_by(number, "0123456789abcdef"))
    assert not is_gone(f"web.1:{number}:0a1b2c3d")
    assert not is_gone("a")


async def test_where_the_machine_has_no_mark_nobody_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gone, "_BOOT", tmp_path / "not there")
    number = await number_of_one_that_ended()

    assert machine() == ""
    assert not is_gone(held_by(number, ""))


def test_a_process_that_ended_and_was_not_yet_buried_counts_as_running() -> None:
    number = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], dict(os.environ))
    os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)

    assert not is_gone(held_by(number, machine()))
    os.waitpid(number, 0)
    assert is_gone(held_by(number, machine()))


async def test_only_the_places_of_the_gone_are_given_back() -> None:
    dead, alive = held_by(await number_of_one_that_ended(), machine()), holder_of("web.1")
    age = timedelta(seconds=1)
    register = Register(
        (Place("executor-1", dead, 4, age), Place("executor-2", alive, 7, age), Place("takeover", dead, 9, age))
    )

    assert await free_the_gone(register) == ["executor-1", "takeover"]
    assert register.freed == [("executor-1", dead, 4), ("takeover", dead, 9)]
