"""The real Slack side against the local workspace, the real domain on SQLite, and fake systems."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.authenticators import KeyBox
from bot.cases import Cases, Room
from bot.model import CaseView
from bot.policy import Policy
from bot.ports import WorkKind
from bot.quiet import Quiet
from bot.runs import Runs
from bot.store import SqlStore, open_store
from handlers.outbox import Called
from handlers.slack_app import SlackAccess, SlackSide
from handlers.socket_mode import Socket
from handlers.thread import Poster
from sandbox.slack.workspace import Acting, Message, Result, View, Workspace, demo_seed
from tests.bot.fakes import DirectEngine, FakeSystem, FakeSystems, account
from tests.handlers.ears import Ears, hearing
from tests.handlers.post import Post, closed, opened
from tests.migrated import migrated_file

CHANNEL = "C0CASES"
POLICY = Policy(requesters=("U0AMY",), approvers=("S0SECURITY",), admins=("U0ROOT",))


@dataclass
class Stage:
    """Amy asks, Ben and Chloe approve, Rosa is the admin; Dana leaves. Two systems, CRM and WIKI."""

    workspace: Workspace
    slack: SlackSide
    store: SqlStore
    poster: Poster
    systems: FakeSystems
    engine: DirectEngine
    cases: Cases
    policy: Policy = POLICY

    @property
    def crm(self) -> FakeSystem:
        return self.systems.systems[0]

    @property
    def wiki(self) -> FakeSystem:
        return self.systems.systems[1]

    def person(self, name: str) -> Acting:
        return self.workspace.as_person(f"U0{name.upper()}")

    async def asked(self, text: str = "/offboard dana@acme.test") -> View:
        """The modal that Amy gets."""
        view = (await self.person("amy").command(text)).view
        assert view is not None
        return view

    async def requested(self, text: str = "/offboard dana@acme.test") -> Message:
        """A case that Amy asked for, posted and looked at; its root message."""
        result = await self.person("amy").submit(await self.asked(text), {})
        assert result.ok, result
        await self.work()
        return await self.workspace.until(lambda: next(iter(self.workspace.messages(CHANNEL)), None))

    async def work(self) -> None:
        """Let the engine do what was handed over."""
        await self.engine.drain()
        self.poster.wake()

    async def shown(self, key: str) -> Message:
        """The message of the first case with that key."""
        return await self.workspace.until(lambda: self.message(key))

    def message(self, key: str) -> Message | None:
        for root in self.workspace.messages(CHANNEL):
            for message in self.workspace.messages(CHANNEL, root.ts):
                if message.metadata and message.metadata["event_payload"]["key"] == key:
                    return message
        return None

    async def says(self, key: str, words: str) -> str:
        """The message's text, as soon as it holds these words."""
        return await self.workspace.until(lambda: self._says(key, words))

    def _says(self, key: str, words: str) -> str:
        message = self.message(key)
        text = self.workspace.text_of(message) if message else ""
        return text if words in text else ""

    async def approved(self, who: str = "ben") -> Result:
        result = await self.person(who).press(await self.shown("plan:1"), "approve")
        await self.work()
        return result

    async def told(self, who: str, words: str) -> str:
        """What a person alone was told, as soon as it holds these words."""

        def found() -> str:
            texts = (self.workspace.text_of(one) for one in self.person(who).ephemerals)
            return next((text for text in texts if words in text), "")

        return await self.workspace.until(found)

    async def view(self, case_id: int = 1) -> CaseView:
        view = await self.store.view(case_id)
        assert view is not None
        return view


@asynccontextmanager
async def staged(
    tmp_path: Path,
    workspace: Workspace,
    policy: Policy = POLICY,
    room: Room | None = None,
    keys: KeyBox | None = None,
) -> AsyncIterator[Stage]:
    """The Slack side connected by Socket Mode, with everything behind it."""
    store = await open_store(migrated_file(tmp_path / "offboard.db"))
    await workspace.start()
    workspace.forbidden.update({"U0DANA"})
    workspace.forbidden_in_text.update({"dana@acme.test", "Dana"})
    access = SlackAccess(
        SecretStr("xoxb-sandbox"), SecretStr("sandbox-signing-secret"), SecretStr("xapp-sandbox"), workspace.api_url
    )
    slack = SlackSide(access, policy.people)
    await slack.preflight()
    poster = slack.poster(store, Called(policy.approvers, policy.admins))
    systems = FakeSystems(
        [FakeSystem("crm", {"1": account()}, owner="U0CHLOE"), FakeSystem("wiki", identity="fake wiki")]
    )
    engine = DirectEngine()
    room = room or Room(CHANNEL)
    cases = Cases(store, slack.people, systems, engine, poster, policy, room, keys)
    quiet = Quiet(store, slack.people, policy, room)
    runs = Runs(store, systems, poster, policy, quiet, sleep=_at_once)
    engine.work = {WorkKind.LOOK: runs.look, WorkKind.REMOVE: runs.remove}
    socket = Socket(slack.bolt(cases), slack.client, SecretStr("xapp-sandbox"))
    socket.start()
    posting = asyncio.create_task(poster.run())
    try:
        async with asyncio.timeout(10):
            await socket.connected()
        yield Stage(workspace, slack, store, poster, systems, engine, cases, policy)
    finally:
        await poster.drain(5)
        await posting
        await socket.aclose()
        await slack.aclose()
        await store.aclose()
        await workspace.stop()


async def _at_once(_: float) -> None:
    return


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    async with hearing() as ready:
        yield ready


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    ready = await opened(tmp_path)
    yield ready
    await closed(ready)
    assert ready.workspace.lint_findings == []


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, Workspace(demo_seed(), limits=False)) as ready:
        yield ready
    assert ready.workspace.lint_findings == []
