"""Postgres is killed in the middle of a removal and comes up again: the bot waits for it and loses nothing.

The server's own default here is not to wait for the disk (tests/postgres.py); the bot asks for it all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from sandbox.stage import Staging, stage
from sandbox.systems.all import ENTRIES
from sandbox.systems.faults import Fault
from sandbox.walk import approve, disagreements, open_case, standing
from tests.crash.troubles import kill, start
from tests.postgres import Server, database, installed, running_server

DANA = "dana@acme.test"
LABELS = {label for _, label in ENTRIES.values()}


@pytest.fixture
def own_server(postgres_server: Server) -> Iterator[Server]:
    """A server that this test may kill; it is there where the others' is."""
    binaries = installed()
    assert binaries is not None
    with running_server(binaries) as server:
        yield server


async def test_postgres_killed_during_a_removal_and_started_again_ends_it_in_every_system_all_the_same(
    own_server: Server,
) -> None:
    with database(own_server) as url:
        async with stage(Staging(limits=False, slack_limits=False, database_url=url), start_bot=False) as play:
            play.bot.program = ("-m", "tests.crash.bot")
            await play.bot.migrate()
            await play.bot.start()
            before = standing(play, DANA)
            crashed = asyncio.Event()

            def crash() -> None:
                kill(own_server)
                crashed.set()

            play.world.by_kind["liveperson"].faults.add(Fault("act", method="DELETE", path="/users/", act=crash))
            thread = await open_case(play, DANA)
            await approve(thread)
            async with asyncio.timeout(60):
                await crashed.wait()

            await asyncio.to_thread(start, own_server)

            await play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 110)
            assert thread.words() == dict.fromkeys(LABELS, "removed")
            assert disagreements(play, DANA, thread.words(), before) == []
            assert all(simulator.journal.unread_writes() == [] for simulator in play.world.by_kind.values())
