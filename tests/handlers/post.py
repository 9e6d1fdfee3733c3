"""An outbox with a case behind it, moved turn by turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import open_store
from handlers.outbox import Called
from handlers.slack_app import SlackSide
from handlers.thread import Poster
from sandbox.slack.workspace import DEFAULT_SCOPES, Message, Workspace, demo_seed
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import FakeSystem, account
from tests.handlers.ears import access_to
from tests.migrated import migrated_file

CHANNEL = "C0CASES"
WHOLE = ["root", "plan:1", "progress", "closing"]
"""All messages of a case that ended, in their order."""


@dataclass
class Post:
    """An outbox that moves only when it is told to, with a clock that does the same."""

    workspace: Workspace
    slack: SlackSide
    house: House
    poster: Poster
    late: timedelta = field(default_factory=timedelta)
    stood_at: datetime | None = None

    def now(self) -> datetime:
        return (self.stood_at or datetime.now(UTC)) + self.late

    def stand_still(self) -> None:
        """Let time pass only by `late` from now on."""
        self.stood_at = datetime.now(UTC)

    def restart(self) -> None:
        """A new process: what was only in memory is gone."""
        self.poster = self.slack.poster(
            self.house.store, Called(POLICY.approvers, POLICY.admins, self.house.systems.connected), self.now
        )

    async def all(self) -> None:
        """Go on, as much later as it takes, until nothing is due."""
        ever = datetime.max.replace(tzinfo=UTC)
        for _ in range(20):
            while await self.poster.turn():
                pass
            if not await self.house.store.due_posts(ever, 1):
                return
            self.late += timedelta(minutes=11)

    def keys(self) -> list[str]:
        """The keys of what stands in the channel's threads, in order."""
        found: list[Message] = []
        for root in self.workspace.messages(CHANNEL):
            if root.thread_ts is None:
                found += self.workspace.messages(CHANNEL, root.ts)
        return [message.metadata["event_payload"]["key"] for message in found if message.metadata]

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.workspace.calls)


async def opened(tmp_path: Path, scopes: frozenset[str] = DEFAULT_SCOPES) -> Post:
    store = await open_store(migrated_file(tmp_path / "offboard.db"))
    workspace = Workspace(demo_seed(), limits=False, scopes=scopes)
    await workspace.start()
    workspace.forbidden.add("U0DANA")
    workspace.forbidden_in_text.add("dana@acme.test")
    slack = SlackSide(access_to(workspace))
    house = House(store, FakeSystem("crm", {"1": account()}), FakeSystem("wiki", identity="fake wiki"))
    post = Post(workspace, slack, house, slack.poster(store, Called()))
    post.restart()
    return post


async def closed(post: Post) -> None:
    await post.slack.aclose()
    await post.house.store.aclose()
    await post.workspace.stop()


async def want(post: Post, *keys: str) -> None:
    async with post.house.store.begin() as tx:
        await tx.want(1, *keys)
