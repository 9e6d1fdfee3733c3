"""The door to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.second_factor import SecondFactor
from bot.model import (
    Account,
    Approval,
    Case,
    CaseState,
    CaseSystem,
    CaseView,
    Discovery,
    DueLook,
    Outcome,
    Plan,
    PlanState,
    Recheck,
    Request,
    SentState,
    WorkKind,
)
from bot.ports.upkeep import UpkeepStore, UpkeepTx


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """One of the person's keys belongs to an open case."""

    case_id: int


_MAY_HAVE_REMOVED = frozenset({None, "lost", SentState.ACCEPTED, SentState.SCHEDULED, SentState.PENDING})


@dataclass(frozen=True, slots=True)
class Intent:
    """A vendor write that was about to be sent. `answer` is None until one was noted: then nobody knows if it was."""

    key: str
    account_id: str
    step: str
    attempt: int
    at: datetime
    answer: str | None = None

    @property
    def may_have_removed(self) -> bool:
        """Whether it may have taken effect, now or later: nobody knows, or the system agreed."""
        return self.answer in _MAY_HAVE_REMOVED


@dataclass(frozen=True, slots=True)
class Post:
    """A message that is not yet as it should be. `ts` is None until it was posted.

    `key` says which message of the case: `root`, `plan:1`, `progress:1`, `closing`, `dm:requester`, `note:…`.
    `attempted` is set where a post was begun and not noted: it may stand in Slack already.
    """

    case_id: int
    key: str
    channel: str
    wanted: int
    sent: int
    ts: str | None
    root_ts: str | None
    attempted: bool
    failures: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message of a case as it stands in Slack. `drawn` are digests of its last visible texts; empty: not known.

    `is_pending` says that it is being posted, so that nobody knows yet where it stands.
    """

    case_id: int
    key: str
    drawn: str = ""
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class OpenedDialog:
    """A dialog that was opened for one person about one thing (`subject`: the value of the button behind it)."""

    callback_id: str
    nonce: str
    user_id: str
    subject: str


class DialogUse(StrEnum):
    """Whether a submitted dialog is one of ours: sent for the first time, sent again, or never opened like this."""

    FIRST = "first"
    AGAIN = "again"
    FOREIGN = "foreign"


class Tx(UpkeepTx, Protocol):
    """One write transaction; commits when its block ends, rolls back when that raises."""

    async def now(self) -> datetime:
        """The time that decides (UTC): the database's on Postgres, ours on SQLite."""

    async def case_of_view(self, view_id: str) -> int | None:
        """The case that was opened by this Slack view, so that opening twice opens once."""

    async def opened_since(self, user_id: str, since: datetime) -> int:
        """How many cases this person has opened since then."""

    async def open_case(
        self, request: Request, systems: Sequence[CaseSystem], channel: str, *, discreet: bool, expires_at: datetime
    ) -> Case | KeyTaken:
        """Create a case in `looking` with a new number and reserve all keys of the person."""

    async def case(self, case_id: int) -> Case | None:
        """Read a case and hold it until the transaction ends."""

    async def move(self, case: Case, to: CaseState, **fields: object) -> Case | None:
        """Change the state where it still is `case.state`, with other columns; None: somebody was faster.

        `fields` are `start_at`, `expires_at`, `ended_at`, `turn`, `attempt`, `closing_note`, `ended_by`. Raises
        ValueError on a transition that `TRANSITIONS` does not hold; `to` may be `case.state` to change columns
        only. Released states free the person's keys; leaving `closed` again takes them back.
        """

    async def view(self, case_id: int) -> CaseView | None:
        """Everything about a case, within this transaction."""

    async def outcomes(self, case_id: int) -> tuple[Outcome, ...]:
        """All outcomes of a case, by system and account, within this transaction."""

    async def put_look(self, case_id: int, discovery: Discovery) -> None:
        """Store the latest discovery of one system."""

    async def add_plan(self, plan: Plan) -> None:
        """Store a new plan."""

    async def set_plan_state(self, case_id: int, turn: int, was: PlanState, to: PlanState) -> bool:
        """Change a plan's state where it still is `was`."""

    async def add_approval(self, case_id: int, approval: Approval) -> bool:
        """Store an approval; False where that person had approved this plan already."""

    async def take_click(self, case_id: int, click: str) -> bool:
        """Note a click of a case by Slack's id for it; False where it was taken before and must not act again."""

    async def keep_dialog(self, dialog: OpenedDialog) -> None:
        """Note a dialog that is being opened."""

    async def use_dialog(self, dialog: OpenedDialog) -> DialogUse:
        """Use a dialog up; only the first use of one that was opened just so is `FIRST`."""

    async def reopen_dialog(self, dialog: OpenedDialog) -> None:
        """Let a used dialog be submitted once more, because it stayed open."""

    async def drop_approval(self, case_id: int, turn: int, user_id: str, team_id: str) -> bool:
        """Take a person's approval of a plan back; False where there is none."""

    async def second_factor(self, user_id: str) -> SecondFactor | None:
        """Return a person's authenticator and hold it until the transaction ends; None where none is enrolled."""

    async def use_code(self, factor: SecondFactor, step: int) -> bool:
        """Use the codes up to a time step up and forget the wrong ones; False where that step was used before."""

    async def keep_failures(self, factor: SecondFactor) -> None:
        """Keep how many wrong codes in a row were given, and until when no code counts."""

    async def note_decider(self, user_id: str, mail: str) -> bool:
        """Note that somebody decided with this address; True where the last decision was made with another one."""

    async def add_work(self, case_id: int, kind: WorkKind, attempt: int, turn: int, systems: Sequence[str]) -> None:
        """Note that these systems are being worked on."""

    async def end_work(self, case_id: int, kind: WorkKind, attempt: int, system: str) -> int | None:
        """End one piece of work and say how many of the case are still open (any kind and attempt).

        None: it had ended before. The case is held first, so exactly one caller sees 0.
        """

    async def note_work(self, case_id: int, system: str, says: str) -> None:
        """Say what is being done or waited for in a system, for people."""

    async def add_intent(self, case_id: int, attempt: int, account: Account, step: str, key: str) -> bool:
        """Note a write before it is sent; False where the case is not `running`: then it must not be sent."""

    async def answer_intent(self, case_id: int, key: str, answer: str, request_id: str) -> None:
        """Note what came back for a write of this case. LookupError where none was noted under the key."""

    async def intents(self, case_id: int, system: str, account_id: str) -> tuple[Intent, ...]:
        """All writes ever noted for one account in this case, oldest first."""

    async def put_outcome(self, case_id: int, attempt: int, outcome: Outcome) -> None:
        """Store how an account or system ended, in place of what stood there."""

    async def drop_outcomes(self, case_id: int, system: str) -> None:
        """Forget the outcomes of a system that is tried again; the audit keeps them."""

    async def drop_outcome(self, case_id: int, system: str, account_id: str) -> None:
        """Forget the outcome of one account that is decided anew; the audit keeps it."""

    async def relocate(self, case_id: int, channel: str) -> None:
        """Tell the case elsewhere: all its messages but the direct ones are posted there anew."""

    async def started_since(self, user_id: str | None, since: datetime) -> int:
        """How many runs have begun since then: all, or those that rest on this person's approval."""

    async def going_since(self, system: str, since: datetime) -> frozenset[tuple[int, str]]:
        """Case and id of every account of a system that something was sent for since then, or that a run is to take."""

    async def note_start(self, case_id: int, attempt: int, users: Sequence[str]) -> None:
        """Note that a run begins, and on whose approval."""

    async def add_rechecks(self, case_id: int, due: Sequence[DueLook]) -> tuple[DueLook, ...]:
        """Ask for later looks; asking twice asks once: what is new of them."""

    async def drop_rechecks(self, case_id: int, system: str) -> None:
        """Forget the later looks at a system that is tried again."""

    async def take_recheck(self, recheck: Recheck) -> bool:
        """Note that somebody is sent to look; False where that was so already."""

    async def end_recheck(self, recheck: Recheck, again_at: datetime | None = None) -> bool:
        """Note that a look was made, or when to try it again; False where that was noted before."""

    async def want(self, case_id: int, *keys: str, channel: str | None = None, text: str = "") -> None:
        """Ask for messages to be posted, or edited where they stand. The case's channel unless `channel` is given."""

    async def audit(
        self, case_id: int | None, kind: str, facts: Mapping[str, object], personal: Mapping[str, str]
    ) -> None:
        """Append to the case's chain, or to the chain of refusals where there is no case, when the block ends.

        `personal` values are stored apart, under a salt; the chain holds their keyed digests only.
        """


class Store(UpkeepStore, Protocol):
    """The database."""

    def begin(self, *, ahead: bool = False) -> AbstractAsyncContextManager[Tx]:
        """Open a write transaction (BEGIN IMMEDIATE on SQLite); `ahead` where a person waits for the answer."""

    async def view(self, case_id: int) -> CaseView | None:
        """Everything about a case in one consistent read."""

    async def case(self, case_id: int) -> Case | None:
        """One case, as it stands; None where there is none."""

    async def intents(self, case_id: int, system: str, account_id: str) -> tuple[Intent, ...]:
        """All writes ever noted for an account in this case, oldest first."""

    async def cases(self, states: frozenset[CaseState] | None = None) -> tuple[Case, ...]:
        """All cases in these states (all: None), newest first."""

    async def untold(self) -> tuple[Case, ...]:
        """Cases that have no channel at the moment in which they could be told, and something to tell."""

    async def due_rechecks(self, now: datetime, limit: int) -> tuple[Recheck, ...]:
        """Later looks that are due and that nobody was sent to make yet."""

    async def rechecks(self, case_id: int) -> tuple[Recheck, ...]:
        """The later looks at a case that are still to be made."""

    async def ping(self) -> None:
        """Raise where the database cannot be read."""

    async def due_posts(self, now: datetime, limit: int) -> tuple[Post, ...]:
        """Messages that are not as they should be: new ones before edits, the stalest first, of each at most `limit`.

        Of a case whose root is not posted, the root only.
        """

    async def place(self, case_id: int, key: str) -> tuple[str, str] | None:
        """Channel and timestamp of a message of a case, or None where it is not posted."""

    async def messages_at(self, case_id: int, channel: str, ts: str) -> tuple[PostedMessage, ...]:
        """The message of a case that stands at this place, and those of the case that are being posted to the channel.

        `case_id` 0: any direct message about the whole database.
        """

    async def is_dialog_open(self, dialog: OpenedDialog) -> bool:
        """Whether this dialog was opened just so and was not used."""

    async def begin_post(self, post: Post) -> None:
        """Note, before calling Slack, that a new message is being posted."""

    async def end_post(self, post: Post, ts: str, channel: str, drawn: str = "") -> None:
        """Note that the message stands in Slack as of `post.wanted`; `drawn` digests what is to be read there."""

    async def fail_post(self, post: Post, again_at: datetime) -> None:
        """Note that Slack did not take it, and when to try again."""
