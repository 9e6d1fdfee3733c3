"""A case's evidence into its thread: made at the moment of sending, uploaded once.

A file's message carries no metadata ("files.completeUploadExternal"), so after a crash it is known again by the file's
name. Where the history may not be read, a crash may put the same edition there twice: the same evidence, twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.evidence.making import Made
from bot.model import Case
from bot.ports import Post, Store
from handlers.identity import Identity
from handlers.traces import Traces

PACK: Final = "pack"
"""The outbox's key. Each time it is wanted again another file is uploaded: a pack is never changed."""

MakePack = Callable[[int], Awaitable[Made]]
"""Makes the pack of a case as it stands, and logs that it is given out."""


class Packs:
    """Brings packs to threads. Raises what the Web API client raises."""

    def __init__(self, store: Store, client: AsyncWebClient, identity: Identity, make: MakePack) -> None:
        self._store = store
        self._client = client
        self._identity = identity
        self._make = make
        self._traces = Traces(client)
        self._made: dict[tuple[int, int], Made] = {}

    async def bring(self, case: Case, post: Post) -> None:
        """Upload the case's evidence into its thread, or take up the upload that a crash left unnoted."""
        made = await self._once(post)
        found = await self._found(case, post, made) if post.attempted else ""
        if not found:
            await self._store.begin_post(post)
            found = await self._uploaded(post, made)
        await self._store.end_post(post, found, post.channel)
        del self._made[post.case_id, post.wanted]

    async def _once(self, post: Post) -> Made:
        """Make the pack once for each time it is wanted: a Slack that is away must not fill the log."""
        key = (post.case_id, post.wanted)
        if key not in self._made:
            self._made = {known: made for known, made in self._made.items() if known[0] != post.case_id}
            self._made[key] = await self._make(post.case_id)
        return self._made[key]

    async def _found(self, case: Case, post: Post, made: Made) -> str:
        since = case.opened_at - timedelta(minutes=5)
        return await self._traces.find_file(post.channel, post.root_ts, since, made.name, await self._identity.me())

    async def _uploaded(self, post: Post, made: Made) -> str:
        """Return the file's id; it stands in the outbox where a message has its timestamp."""
        answer = await self._client.files_upload_v2(
            filename=made.name,
            title=made.name,
            content=made.content,
            channel=post.channel,
            thread_ts=post.root_ts,
            initial_comment=says(made),
        )
        return str(answer["files"][0]["id"])


def says(made: Made) -> str:
    """Return the message of a pack. Head and key stand here so that they are kept where the database is not."""
    return (
        f"{made.case}: the evidence, edition {made.edition}. "
        f"Check it with `offboard verify {made.name} --key` and the fingerprint that your operator gives you.\n"
        f"Head: `{made.head}`\nSigned with: `{made.key_id}`"
    )
