"""A started workspace, a client of its Web API, and a small real Bolt app that is connected to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace, demo_seed


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def workspace(clock: Clock) -> AsyncIterator[Workspace]:
    """Without rate tiers; acknowledgements may take longer than Slack allows, for a busy machine's sake."""
    place = Workspace(demo_seed(), clock=clock, limits=False, ack_timeout=10)
    await place.start()
    yield place
    await place.stop()


@pytest.fixture
async def client(workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=workspace.api_url)


@asynccontextmanager
async def connected(app: AsyncApp) -> AsyncIterator[None]:
    """One Socket Mode connection of this app."""
    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves it bare
    yield
    await handler.close_async()  # type: ignore[no-untyped-call] # Bolt leaves it bare


@pytest.fixture
async def app(client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A Bolt app in Socket Mode; a test adds its own listeners."""
    bolt = AsyncApp(client=client, signing_secret="unused")
    async with connected(bolt):
        await client.auth_test()
        yield bolt
