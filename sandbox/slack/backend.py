"""The workspace behind the Web API: memory, screens, triggers, hooks, and what the app was granted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.people import Person, Seed
from sandbox.slack.records import Ack, Call, Json
from sandbox.slack.screens import Screens
from sandbox.slack.state import State
from sandbox.slack.triggers import Triggers
from sandbox.slack.watching import Watching

DEFAULT_SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
"""What the bot's token is granted unless a test says otherwise."""


@dataclass(slots=True)
class Access:
    """The tokens that the Web API accepts and the scopes that the bot's token carries."""

    bot_token: str
    app_token: str
    scopes: frozenset[str]


@dataclass(slots=True)
class Inspection:
    """What was found wrong in what the bot sent, and the strings that must never be in it.

    `forbidden` must not be in any message; `forbidden_in_text` not in a notification's text nor in metadata.
    """

    findings: list[str] = field(default_factory=list)
    forbidden: set[str] = field(default_factory=set)
    forbidden_in_text: set[str] = field(default_factory=set)

    def note(self, where: str, what: str) -> None:
        self.findings.append(f"{where}: {what}")


class Backend:
    def __init__(self, seed: Seed, access: Access, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.access = access
        self.state = State(seed, clock)
        self.screens = Screens(self.state.feed, clock)
        self.triggers = Triggers(clock)
        self.inspection = Inspection()
        self.calls: list[Call] = []
        self.acks: list[Ack] = []
        self.uploads: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.tickets: set[str] = set()
        self.watching = Watching()
        self.origin = ""

    def person(self, user: str) -> Person:
        return self.state.people[user]
