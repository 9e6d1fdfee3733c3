"""The real listeners by Socket Mode over a domain that says what it is told to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from handlers.shown import digest_of
from handlers.slack_app import SlackAccess, SlackSide
from handlers.socket_mode import Socket
from handlers.views.message import Message as Rendered
from sandbox.slack.workspace import Acting, Message, View, Workspace, demo_seed
from tests.handlers.fakes import FakeCases

CHANNEL = "C0CASES"


@dataclass
class Ears:
    """A workspace in which the bot hears; `cases` decides what it says."""

    workspace: Workspace
    slack: SlackSide
    cases: FakeCases
    socket: Socket

    def person(self, name: str) -> Acting:
        return self.workspace.as_person(f"U0{name.upper()}")

    async def posted(self, message: Rendered, thread_ts: str | None = None) -> Message:
        """A message of the bot's in the case channel, or in a thread of it."""
        await self.slack.client.chat_postMessage(
            channel=CHANNEL,
            text=message.text,
            blocks=list(message.blocks),
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
        )
        return self.workspace.messages(CHANNEL, thread_ts)[-1]

    async def told(self, name: str) -> str:
        """What the person was told last, alone."""
        return await self.workspace.until(lambda: self._last(name))

    def _last(self, name: str) -> str:
        said = self.person(name).ephemerals
        return self.workspace.text_of(said[-1]) if said else ""


def opened(view: View | None) -> View:
    """The view that somebody now sees."""
    assert view is not None
    return view


def drawn_at(workspace: Workspace, channel: str, ts: str) -> str:
    """The digest of what stands at a place."""
    found = workspace._backend.state.find(channel, ts)
    return digest_of(found.blocks) if found is not None else ""


def access_to(workspace: Workspace) -> SlackAccess:
    return SlackAccess(
        SecretStr("xoxb-sandbox"), SecretStr("sandbox-signing-secret"), SecretStr("xapp-sandbox"), workspace.api_url
    )


@asynccontextmanager
async def hearing(workspace: Workspace | None = None, clean: Iterable[str] = ()) -> AsyncIterator[Ears]:
    """Connect to a workspace; at the end nothing may have been found wrong in what the bot sent but `clean`."""
    workspace = workspace or Workspace(demo_seed(), limits=False)
    await workspace.start()
    slack = SlackSide(access_to(workspace))
    cases = FakeCases(drawn_at=lambda channel, ts: drawn_at(workspace, channel, ts))
    socket = Socket(slack.bolt(cases), slack.client, SecretStr("xapp-sandbox"))
    socket.start()
    try:
        async with asyncio.timeout(10):
            await socket.connected()
        yield Ears(workspace, slack, cases, socket)
    finally:
        await socket.aclose()
        await slack.aclose()
        await workspace.stop()
    assert [finding for finding in workspace.lint_findings if finding not in clean] == []
