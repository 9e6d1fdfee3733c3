"""Several processes at one Postgres: they share the work, take over from the dead, and never both send."""

from __future__ import annotations

import asyncio
import signal

import pytest

from bench.leavers import enrol
from sandbox.stage import Staging
from sandbox.systems.all import ENTRIES
from sandbox.systems.faults import Fault
from sandbox.walk import Thread, approve, disagreements, open_case, standing
from tests.whole.crew import Crew, crew, signalled

DANA = "dana@acme.test"
KINDS = ("vspc", "veeam_em")
LABELS = {ENTRIES[kind][1] for kind in KINDS}
QUICK = Staging(limits=False, slack_limits=False, kinds=KINDS)
SLOW = Staging(limits=False, slack_limits=False, delay=0.05)


async def ended(team: Crew, thread: Thread) -> None:
    """Wait for the end of a case in all systems."""
    await team.play.workspace.until(lambda: thread.closing() and thread.has_settled(len(LABELS)), 90)


def assert_nothing_was_sent_blindly(team: Crew) -> None:
    for simulator in team.play.world.by_kind.values():
        assert simulator.journal.unread_writes() == []


async def test_two_processes_that_serve_one_postgres_both_serve_and_each_message_is_posted_once(
    postgres_url: str,
) -> None:
    async with crew(QUICK, postgres_url) as team:
        for _ in range(2):
            await (await team.add("serve")).until_ready()
        before = standing(team.play, DANA)

        thread = await open_case(team.play, DANA)
        await approve(thread)
        await ended(team, thread)

        assert disagreements(team.play, DANA, thread.words(), before) == []
        assert_nothing_was_sent_blindly(team)
        keys = [message.metadata["event_payload"]["key"] for message in thread.messages() if message.metadata]
        assert len(keys) == len(set(keys))


async def test_two_workers_share_ten_cases_and_both_do_some(postgres_url: str) -> None:
    async with crew(SLOW, postgres_url) as team:
        leavers = enrol(team.play.world, team.play.workspace, 10)
        for role in ("slack", "worker", "worker"):
            await team.add(role)

        threads = [await open_case(team.play, mail) for mail in leavers]
        for thread in threads:
            await approve(thread)
        for thread in threads:
            await team.play.workspace.until(thread.closing, 90)

        assert sorted(team.done()) == sorted(team.pids())
        assert all(done > 0 for done in team.done().values())
        assert [mail for mail in leavers if stands_anywhere(team, mail)] == []
        assert_nothing_was_sent_blindly(team)


def stands_anywhere(team: Crew, mail: str) -> bool:
    """Whether a leaver still has an account in a system in which the operator's file lets the bot look for one."""
    return any(simulator.of(mail) for kind, simulator in team.play.world.by_kind.items() if kind != "huawei_hss")


async def test_without_a_worker_the_slack_side_leaves_the_work_until_one_comes(postgres_url: str) -> None:
    async with crew(QUICK, postgres_url) as team:
        slack = await team.add("slack")
        thread = await open_case(team.play, DANA)
        assert all(not simulator.journal.entries for simulator in team.play.world.by_kind.values())
        assert await slack.ended(0.05) is None

        await team.add("worker")
        await slack.until_ready()
        await approve(thread)
        await ended(team, thread)

        assert thread.words() == dict.fromkeys(LABELS, "removed")


@pytest.mark.parametrize(
    ("kind", "method", "path"),
    [("vspc", "DELETE", "/users/"), ("veeam_em", "DELETE", "/security/accounts/")],
)
async def test_a_worker_that_is_killed_in_the_middle_of_a_removal_is_taken_over_by_the_other(
    postgres_url: str, kind: str, method: str, path: str
) -> None:
    async with crew(QUICK, postgres_url) as team:
        for role in ("slack", "worker", "worker"):
            await team.add(role)
        before = standing(team.play, DANA)
        system = ENTRIES[kind][0]
        fault = Fault("act", method=method, path=path, act=lambda: signalled(team.at_work(system), signal.SIGKILL))
        team.play.world.by_kind[kind].faults.add(fault)
        thread = await open_case(team.play, DANA)
        await approve(thread)

        await ended(team, thread)

        assert len(team.pids()) == 1
        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(team.play, DANA, thread.words(), before) == []
        assert_nothing_was_sent_blindly(team)


async def test_a_worker_started_again_on_its_machine_goes_on_long_before_the_places_of_the_killed_one_end(
    postgres_url: str,
) -> None:
    async with crew(QUICK, postgres_url) as team:
        for role in ("slack", "worker-patient"):
            await team.add(role)
        before = standing(team.play, DANA)
        fault = Fault(
            "act", method="DELETE", path="/users/", act=lambda: signalled(team.at_work("vspc"), signal.SIGKILL)
        )
        team.play.world.by_kind["vspc"].faults.add(fault)
        thread = await open_case(team.play, DANA)
        await approve(thread)
        assert await team.processes[1].ended(60) == -signal.SIGKILL

        await team.add("worker-patient")
        await ended(team, thread)

        assert list(team.pids()) == ["executor-1.2"]
        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(team.play, DANA, thread.words(), before) == []
        assert_nothing_was_sent_blindly(team)


@pytest.mark.parametrize("method", ["GET", "DELETE"], ids=["before it sends", "while it sends"])
async def test_a_worker_that_was_paused_and_comes_back_after_the_takeover_sends_nothing_more(
    postgres_url: str, method: str
) -> None:
    stopped: list[int] = []

    def stop_it(team: Crew) -> None:
        stopped.append(team.at_work("vspc"))
        signalled(stopped[0], signal.SIGSTOP)

    async with crew(QUICK, postgres_url) as team:
        for role in ("slack", "worker", "worker"):
            await team.add(role)
        before = standing(team.play, DANA)
        thread = await open_case(team.play, DANA)
        await team.play.workspace.until(lambda: thread.with_button("approve"), 60)
        team.play.world.by_kind["vspc"].faults.add(
            Fault("act", method=method, path="/users/", act=lambda: stop_it(team))
        )
        await approve(thread)
        await ended(team, thread)
        paused = next(process for process in team.processes if process.pid == stopped[0])
        sent = len(team.play.world.by_kind["vspc"].journal.writes())

        signalled(stopped[0], signal.SIGCONT)
        await paused.until_said("is lost; what was under way is left to others")
        await paused.until_said("works as", after="is lost")

        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(team.play, DANA, thread.words(), before) == []
        assert len(team.play.world.by_kind["vspc"].journal.writes()) == sent
        assert_nothing_was_sent_blindly(team)


async def test_a_worker_told_to_end_hands_a_call_that_hangs_to_the_other_and_ends_in_time(postgres_url: str) -> None:
    hanging, never = asyncio.Event(), asyncio.Event()
    async with crew(QUICK, postgres_url) as team:
        for role in ("slack", "worker", "worker"):
            await team.add(role)
        before = standing(team.play, DANA)
        fault = Fault("hold", method="DELETE", path="/users/", act=hanging.set, until=never)
        team.play.world.by_kind["vspc"].faults.add(fault)
        thread = await open_case(team.play, DANA)
        await approve(thread)
        await hanging.wait()
        ending = next(process for process in team.processes if process.pid == team.at_work("vspc"))

        signalled(ending.pid, signal.SIGTERM)
        code = await ending.ended(30)
        never.set()
        await ended(team, thread)

        assert code == 0, ending.tail()
        assert len(team.pids()) == 1
        assert thread.words() == dict.fromkeys(LABELS, "removed")
        assert disagreements(team.play, DANA, thread.words(), before) == []
        assert_nothing_was_sent_blindly(team)
