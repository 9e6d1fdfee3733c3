"""A case's evidence: uploaded once, directly to those who may see the case, and where allowed into its thread.

A file's message carries no metadata ("files.completeUploadExternal"), so after a crash it is known again by the file's
name. Where the history may not be read, a crash may put the same edition there twice: the same evidence, twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.evidence.making import Made
from bot.model import Case
from bot.ports import Post, Store
from handlers.delivery import Delivery, is_direct
from handlers.identity import Identity
from handlers.traces import Traces

PACK: Final = "pack"
"""The outbox's key. Each time it is wanted again another file is uploaded: a pack is never changed."""
_DIRECTLY: Final = f"dm:{PACK}:"

MakePack = Callable[[int, str], Awaitable[Made]]
"""Makes the pack of a case as it stands, and logs that it is given out, and where to."""
Receivers = Callable[[Case], Awaitable[Sequence[str]]]
"""Says who gets a case's evidence directly, as Slack ids. Raises `PeopleNotReadable`."""


async def requester_alone(case: Case) -> Sequence[str]:
    """Return who asked for the case."""
    return (case.requester.user_id,)


def is_pack(key: str) -> bool:
    """Whether this key of the outbox stands for a file."""
    return key == PACK or key.startswith(_DIRECTLY)


class Packs:
    """Brings packs to threads and people. Raises what the Web API client raises, and `PeopleNotReadable`."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        identity: Identity,
        make: MakePack,
        receivers: Receivers,
        *,
        in_thread: bool = False,
    ) -> None:
        self._store = store
        self._client = client
        self._identity = identity
        self._make = make
        self._receivers = receivers
        self._in_thread = in_thread
        self._delivery = Delivery(store, client, identity)
        self._traces = Traces(client)
        self._made: dict[tuple[int, str, int], Made] = {}

    async def bring(self, case: Case, post: Post) -> None:
        """Upload the case's evidence, or take up the upload that a crash left unnoted."""
        if post.key == PACK and (case.discreet or not self._in_thread):
            await self._ask_for_direct_messages(case)
            await self._store.end_post(post, post.ts or "", post.channel)
            return
        made = await self._once(post)
        channel = await self._delivery.conversation(post.channel)
        root_ts = None if is_direct(post.key) else post.root_ts
        found = await self._found(case, channel, root_ts, made) if post.attempted else ""
        if not found:
            await self._store.begin_post(post)
            found = await self._uploaded(channel, root_ts, made)
        if post.key == PACK:
            await self._ask_for_direct_messages(case)
        await self._store.end_post(post, found, channel)
        del self._made[_edition(post)]

    async def _ask_for_direct_messages(self, case: Case) -> None:
        """Ask for a file to each of those who get it: a thread is read by more people than may see the case."""
        receivers = await self._receivers(case)
        async with self._store.begin() as tx:
            for user_id in receivers:
                await tx.want(case.id, f"{_DIRECTLY}{user_id}", channel=user_id)

    async def _once(self, post: Post) -> Made:
        """Make the pack once for each time it is wanted: a Slack that is away must not fill the log."""
        key = _edition(post)
        if key not in self._made:
            self._made = {known: made for known, made in self._made.items() if known[:2] != key[:2]}
            to = f"direct message to {post.key.removeprefix(_DIRECTLY)}" if is_direct(post.key) else "thread"
            self._made[key] = await self._make(post.case_id, to)
        return self._made[key]

    async def _found(self, case: Case, channel: str, root_ts: str | None, made: Made) -> str:
        since = case.opened_at - timedelta(minutes=5)
        return await self._traces.find_file(channel, root_ts, since, made.name, await self._identity.me())

    async def _uploaded(self, channel: str, root_ts: str | None, made: Made) -> str:
        """Return the file's id; it stands in the outbox where a message has its timestamp."""
        answer = await self._client.files_upload_v2(
            filename=made.name,
            title=made.name,
            content=made.content,
            channel=channel,
            thread_ts=root_ts,
            initial_comment=says(made),
        )
        return str(answer["files"][0]["id"])


def _edition(post: Post) -> tuple[int, str, int]:
    return post.case_id, post.key, post.wanted


def says(made: Made) -> str:
    """Return the message of a pack. Head and key stand here so that they are kept where the database is not."""
    return (
        f"{made.case}: the evidence, edition {made.edition}. "
        f"Check it with `offboard verify {made.name} --key` and the fingerprint that your operator gives you.\n"
        f"Head: `{made.head}`\nSigned with: `{made.key_id}`"
    )
