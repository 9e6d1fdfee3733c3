"""What listens, asked over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import generate_latest

from bot.app.web import SlackCalls, registry_of, web_app
from bot.store.census import Census

COUNTED = Census({"closed": 3}, {"removed": 7}, posts_waiting=2, work_open=1)


@dataclass(slots=True)
class Program:
    """A program of which this much is usable."""

    missing: list[str] = field(default_factory=list)
    counted: Census | None = COUNTED
    answers: SlackCalls | None = None
    well: dict[str, bool] = field(default_factory=dict)
    alive: int | None = 2

    async def not_ready(self) -> Sequence[str]:
        return self.missing

    async def census(self) -> Census | None:
        return self.counted

    async def systems_well(self) -> Mapping[str, bool]:
        return self.well

    async def workers(self) -> int | None:
        return self.alive

    def slack_calls(self) -> SlackCalls | None:
        return self.answers


@asynccontextmanager
async def listening(
    program: Program, *, slack: bool = False
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The program's own listener on a free port."""
    async with TestClient(TestServer(web_app(program, slack=slack))) as client:
        yield client


async def test_it_is_alive_before_it_is_ready() -> None:
    async with listening(Program(missing=["database: not reached yet"])) as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")

        assert alive.status == 200
        assert ready.status == 503
        assert await ready.text() == "database: not reached yet\n"


async def test_it_is_ready_when_nothing_is_missing() -> None:
    async with listening(Program()) as client:
        answer = await client.get("/readyz")

        assert (answer.status, await answer.text()) == (200, "ready\n")


async def test_in_socket_mode_nothing_listens_for_slack() -> None:
    async with listening(Program()) as client:
        assert (await client.post("/slack/events", data="{}")).status == 404


async def test_slack_is_asked_to_come_again_before_the_start() -> None:
    async with listening(Program(), slack=True) as client:
        assert (await client.post("/slack/events", data="{}")).status == 503


async def test_slack_is_answered_after_the_start() -> None:
    async def answered(request: web.Request) -> web.StreamResponse:
        return web.Response(text=await request.text())

    async with listening(Program(answers=answered), slack=True) as client:
        answer = await client.post("/slack/events", data="hello")

        assert (answer.status, await answer.text()) == (200, "hello")


async def test_metrics_are_prometheus_text() -> None:
    async with listening(Program()) as client:
        answer = await client.get("/metrics")

        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert "offboard_ready 1.0" in await answer.text()


async def test_metrics_still_answer_when_the_database_does_not() -> None:
    async with listening(Program(missing=["database: OperationalError"], counted=None)) as client:
        text = await (await client.get("/metrics")).text()

        assert "offboard_ready 0.0" in text
        assert "offboard_cases" not in text


def test_every_state_and_every_outcome_has_one_series_even_at_zero() -> None:
    lines = generate_latest(registry_of(COUNTED, {}, 1, ready=True)).decode().splitlines()

    assert 'offboard_cases{state="closed"} 3.0' in lines
    assert 'offboard_cases{state="waiting"} 0.0' in lines
    assert 'offboard_outcomes{outcome="removed"} 7.0' in lines
    assert sum(line.startswith("offboard_outcomes{") for line in lines) == 8
    assert "offboard_messages_waiting 2.0" in lines
    assert "offboard_work_open 1.0" in lines


async def test_a_system_has_a_series_as_soon_as_it_was_looked_at() -> None:
    async with listening(Program(well={"veeam_hq": True, "rsa": False}, counted=None)) as client:
        text = await (await client.get("/metrics")).text()

        assert 'offboard_system_ok{system="veeam_hq"} 1.0' in text
        assert 'offboard_system_ok{system="rsa"} 0.0' in text
        assert text.count("offboard_system_ok{") == 2


async def test_the_living_workers_are_counted_and_left_out_where_they_cannot_be() -> None:
    async with listening(Program()) as client:
        assert "offboard_workers 2.0" in await (await client.get("/metrics")).text()
    async with listening(Program(alive=None)) as client:
        assert "offboard_workers" not in await (await client.get("/metrics")).text()
