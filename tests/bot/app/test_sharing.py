"""Which places a process tries to hold."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.sharing import Timing, label_of, sharing_of
from bot.errors import Fenced
from bot.settings import Loaded, load
from bot.store import SqlStore, open_store

FILE = """
[slack]
channel = "C0CASES"
[policy]
requesters = ["U0AMY"]
approvers = ["U0BEN"]
[systems.crm]
provider = "vspc"
"""
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DYNO": "web.1"}


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    (tmp_path / "offboard.toml").write_text(FILE, encoding="utf-8")
    return load(TOKENS, tmp_path)


@pytest.fixture
async def store(migrated_sqlite_url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(migrated_sqlite_url)
    yield opened
    await opened.aclose()


def test_what_serves_tries_to_post_to_sweep_and_to_take_over(loaded: Loaded, store: SqlStore) -> None:
    sharing = sharing_of(loaded, store, Timing(), many=True, serves=True)

    assert [lease.name for lease in sharing.leases] == ["poster", "sweeper", "takeover"]
    assert sharing.many


def test_what_only_works_leaves_posting_and_sweeping_to_those_that_serve(loaded: Loaded, store: SqlStore) -> None:
    sharing = sharing_of(loaded, store, Timing(), many=True, serves=False)

    assert [lease.name for lease in sharing.leases] == ["takeover"]


def test_on_sqlite_nothing_is_leased_and_nothing_is_guarded(loaded: Loaded, store: SqlStore) -> None:
    sharing = sharing_of(loaded, store, Timing(), many=False, serves=True)

    assert sharing.leases == ()
    assert sharing.store_of_work() is store


def test_work_without_a_slot_may_write_nothing(loaded: Loaded, store: SqlStore) -> None:
    sharing = sharing_of(loaded, store, Timing(), many=True, serves=False)

    with pytest.raises(Fenced):
        sharing.slot.claim()


def test_two_processes_with_one_label_are_two_holders(loaded: Loaded, store: SqlStore) -> None:
    one, other = (sharing_of(loaded, store, Timing(), many=True, serves=True) for _ in range(2))

    assert label_of(loaded) == "web.1"
    assert one.holder.startswith(f"web.1:{os.getpid()}:")
    assert one.holder != other.holder
