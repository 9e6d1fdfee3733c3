"""One browser; a fresh tab a test, in which nothing may go wrong unseen; a workspace with a small bot."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace, demo_seed
from sandbox.stage import Stage, stage
from tests.browser.executable import executable
from tests.browser.visitor import Visitor
from tests.sandbox.slack.conftest import connected

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=30_000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium. Without one the test is skipped, and on a build server it fails."""
    path = await asyncio.to_thread(executable)
    if path is None:
        missing = "no Chromium: install one, or run `python -m playwright install chromium`"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """Open a tab of 1280 by 800. The test fails where the page logs an error or loads anything from elsewhere."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("request", lambda asked: None if "://127.0.0.1:" in asked.url else wrong.append(f"asked for {asked.url}"))
    yield page
    await context.close()
    assert wrong == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def play(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """The whole play with the real bot, as the module's STAGING has it. Nothing that the bot sent may be wrong."""
    async with stage(request.module.STAGING) as everything:
        yield everything
        assert everything.workspace.lint_findings == []


@pytest_asyncio.fixture(loop_scope="session")
async def guest(play: Stage, tab: Page) -> Visitor:
    """Somebody at the page of the module's play."""
    somebody = Visitor(tab)
    await somebody.come(play.workspace.url)
    return somebody


@pytest_asyncio.fixture(loop_scope="session")
async def workspace() -> AsyncIterator[Workspace]:
    place = Workspace(demo_seed(), limits=False, ack_timeout=10)
    await place.start()
    yield place
    await place.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def client(workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=workspace.api_url)


@pytest_asyncio.fixture(loop_scope="session")
async def app(client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A bot without listeners; a test gives it its own."""
    bolt = AsyncApp(client=client, signing_secret="unused")
    async with connected(bolt):
        await client.auth_test()
        yield bolt


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(app: AsyncApp, workspace: Workspace, tab: Page) -> Visitor:
    somebody = Visitor(tab)
    await somebody.come(workspace.url)
    return somebody
