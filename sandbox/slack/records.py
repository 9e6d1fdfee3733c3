"""What the workspace remembers: messages, views, Web API calls, and what a person's act showed them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stood when it was read; an edit makes a new value with the same `ts`.

    `thread_ts` is the root's ts in a reply and None in a root. `ephemeral_for` names the one person who sees it.
    `notified` maps each person whom Slack notified to the reason: mention, group, channel, dm, thread or broadcast.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: int = 0
    reply_broadcast: bool = False
    ephemeral_for: str | None = None
    notified: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Json, ...] = ()

    @property
    def root_ts(self) -> str:
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a Home tab as it stood when it was read. `state` is what has been entered: block → action → value.

    `title`, `submit` and `close` are plain strings; `close` and `submit` are "" where the bot gave none.
    """

    id: str
    hash: str
    type: str
    callback_id: str
    blocks: list[Json]
    opened_for: str
    private_metadata: str = ""
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    title: str = ""
    submit: str = ""
    close: str = ""
    external_id: str = ""
    root_id: str = ""
    previous_id: str | None = None
    clear_on_close: bool = False
    notify_on_close: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call; `args` hold no token. `at` is the workspace's clock."""

    method: str
    args: Json
    ok: bool
    error: str
    at: float


@dataclass(frozen=True, slots=True)
class Ack:
    """How long the app took to acknowledge one payload: seconds of real time from the delivery to its answer.

    `what` is the payload's own word for itself (a command's name, `block_actions approve`, `view_submission …`).
    """

    what: str
    seconds: float
    error: str


@dataclass(frozen=True, slots=True)
class Result:
    """What Slack showed the person at once.

    `error` is "" or Slack's word (operation_timeout, dispatch_failed, …). `field_errors` maps an input's label to the
    sentence under it; `errors` holds the same by block_id. `ephemerals` came in the answer itself, not later.
    `view` is the modal that is open now. `body` is the bot's answer as it was received.
    """

    status: int
    body: Json
    error: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    field_errors: Mapping[str, str] = field(default_factory=dict)
    ephemerals: tuple[Message, ...] = ()
    view: View | None = None

    @property
    def ok(self) -> bool:
        return not self.error and not self.errors


class NotPossible(Exception):
    """A person cannot do this in Slack: the button is not there, the channel is not theirs, the view is closed."""


class Refused(Exception):
    """The Web API says no: `error` is Slack's word, `extra` goes beside it in the answer."""

    def __init__(self, error: str, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra
