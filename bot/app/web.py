"""What listens: health, readiness, metrics, and Slack's calls where there is no Socket Mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.app.speed import ToRevoke
from bot.model import CaseState, Word
from bot.store.census import Census
from handlers.http import PATH

SlackCalls = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""Answers one call of Slack's."""


class Running(Protocol):
    """The program as it runs; it listens before everything is usable, to say so."""

    async def not_ready(self) -> Sequence[str]:
        """Say what is not usable at the moment, one line each; empty: ready."""

    async def census(self) -> Census | None:
        """Count what the database holds; None where it cannot be read."""

    async def systems_well(self) -> Mapping[str, bool]:
        """Say of each system that was looked into whether it is well."""

    async def workers(self) -> int | None:
        """Count the processes that carry out work; None where that cannot be read."""

    def slack_calls(self) -> SlackCalls | None:
        """What answers Slack; None before the program has started."""


def web_app(running: Running, *, slack: bool) -> web.Application:
    """Return the application. `slack` says that Slack calls us; in Socket Mode it does not."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_: web.Request) -> web.Response:
        missing = await running.not_ready()
        return web.Response(status=503 if missing else 200, text="\n".join(missing or ["ready"]) + "\n")

    async def metrics(_: web.Request) -> web.Response:
        ready = not await running.not_ready()
        counted, systems = await running.census(), await running.systems_well()
        body = generate_latest(registry_of(counted, systems, await running.workers(), ready=ready))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def events(request: web.Request) -> web.StreamResponse:
        answer = running.slack_calls()
        if answer is None:
            raise web.HTTPServiceUnavailable(text="The bot has not started yet.")
        return await answer(request)

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    if slack:
        app.add_routes([web.post(PATH, events)])
    return app


def registry_of(
    counted: Census | None, systems: Mapping[str, bool], workers: int | None, *, ready: bool
) -> CollectorRegistry:
    """Return the metrics: no series a case, no personal data. What could not be counted is left out."""
    registry = CollectorRegistry()
    Gauge("offboard_ready", "1 where everything is usable", registry=registry).set(int(ready))
    well = Gauge("offboard_system_ok", "1 where the last daily look was well", ["system"], registry=registry)
    for name, is_well in systems.items():
        well.labels(name).set(int(is_well))
    if workers is not None:
        Gauge("offboard_workers", "Processes that carry out work", registry=registry).set(workers)
    if counted is None:
        return registry
    cases = Gauge("offboard_cases", "Cases by their state", ["state"], registry=registry)
    for state in CaseState:
        cases.labels(state.value).set(counted.cases.get(state.value, 0))
    outcomes = Gauge("offboard_outcomes", "Accounts by how they ended", ["outcome"], registry=registry)
    for word in Word:
        outcomes.labels(word.value).set(counted.outcomes.get(word.value, 0))
    Gauge("offboard_messages_waiting", "Messages that wait for Slack", registry=registry).set(counted.posts_waiting)
    Gauge("offboard_work_open", "Looks and removals under way", registry=registry).set(counted.work_open)
    registry.register(ToRevoke(counted.to_revoke))
    return registry
