"""Where a case is told, so that the leaver does not learn of it there.

Membership is asked of Slack outside any transaction, just before what asks for a plan or a closing message; where Slack
does not answer, nothing is posted until it does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import PeopleNotReadable
from bot.model import NO_CHANNEL, NOT_KNOWN, NOWHERE, Case, Leaver
from bot.policy import Policy
from bot.ports import People, Store, Tx


@dataclass(frozen=True, slots=True)
class Room:
    """Where cases are told: the case channel, and the one used where the leaver is a member of it.

    `discreet` says that new cases show initials there, and no accounts.
    """

    channel: str
    sensitive_channel: str | None = None
    discreet: bool = False


def candidates(room: Room, present: str | None = None) -> tuple[str, ...]:
    """Return the channels in which a case may be told, the one where it is told at present first."""
    first = (present,) if present is not None and present not in NOWHERE else (room.channel,)
    named = (*first, room.sensitive_channel, room.channel)
    return tuple(dict.fromkeys(channel for channel in named if channel is not None))


async def usable(people: People, channels: Iterable[str], leaver: Leaver) -> str | None:
    """Return the first of these channels in which nobody is who must not see the case, or None.

    Raises `PeopleNotReadable`.
    """
    for channel in channels:
        if not [user for user in sorted(leaver.unseeing) if await people.in_channel(channel, user)]:
            return channel
    return None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Keeps a case out of the leaver's sight."""

    store: Store
    people: People
    policy: Policy
    room: Room

    async def see_to(self, case: Case) -> None:
        """Look where this case can be told now, and move its messages where that is another place. Never raises."""
        if not case.leaver.unseeing:
            return
        place = await self.store.place(case.id, "root") if case.channel in NOWHERE else None
        present = place[0] if place is not None else case.channel
        try:
            found = await usable(self.people, candidates(self.room, present), case.leaver)
            channel = NO_CHANNEL if found is None else found
            told = await self._told(case) if channel == NO_CHANNEL else ()
        except PeopleNotReadable:
            channel, told = case.channel if case.channel == NO_CHANNEL else NOT_KNOWN, ()
        if channel != case.channel:
            await self._move(case, channel, told)

    async def see_to_id(self, case_id: int) -> None:
        """As `see_to`, for the number of a case."""
        case = await self.store.case(case_id)
        if case is not None:
            await self.see_to(case)

    async def _told(self, case: Case) -> tuple[str, ...]:
        """Return whom to tell that nothing is posted: the requester and every admin, never the leaver."""
        return await told_directly(self.people, self.policy, case.leaver, case.requester.user_id)

    async def _move(self, case: Case, channel: str, told: Iterable[str]) -> None:
        async with self.store.begin() as tx:
            held = await tx.case(case.id)
            if held is None or held.channel != case.channel:
                return
            await tx.relocate(case.id, channel)
            await tx.audit(case.id, "told elsewhere", {"from": case.channel, "to": channel}, {})
            await tell(tx, case.id, "nowhere", told, NOWHERE_TO_TELL)


NOWHERE_TO_TELL = (
    "The person who leaves is a member of every channel in which this case could be told, so nothing more is posted "
    "there. Use /offboard status to follow it, and give me a channel without that person."
)


async def told_directly(people: People, policy: Policy, leaver: Leaver, *others: str) -> tuple[str, ...]:
    """Return the people behind the lists of admins, and these others, without the leaver."""
    admins = await people.members(policy.admins)
    everybody = [await people.person(user_id) for user_id in dict.fromkeys((*others, *sorted(admins.why)))]
    return tuple(person.user_id for person in everybody if not person.is_leaver(leaver))


async def tell(tx: Tx, case_id: int, what: str, users: Iterable[str], text: str) -> None:
    """Ask for a direct message to each of these people."""
    for user_id in users:
        await tx.want(case_id, f"dm:{what}:{user_id}", channel=user_id, text=text)
