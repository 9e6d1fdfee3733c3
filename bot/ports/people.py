"""The door to the people of the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import Person


@dataclass(frozen=True, slots=True)
class Membership:
    """Who stands in a list of user and group ids: user id → why ("named in approvers", "in S0SECURITY, read …")."""

    why: Mapping[str, str]

    def __contains__(self, user_id: str) -> bool:
        return user_id in self.why


class People(Protocol):
    """Who somebody is. Every method raises `PeopleNotReadable` where Slack does not answer; nothing is guessed."""

    async def person(self, user_id: str) -> Person:
        """Return who a user id is."""

    async def by_mail(self, mail: str) -> Person | None:
        """Return the active person with that address in Slack, or None."""

    async def members(self, ids: Sequence[str], *, of: str | None = None) -> Membership:
        """Resolve user ids and user-group ids; no group list is older than 60 s. Untrusted people are left out.

        Where only one person is asked about, `of` is their id: everybody else is left out and not looked up.
        """

    async def in_channel(self, channel: str, user_id: str) -> bool:
        """Whether that person is a member of that channel."""
