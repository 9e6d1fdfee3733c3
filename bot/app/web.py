"""What listens: health, readiness, metrics, and Slack's calls where there is no Socket Mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.model import CaseState, Word
from bot.store import SqlStore

Readiness = Callable[[], Awaitable[Sequence[str]]]
"""What is not usable at the moment, in words; empty: ready."""


def web_app(store: SqlStore, not_ready: Readiness, slack: Sequence[web.RouteDef]) -> web.Application:
    """Return the application. `slack` is empty in Socket Mode."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_: web.Request) -> web.Response:
        missing = await not_ready()
        return web.Response(status=503 if missing else 200, text="\n".join(missing or ["ready"]) + "\n")

    async def metrics(_: web.Request) -> web.Response:
        missing = await not_ready()
        body = generate_latest(await census(store, ready=not missing))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(client_max_size=2 * 1024 * 1024)
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics), *slack])
    return app


async def census(store: SqlStore, *, ready: bool) -> CollectorRegistry:
    """Count what the database holds: no series a case, no personal data."""
    counted = await store.census()
    registry = CollectorRegistry()
    cases = Gauge("offboard_cases", "Cases by their state", ["state"], registry=registry)
    for state in CaseState:
        cases.labels(state.value).set(counted.cases.get(state.value, 0))
    outcomes = Gauge("offboard_outcomes", "Accounts by how they ended", ["outcome"], registry=registry)
    for word in Word:
        outcomes.labels(word.value).set(counted.outcomes.get(word.value, 0))
    Gauge("offboard_messages_waiting", "Messages that wait for Slack", registry=registry).set(counted.posts_waiting)
    Gauge("offboard_work_open", "Looks and removals under way", registry=registry).set(counted.work_open)
    Gauge("offboard_ready", "1 where everything is usable", registry=registry).set(int(ready))
    return registry
