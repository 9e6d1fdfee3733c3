"""The door to the people of the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from bot.errors import NotAskedAbout
from bot.model import Person

_NOBODY: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Membership:
    """Who stands in a list of user and group ids: user id → why ("named by id", "in group S0SECURITY, read …").

    `asked` are the ids of those who were asked about, None where it was everybody in the list. About anybody else
    nothing is known, and asking raises `NotAskedAbout`: who was not looked up is neither in the list nor out of it.
    """

    why: Mapping[str, str]
    asked: AbstractSet[str] | None = None

    def __contains__(self, user_id: str) -> bool:
        return user_id in self.among((user_id,))

    def among(self, users: Iterable[str]) -> frozenset[str]:
        """Return those of these people who stand in the list. `NotAskedAbout` names all who were not asked about."""
        those = frozenset(users)
        unknown = those - self.asked if self.asked is not None else _NOBODY
        if unknown:
            raise NotAskedAbout(frozenset(unknown))
        return those & self.why.keys()


class People(Protocol):
    """Who somebody is. Every method raises `PeopleNotReadable` where Slack does not answer; nothing is guessed."""

    async def person(self, user_id: str) -> Person:
        """Return who a user id is."""

    async def by_mail(self, mail: str) -> Person | None:
        """Return the active person with that address in Slack, or None."""

    async def members(self, ids: Sequence[str], *, of: AbstractSet[str] | None = None) -> Membership:
        """Resolve user ids and user-group ids; no group list is older than 60 s. Untrusted people are left out.

        Where only some people are asked about, `of` are their ids: nobody else is looked up.
        """

    async def first(self, ids: Sequence[str], number: int, *, apart: AbstractSet[str] = _NOBODY) -> Membership:
        """As `members`, but look people up in the order of the lists until `number` trusted ones are known.

        Nobody of `apart` is looked up or counted. Some more may come back; where it is fewer, there are no more.
        """

    async def in_channel(self, channel: str, user_id: str) -> bool:
        """Whether that person is a member of that channel, asked of Slack after this call: never from a cache."""

    async def exposure(self, channel: str) -> str:
        """Say who besides its members can read a channel, completing "the channel …"; empty for nobody."""
