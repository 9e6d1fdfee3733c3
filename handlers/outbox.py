"""One pass through the outbox: new messages before edits, a case's messages in their order, failures put off."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.model import CaseSystem, CaseView
from bot.ports import Post, Store
from handlers.budget import Budget, Calm, Onward, Room, Seldom
from handlers.delivery import Delivery, is_direct
from handlers.identity import Identity
from handlers.packs import PACK, MakePack, Packs, Receivers, is_pack, requester_alone
from handlers.tasks import report
from handlers.unreadable import stand_in, told
from handlers.verdict import Verdict, Way, backoff, verdict
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.messages import parts, rank

log = logging.getLogger(__name__)

_BATCH = 50
_CANNOT = 600.0
"""Seconds until a message is tried again that we could not even draw."""
_FOLLOWS = "progress"
"""The message that follows the work step by step."""
_TURNS = ("closing", "stopped:")
"""What is told where the work has come to an end or a halt: then the progress shows that without a pause."""


class Step(Enum):
    """What became of one message in this pass."""

    SENT = "sent"
    WAITS = "waits"
    MORE = "more parts follow"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Called:
    """What messages say from the configuration: ids of people and user groups to call upon, and all systems.

    `receivers` says who gets a case's evidence directly; `evidence_in_thread` puts it into the thread as well.
    """

    approvers: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    connected: Callable[[], tuple[CaseSystem, ...]] = tuple
    receivers: Receivers = requester_alone
    evidence_in_thread: bool = False

    def filled_in(self, view: CaseView) -> CaseView:
        """Return the view with whom it calls upon, and with the systems that are connected and not part of it."""
        names = {system.name for system in view.case.systems}
        elsewhere = tuple(system.label for system in self.connected() if system.name not in names)
        return replace(view, approvers=self.approvers, admins=self.admins, elsewhere=elsewhere)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Outbox:
    """Renders each message at the moment it is sent, so that the latest state wins."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        identity: Identity,
        called: Called,
        now: Callable[[], datetime] = utc_now,
        make_pack: MakePack | None = None,
    ) -> None:
        self._store = store
        self._called = called
        self._packs = _packs(store, client, identity, make_pack, called) if make_pack else None
        self._delivery = Delivery(store, client, identity)
        self._now = Onward(now)
        self._budget, self._calm, self._room = Budget(self._clock), Calm(self._clock), Room(self._clock)
        self._seldom = Seldom(clock=self._clock)
        self._turned: set[int] = set()
        self._behind: dict[int, tuple[tuple[int, int, int], datetime]] = {}
        self._plain = False
        self.trouble = ""

    def _clock(self) -> float:
        return self._now().timestamp()

    async def go_through(self) -> bool:
        """Bring to Slack what is due; True where something was sent. Raises only what the store raises."""
        held: set[int] = set()
        full: set[str] = set()
        done = False
        posts = in_order(await self._store.due_posts(self._now(), _BATCH))
        self._turned |= {post.case_id for post in posts if post.key.startswith(_TURNS)}
        for post in posts:
            if post.case_id in held or self._is_behind(post) or self._is_edit_too_early(post):
                continue
            if not self._has_room(post, full):
                continue
            step = await self._bring(post)
            done |= step in {Step.SENT, Step.MORE}
            held |= {post.case_id} if step in {Step.MORE, Step.FAILED} else set()
        return done

    def _is_behind(self, post: Post) -> bool:
        """Whether an earlier message of this case has to be posted first: it failed, and is tried again soon."""
        waits = self._behind.get(post.case_id)
        new_in_thread = post.ts is None and not is_direct(post.key)
        return bool(waits and new_in_thread and rank(post.key) > waits[0] and self._now() < waits[1])

    def _has_room(self, post: Post, full: set[str]) -> bool:
        """Whether the channel takes one more new message now; once it does not, none of this pass goes there."""
        if post.ts is not None or post.key == PACK:
            return True
        if post.channel not in full and not self._room.take(post.channel):
            full.add(post.channel)
        return post.channel not in full

    def _is_edit_too_early(self, post: Post) -> bool:
        """Whether this edit has to wait for its allowance. It is not drawn in vain: it will show the state of then."""
        if post.ts is None:
            return False
        message = (post.case_id, post.key)
        follows = post.key.startswith(_FOLLOWS) and post.case_id not in self._turned
        return not self._budget.allows(message) or (follows and not self._calm.allows(message))

    async def _bring(self, post: Post) -> Step:
        try:
            view = await self._store.view(post.case_id)
        except ValueError as error:
            return await self._of_unreadable(post, error)
        if view is None:
            await self._store.end_post(post, post.ts or "", post.channel)
            return Step.SENT
        if is_pack(post.key):
            return await self._packed(view, post)
        head = f"case:{post.case_id}:{await self._store.mark(post.case_id)}" if post.key == "closing" else ""
        view = replace(self._called.filled_in(view), head=head)
        try:
            message, more = await self._drawn(view, post)
        except Exception as error:  # noqa: BLE001 - one message that cannot be drawn must not stop the others
            report(f"drawing {post.key.partition(':')[0]}", error)
            return await self._put_off(post, _CANNOT, hold=False)
        step = await self._sent(view, post, message)
        return Step.MORE if step is Step.SENT and more else step

    async def _of_unreadable(self, post: Post, error: ValueError) -> Step:
        """Bring what needs nothing of the case but its number; the rest is put off, and keeps no other case waiting."""
        if is_direct(post.key) and post.text:
            view = stand_in(post, self._now())
            return await self._sent(view, post, told(view, post))
        report("reading a case", error)
        return await self._put_off(post, _CANNOT, hold=False)

    async def _packed(self, view: CaseView, post: Post) -> Step:
        """Upload the case's evidence. What goes wrong here keeps no message waiting; the bot stays ready."""
        if self._packs is None:
            await self._store.end_post(post, post.ts or "", post.channel)
            return Step.SENT
        try:
            await self._packs.bring(view.case, post)
        except SlackApiError as error:
            judged = verdict(error, post.failures)
            self._note(f"{judged.word} (evidence)", trouble=False)
            return await self._put_off(post, _CANNOT if judged.trouble else judged.seconds, hold=False)
        except Exception as error:  # noqa: BLE001 - a pack that cannot be made or sent must not stop the messages
            report("giving out evidence", error)
            return await self._put_off(post, backoff(post.failures), hold=False)
        return Step.SENT

    async def _drawn(self, view: CaseView, post: Post) -> tuple[Message, bool]:
        """Return the message as it should be now, and whether it has further parts, which are then wanted too."""
        key, _, number = post.key.partition("#")
        drawn = parts(view, key, post.text, plain=self._plain)
        if number:
            return (drawn[int(number) - 1] if int(number) <= len(drawn) else _no_longer(view)), False
        if len(drawn) > 1:
            async with self._store.begin() as tx:
                await tx.want(post.case_id, *(f"{key}#{part}" for part in range(2, len(drawn) + 1)))
        return drawn[0], len(drawn) > 1

    async def _sent(self, view: CaseView, post: Post, message: Message) -> Step:
        if post.ts is not None and not self._may_edit(post, message):
            return Step.WAITS
        try:
            send = (
                self._delivery.post(view.case, post, message) if post.ts is None else self._delivery.edit(post, message)
            )
            await send
        except SlackApiError as error:
            return await self._refused(view, post, verdict(error, post.failures))
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            self._note("not reachable", trouble=True)
            return await self._put_off(post, backoff(post.failures), hold=True)
        self.trouble = ""
        self._caught_up(post)
        self._follow(post)
        return Step.SENT

    def _follow(self, post: Post) -> None:
        """Note that the progress shows the state of now."""
        if post.key.startswith(_FOLLOWS):
            self._calm.shown((post.case_id, post.key))
            self._turned.discard(post.case_id)

    def _may_edit(self, post: Post, message: Message) -> bool:
        return self._delivery.is_shown(post, message) or self._budget.take((post.case_id, post.key))

    async def _refused(self, view: CaseView, post: Post, judged: Verdict) -> Step:
        """Go on after Slack's no: post anew what is gone, draw more simply what it does not take, or wait."""
        if judged.way is Way.ANEW and post.ts is not None:
            again = replace(post, ts=None, attempted=False)
            return await self._sent(view, again, (await self._drawn(view, again))[0])
        if judged.way is Way.REDRAW and post.key.startswith("progress") and not self._plain:
            log.warning("Slack does not take plan blocks (%s): progress is drawn without them", judged.word)
            self._plain = True
            return await self._sent(view, post, (await self._drawn(view, post))[0])
        self._note(judged.word, trouble=judged.trouble)
        return await self._put_off(post, judged.seconds, hold=judged.way is Way.LATER)

    async def _put_off(self, post: Post, seconds: float, *, hold: bool) -> Step:
        """Note the failure; with `hold`, later messages of the case wait for this one."""
        again_at = self._now() + timedelta(seconds=seconds)
        await self._store.fail_post(post, again_at)
        if not hold or is_direct(post.key):
            return Step.WAITS
        if post.ts is None:
            self._behind[post.case_id] = (rank(post.key), again_at)
        return Step.FAILED

    def _caught_up(self, post: Post) -> None:
        """Let a case go on whose failed message now stands."""
        waits = self._behind.get(post.case_id)
        if waits is not None and waits[0] == rank(post.key):
            del self._behind[post.case_id]

    def _note(self, word: str, *, trouble: bool) -> None:
        """Log Slack's word once a minute; `trouble` says that nothing gets through until it is mended."""
        self.trouble = word if trouble else self.trouble
        if self._seldom.may_say(word):
            log.warning("Slack does not take our messages: %s", word)


def _packs(store: Store, client: AsyncWebClient, identity: Identity, make: MakePack, called: Called) -> Packs:
    return Packs(store, client, identity, make, called.receivers, in_thread=called.evidence_in_thread)


def in_order(posts: Iterable[Post]) -> list[Post]:
    """Return new messages first, each case's in the order in which people should read them; then edits as they came.

    A plan whose case has a new message is edited before it: nobody should see Approve above a case that runs.
    """
    listed = list(posts)
    new = [post for post in listed if post.ts is None]
    first = {post.case_id: place for place, post in reversed(list(enumerate(new)))}
    decided = [post for post in listed if post.ts and post.key.startswith("plan:") and post.case_id in first]
    ahead = sorted([*new, *decided], key=lambda post: (first[post.case_id], rank(post.key)))
    return [*ahead, *(post for post in listed if post.ts is not None and post not in decided)]


def _no_longer(view: CaseView) -> Message:
    text = f"{view.case.name}: this part is no longer needed."
    return Message(text, (section(text),))
