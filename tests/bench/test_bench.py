"""What the benchmarks read from /proc, the database and the workspace, and whom they enrol; nothing here is timed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.acks import of
from bench.case import case_number
from bench.document import BEGIN, END, with_results
from bench.leavers import enrol
from bench.machine import describe
from bench.memory import in_megabytes
from bench.one_case import Measured, rows_of
from bench.records import Records
from bench.side_by_side import KINDS, OTHERS, PACED
from sandbox.slack.workspace import Ack, Workspace, demo_seed
from sandbox.systems.all import World


def test_kilobytes_of_proc_are_1024_bytes_and_other_lines_are_passed_over() -> None:
    assert in_megabytes("Name:\tpython\nVmRSS:\t  125000 kB\nThreads:\t9\n") == {"VmRSS": 128.0}


def test_each_act_is_told_by_its_own_name() -> None:
    acks = [
        Ack("/offboard", 0.010, ""),
        Ack("view_submission offboard_request", 0.020, ""),
        Ack("block_actions approve", 0.030, ""),
        Ack("block_actions approve_all", 0.040, ""),
    ]
    assert of("/offboard", acks) == [10.0]
    assert of("view_submission", acks) == [20.0]
    assert of("block_actions approve", acks) == [30.0]


def test_an_act_that_was_not_acknowledged_took_as_long_as_slack_waits() -> None:
    assert of("/offboard", [Ack("/offboard", 0.5, "operation_timeout")]) == [3000.0]


def test_the_case_is_read_off_its_root_message() -> None:
    assert case_number("OFF-12 · dana@acme.test\nlooking: …") == 12
    with pytest.raises(ValueError, match="no case"):
        case_number("Good morning")


def test_the_last_table_stands_between_the_marks_and_nothing_else_changes() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    shown = with_results(page, {"processor": "one"}, "| a |")
    assert shown == f"before\n{BEGIN}\n\n* processor: one\n\n| a |\n\n{END}\nafter\n"
    assert with_results(shown, {"processor": "one"}, "| a |") == shown


def test_a_page_without_the_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="has not both"):
        with_results("nothing", {}, "")


def test_the_page_of_this_project_has_the_marks() -> None:
    page = Path(__file__).parents[2] / "docs" / "performance.md"
    assert "| new |" in with_results(page.read_text(encoding="utf-8"), {}, "| new |")


def test_the_machine_is_described_without_gaps() -> None:
    assert all(describe().values())


async def test_every_leaver_has_one_account_in_each_system_and_one_in_slack() -> None:
    world, workspace = World(), Workspace(demo_seed())
    before = {kind: simulator.standing() for kind, simulator in world.by_kind.items()}

    accounts = enrol(world, workspace, 3)

    assert list(accounts) == ["leaver001@acme.test", "leaver002@acme.test", "leaver003@acme.test"]
    for kind, simulator in world.by_kind.items():
        new = [name for name in simulator.standing() - before[kind] if "#" not in name]
        assert len(new) == 3
        assert all(any(f"leaver00{number}" in name for name in new) for number in (1, 2, 3))
    assert workspace.as_person("U0LEAVER000").person.email == "leaver001@acme.test"


async def test_the_end_of_each_system_is_read_from_the_bots_own_records(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, 12, 0, 0, 250000, tzinfo=UTC)
    with closing(sqlite3.connect(tmp_path / "offboard.db")) as database:
        database.execute("CREATE TABLE work (case_id, kind, system, ended_at)")
        database.execute("CREATE TABLE outcomes (case_id, system, word)")
        ended = at.strftime("%Y-%m-%d %H:%M:%S.%f")
        rows = [(1, "look", "rsa", ended), (1, "remove", "rsa", ended), (1, "remove", "vspc", None)]
        database.executemany("INSERT INTO work VALUES (?, ?, ?, ?)", [*rows, (2, "remove", "rsa", None)])
        database.execute("INSERT INTO outcomes VALUES (1, 'rsa', 'removed')")
        database.commit()

    records = Records(f"sqlite:///{tmp_path / 'offboard.db'}")

    assert await records.ends(1) == {"rsa": at.timestamp(), "vspc": None}
    assert await records.words() == {1: {"rsa": "removed"}}


def test_a_case_is_compared_with_the_longest_chain_and_with_what_side_by_side_can_gain() -> None:
    beside, gained = rows_of(Measured(bot=[2.2, 9.0, 2.1], longest=[2.0, 2.0, 2.5], script=[6.0, 5.0, 7.0]))

    assert (beside.measured, beside.floor, beside.met) == ({"median": 2.2, "max": 9.0}, 2.0, True)
    assert beside.ratio == pytest.approx(1.1)
    assert gained.measured["possible"] == pytest.approx(3.0)
    assert gained.ratio == pytest.approx(2.0 / 2.2)
    assert gained.met is True


def test_the_paced_system_is_not_among_the_others() -> None:
    assert set(OTHERS) == set(KINDS) - {PACED}
