"""The local Slack workspace: start it, point the bot at it, act as its people, and look at what happened."""

import time
from collections.abc import Callable
from typing import TypeVar

from aiohttp import web

from sandbox.slack.acting import Acting
from sandbox.slack.backend import DEFAULT_SCOPES, Access, Backend
from sandbox.slack.commands import join
from sandbox.slack.delivery import ACK_SECONDS, Delivery
from sandbox.slack.desk import Desk
from sandbox.slack.http_delivery import HttpDelivery
from sandbox.slack.limits import Fault, FaultStatus
from sandbox.slack.page_api import PageApi
from sandbox.slack.people import Channel, Person, Seed, demo_seed
from sandbox.slack.reading import spoken
from sandbox.slack.records import Ack, Call, Message, NotPossible, Result, View
from sandbox.slack.response_url import ResponseUrls
from sandbox.slack.server import Server
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.uploads import Uploads
from sandbox.slack.watching import Watching
from sandbox.slack.web_api import WebApi

__all__ = [
    "DEFAULT_SCOPES",
    "Ack",
    "Acting",
    "Call",
    "Channel",
    "Message",
    "NotPossible",
    "Person",
    "Result",
    "Seed",
    "View",
    "Workspace",
    "demo_seed",
]

T = TypeVar("T")


class Workspace:
    """Without `request_url` the app connects by Socket Mode, with it payloads are posted there, signed.

    `clock` (seconds of the epoch) rules timestamps, triggers, response URLs and rate limits. `ack_timeout` is how
    long an acknowledgement may take, in real seconds. `limits=False` switches the rate tiers off.
    """

    def __init__(
        self,
        seed: Seed,
        *,
        bot_token: str = "xoxb-sandbox",  # noqa: S107 - worth nothing outside the sandbox
        app_token: str = "xapp-sandbox",  # noqa: S107 - the same
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107 - the same
        scopes: frozenset[str] = DEFAULT_SCOPES,
        clock: Callable[[], float] = time.time,
        limits: bool = True,
        request_url: str | None = None,
        commands: frozenset[str] = frozenset({"/offboard"}),
        ack_timeout: float = ACK_SECONDS,
    ) -> None:
        self._backend = Backend(seed, Access(bot_token, app_token, scopes), clock)
        self._web_api = WebApi(self._backend, limits=limits)
        self._hooks = ResponseUrls(self._backend)
        self.sockets = SocketMode(self._backend, ack_timeout)
        self.http = HttpDelivery(request_url or "", signing_secret, ack_timeout)
        delivery: Delivery = self.sockets if request_url is None else self.http
        self._desk = Desk(self._backend, delivery, self._hooks, commands)
        self._page = PageApi(self._backend, self.as_person)
        self._server = Server(self._routes())

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes any free one. Loopback addresses only."""
        await self._server.start(host, port)
        self._backend.origin = self._server.origin

    async def stop(self) -> None:
        self._page.close()
        await self._desk.close()
        await self.sockets.close()
        await self.http.close()
        await self._server.stop()

    @property
    def url(self) -> str:
        """The page's address."""
        return f"{self._server.origin}/"

    @property
    def api_url(self) -> str:
        """The Web API's address, for SLACK_API_URL."""
        return f"{self._server.origin}/api/"

    @property
    def calls(self) -> list[Call]:
        return self._backend.calls

    @property
    def acks(self) -> list[Ack]:
        """How long the app took to acknowledge each payload of the people here, in the order of the answers."""
        return self._backend.acks

    @property
    def lint_findings(self) -> list[str]:
        """Every defect found in what the bot sent; a good bot leaves it empty."""
        return self._backend.inspection.findings

    @property
    def forbidden(self) -> set[str]:
        """Strings that must be in no message at all (a leaver's Slack id); add to it."""
        return self._backend.inspection.forbidden

    @property
    def forbidden_in_text(self) -> set[str]:
        """Strings that must not be in a message's notification text or metadata; add to it."""
        return self._backend.inspection.forbidden_in_text

    @property
    def files(self) -> dict[str, bytes]:
        """The uploaded files by id."""
        return self._backend.files

    def as_person(self, user_id: str) -> Acting:
        if user_id not in self._backend.state.people:
            raise LookupError(user_id)
        return Acting(self._desk, user_id)

    def deactivate(self, user_id: str) -> None:
        """Deactivate a person as an administrator of the workspace would."""
        self._backend.state.deactivate(user_id)

    def add_person(self, person: Person, *channels: str) -> None:
        """Add a person, as a member of these channels."""
        self._backend.state.add_person(person, *channels)

    def share(self, channel: str, *, pending: bool = False) -> None:
        """Share a channel with another company, or invite one."""
        self._backend.state.share(channel, pending=pending)

    async def join(self, user_id: str, channel: str) -> None:
        """Make a person a member of a channel; the app is told as Slack tells it."""
        await join(self._desk, user_id, channel)

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """Return what stands in the channel (roots and broadcast replies), or one thread, its root first."""
        state = self._backend.state
        return state.thread(channel, thread_ts) if thread_ts else state.top_level(channel)

    def text_of(self, message: Message | View) -> str:
        """Return everything a person reads in it: names for mentions, labels of links and buttons, cell by cell."""
        if isinstance(message, Message):
            return spoken(self._backend.state, message.blocks, message.text)
        shown = [message.title, spoken(self._backend.state, message.blocks), message.submit, message.close]
        return "\n".join(part for part in shown if part)

    async def until(self, condition: Callable[[], T | None], timeout: float = 15.0) -> T:  # noqa: ASYNC109 - fixed
        """Wait until `condition` gives something truthy, asking whenever the workspace changes.

        Raise TimeoutError after `timeout` seconds, with what the workspace had seen by then.
        """
        found = await self._backend.state.feed.until(condition, timeout)
        if not found:
            raise TimeoutError(self._seen(timeout))
        return found

    def fail_next(self, method: str, error: str = "internal_error", times: int = 1, status: FaultStatus = 200) -> None:
        """Let the next calls go wrong: an error word (200), 429, 500, "drop" (not done) or "lost" (done)."""
        self._web_api.faults.add(method, Fault(error, status), times)

    @property
    def watching(self) -> Watching:
        """What is told of each payload and asked at each Web API call; put in what you want to see."""
        return self._backend.watching

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Drop the app's socket connections as Slack does from time to time."""
        await self.sockets.disconnect(reason)

    async def redeliver(self) -> None:
        """Deliver the last payload a second time, as Slack may (at least once, not exactly once)."""
        await self._desk.redeliver()

    def _seen(self, timeout: float) -> str:
        state, screens = self._backend.state, self._backend.screens
        said = [self.text_of(message).replace("\n", " / ")[:200] for message in state.everything()][-6:]
        private = [f"to {m.ephemeral_for}: {self.text_of(m)[:200]}" for m in state.ephemerals][-4:]
        views = [f"{user}: {view.title}" for user in state.people for view in screens.stack(user)]
        failed = [f"{call.method}: {call.error}" for call in self.calls if not call.ok][-6:]
        return (
            f"not within {timeout} s; messages {said}; private {private}; views {views}; "
            f"calls {[call.method for call in self.calls[-8:]]}; refused {failed}; lint {self.lint_findings[-4:]}"
        )

    def _routes(self) -> list[web.AbstractRouteDef]:
        uploads = Uploads(self._backend)
        return [
            web.route("*", "/api/{method}", self._web_api.handle),
            web.get("/link/", self.sockets.handle),
            web.post("/hooks/{secret}", self._hooks.handle),
            web.post("/upload/{file_id}", uploads.take),
            web.get("/files/{file_id}", uploads.give),
            *self._page.routes(),
        ]
