"""A daily look at who besides its members can read the channels in which cases are told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.errors import PeopleNotReadable
from bot.policy import Policy
from bot.ports import People, Reporter, Store
from bot.quiet import tell

log = logging.getLogger(__name__)

EVERY: Final = timedelta(days=1)
_FLAG: Final = "channel_exposure:"
_LONG_AGO: Final = datetime.fromtimestamp(0, UTC)


@dataclass(slots=True)
class ChannelPrivacyCheck:
    """Compares who can read the case channels with the day before, and tells admins what has become wider.

    `channels` are the ids of all channels in which cases are told.
    """

    store: Store
    people: People
    policy: Policy
    reporter: Reporter
    channels: Sequence[str]
    _looked_at: datetime = field(default=_LONG_AGO)

    async def sweep(self, now: datetime) -> None:
        """Ask Slack about each channel, once a day; where it does not answer, again in the next pass."""
        if abs(now - self._looked_at) < EVERY:
            return
        for channel in self.channels:
            try:
                exposure = await self.people.exposure(channel)
            except PeopleNotReadable:
                log.info("channel_privacy_unknown channel=%s", channel)
                return
            await self._compare(channel, exposure)
        self._looked_at = now

    async def _compare(self, channel: str, exposure: str) -> None:
        name = f"{_FLAG}{channel}"
        if exposure == (await self.store.flag(name) or ""):
            return
        case_id = await self.store.last_case()
        admins = (await self.people.members(self.policy.admins)).why if exposure else ()
        async with self.store.begin() as tx:
            await (tx.set_flag(name, exposure) if exposure else tx.drop_flag(name))
            await tx.audit(None, "channel exposure", {"channel": channel, "exposure": exposure}, {})
            if exposure and case_id is not None:
                at = int((await tx.now()).timestamp())
                await tell(tx, case_id, f"channel:{at}", admins, alarm(channel, exposure))
        log.warning("channel_exposure_changed channel=%s exposure=%r", channel, exposure)
        self.reporter.wake()


def alarm(channel: str, exposure: str) -> str:
    """Return what admins are told of a channel that others can read."""
    return (
        f"The channel {channel}, in which cases are told, {exposure}. Leavers are named there. Make it private again, "
        "or give me another channel; at the next start I refuse to run with it."
    )
