"""The parts as a whole: one that fails leaves the others alone; and what the bulky ones are made of."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bench.__main__ import Part, measured, parts
from bench.acks import ran, rows_of
from bench.bare import filled, with_places
from bench.child import Child, child
from bench.echo import echo
from bench.figures import Row
from bench.roomy import unpaced
from bench.speaking import busiest_minute, refused
from bench.waiting import copied
from bench.walks import accounts, row_of
from bot.store import migrate
from handlers.budget import POSTS_AT_ONCE, Room
from sandbox.slack.workspace import Ack, Call
from sandbox.systems.rsa_cas.api import USERS

MAIL = "leaver1@acme.test"


async def one() -> list[Row]:
    return [Row("one", "s", {"median": 1.0})]


async def never() -> list[Row]:
    await asyncio.Event().wait()
    return []


async def broken() -> list[Row]:
    raise ValueError("it does not work")


async def test_a_part_that_fails_or_does_not_end_is_a_row_that_says_so_and_the_others_go_on() -> None:
    chosen = {"broken": Part(broken, 5), "never": Part(never, 0.01), "one": Part(one, 5), "other": Part(one, 5)}

    rows = await measured(chosen, ["broken", "never", "one"])

    assert [(row.what, row.met) for row in rows] == [
        ("broken: failed (ValueError)", False),
        ("never: failed (TimeoutError)", False),
        ("one", None),
    ]


def test_all_parts_together_may_take_less_than_an_hour() -> None:
    assert sum(part.seconds for part in parts().values()) < 3600


def test_recorded_calls_are_made_for_somebody_else_with_their_own_mail_and_id() -> None:
    recorded = [("POST", "/search", '{"emailLike": "leaver1@"}'), ("DELETE", "/users/id-1", MAIL)]
    opened = with_places(recorded, MAIL, "id-1")
    assert [filled(call, MAIL, "id-1") for call in opened] == recorded
    assert [filled(call, "other@acme.test", "id-2") for call in opened] == [
        ("POST", "/search", '{"emailLike": "other@"}'),
        ("DELETE", "/users/id-2", "other@acme.test"),
    ]


def test_the_busiest_minute_is_any_sixty_seconds_and_refusals_are_counted() -> None:
    times = [0.0, 50.0, 59.9, 60.0, 100.0, 500.0]
    calls = [Call("chat.update", {}, ok=True, error="", at=at) for at in times]
    calls.append(Call("users.info", {}, ok=False, error="ratelimited", at=1.0))
    assert busiest_minute(calls, "chat.update") == 4
    assert busiest_minute([], "chat.update") == 0
    assert refused(calls) == 1


def test_each_act_stands_against_the_floor_of_the_same_load() -> None:
    acts = {"/floor": 0.010, "/offboard": 0.012, "view_submission x": 0.030, "block_actions approve": 0.600}
    rows = rows_of([Ack(what, seconds, "") for what, seconds in acts.items()])
    assert [(row.ratio and round(row.ratio, 2), row.met) for row in rows] == [
        (1.2, True),
        (1.2, True),
        (3.0, False),
        (3.0, False),
        (60.0, False),
        (60.0, False),
        (None, False),
        (None, None),
    ]


def test_the_acts_count_only_where_enough_cases_ran_until_their_end() -> None:
    assert ran(550, 520, 500).met is True
    assert ran(550, 499, 500).met is False


def test_a_walk_is_judged_by_its_slowest_hundredth_and_shown_beside_the_floor() -> None:
    row = row_of("ack of Request", [50.0] * 197 + [301.0] * 3, 10.0)
    assert (row.ratio, row.measured["p99"], row.met) == (5.0, 301.0, False)
    assert row_of("ack of Request", [50.0] * 198 + [301.0] * 2, 10.0).met is True


def test_an_account_of_a_walk_that_has_no_word_or_another_was_not_removed() -> None:
    all_gone = dict.fromkeys("abcde", "removed")
    assert accounts({1: all_gone, 2: all_gone}, 2).met is True
    assert accounts({1: all_gone, 2: {**all_gone, "a": "unconfirmed"}}, 2).measured == {"all": 10, "not removed": 1}
    assert accounts({1: all_gone}, 2).measured["not removed"] == 5


def test_messages_are_posted_as_they_come_only_while_that_is_asked_for() -> None:
    with unpaced():
        roomy = Room(lambda: 0.0)
        assert all(roomy.take("C1") for _ in range(10 * POSTS_AT_ONCE))
    paced = Room(lambda: 0.0)
    assert sum(paced.take("C1") for _ in range(10 * POSTS_AT_ONCE)) == POSTS_AT_ONCE


async def test_copies_of_a_case_are_whole_cases_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "offboard.db"
    await migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        _one_case(database)
        copied(path, 5)
        assert database.execute("SELECT id, view_id FROM cases").fetchall()[1:] == [(n, f"V{n}") for n in range(2, 6)]
        assert database.execute("SELECT case_id, value FROM open_keys").fetchall()[-1] == (5, "a@b.test5")
        assert database.execute("SELECT count(*) FROM outbox WHERE key = 'root'").fetchone() == (5,)
        assert database.execute("SELECT name FROM audit_chains ORDER BY name").fetchall()[-1] == ("case:5",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def _one_case(database: sqlite3.Connection) -> None:
    """Put one case into it, with a row in some tables of cases; columns that nobody asks for are filled with 0."""
    rows: dict[str, dict[str, object]] = {
        "cases": {"id": 1, "view_id": "V", "channel": "C1", "state": "waiting"},
        "open_keys": {"case_id": 1, "kind": "mail", "value": "a@b.test"},
        "outbox": {"case_id": 1, "key": "root"},
        "audit_chains": {"name": "case:1"},
    }
    for table, values in rows.items():
        needed = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[3] or row[5]]
        whole = {**dict.fromkeys(needed, 0), **values}
        marks = ", ".join("?" for _ in whole)
        database.execute(f"INSERT INTO {table} ({', '.join(whole)}) VALUES ({marks})", list(whole.values()))  # noqa: S608  # our own names


async def test_a_light_system_finds_disables_and_deletes_and_counts_who_is_left() -> None:
    async with child("bench.yard") as yard, ClientSession() as session:
        (tenant,) = await yard.ask({"systems": 1, "users": [MAIL, "b@acme.test"], "delay": 0})
        user = f"{tenant['url']}{USERS}/{tenant['ids'][MAIL]}"
        assert await found(session, tenant["url"]) == 200
        async with session.put(f"{user}/userStatus", data=b'{"userStatus": "Disabled"}') as answer:
            assert (await answer.json())["userStatus"] == "Disabled"
        async with session.delete(user) as answer:
            assert answer.ok
        assert await found(session, tenant["url"]) == 404
        said = await yard.ask({"calls": True})
        assert said["left"] == [1]
        assert [method for method, _, _ in said["calls"]] == ["POST", "PUT", "DELETE", "POST"]
        assert await calls_since(yard) == []


async def found(session: ClientSession, url: str) -> int:
    """The status of a look-up by address."""
    async with session.post(f"{url}{USERS}/lookup", data=json.dumps({"email": MAIL})) as answer:
        return answer.status


async def calls_since(yard: Child) -> list[object]:
    """What the first system was asked since the last question."""
    calls: list[object] = (await yard.ask({"calls": True}))["calls"]
    return calls


async def test_the_script_makes_every_call_of_every_chain() -> None:
    chains = {"a": [("GET", "/1"), ("DELETE", "/2")], "b": [("POST", "/3")]}
    async with echo(0.0) as bare, child("bench.script") as script:
        took = await script.ask({"url": bare.url, "ca_file": bare.ca_file, "chains": chains})
    assert set(took) == {"a", "b"}
    assert all(seconds > 0 for seconds in took.values())


@pytest.mark.parametrize("name", ["bulk", "restart", "walks", "acks", "workers", "one", "waiting", "slack", "start"])
def test_every_goal_has_its_part(name: str) -> None:
    assert name in parts()
