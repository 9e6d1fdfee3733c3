"""The People port in Slack: who somebody is, who is in a group, who is in a channel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import PeopleNotReadable
from bot.model import Person, fold
from bot.ports import Membership
from handlers.channel import exposure_of
from handlers.fresh import Fresh, SharedReading

SECONDS = 55.0
"""Nothing that a decision rests on is older than a minute; `usergroups.users.list` allows 20 calls a minute."""
_PATIENCE = 2.0
"""Seconds for one call. Whoever clicked has to be answered within three; they can press again."""
_AT_ONCE = 20
_NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
_SLACKBOT = "USLACKBOT"


class SlackPeople:
    """Reads people through the Web API. `team_id` is the workspace whose people are trusted.

    `humans` are the Slack ids that the operator says are one human each (`[people]`).
    """

    def __init__(
        self,
        client: AsyncWebClient,
        team_id: Callable[[], Awaitable[str]],
        clock: Callable[[], float] = time.monotonic,
        humans: Iterable[Iterable[str]] = (),
    ) -> None:
        self._client = client
        self._team_id = team_id
        self._also = _tie_ids(humans)
        self._persons: Fresh[str, Person] = Fresh(self._read_person, SECONDS, clock)
        self._groups: Fresh[str, tuple[datetime, tuple[str, ...]]] = Fresh(self._read_group, SECONDS, clock)
        self._channels: SharedReading[str, frozenset[str]] = SharedReading(self._read_channel, clock=clock)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def person(self, user_id: str) -> Person:
        """Return who a user id is; an id that Slack does not know is a person who is not trusted."""
        return await self._persons.get(user_id)

    async def by_mail(self, mail: str) -> Person | None:
        """Return the active person with that address ("users.lookupByEmail" finds no deactivated one), or None."""
        try:
            answer = await self._call(self._client.users_lookupByEmail(email=mail))
        except _NotThere:
            return None
        person = self._with_other_ids(_person(_mapping(answer.get("user")), await self._home()))
        return person if person.mail is not None and fold(person.mail) == fold(mail) else None

    async def members(self, ids: Sequence[str], *, of: AbstractSet[str] | None = None) -> Membership:
        """Resolve user and group ids to trusted people, each with the ground on which they stand in the list."""
        why = await self._listed(ids)
        trusted = await self._trusted(why if of is None else why.keys() & of)
        return Membership({user: why[user] for user in trusted}, None if of is None else frozenset(of))

    async def first(self, ids: Sequence[str], number: int, *, apart: AbstractSet[str] = frozenset()) -> Membership:
        """Look people up in the order of the lists until `number` are known whose word counts, `apart` left out.

        Each round asks about twice as many as the one before: whoever clicked does not wait for a long row of people
        who were deactivated.
        """
        why = await self._listed(ids)
        left = [user for user in why if user not in apart]
        asked: list[str] = []
        trusted: list[str] = []
        while left and len(trusted) < number:
            at_once = max(number - len(trusted), 2 * len(asked))
            here, left = left[:at_once], left[at_once:]
            asked += here
            trusted += await self._trusted(here)
        return Membership({user: why[user] for user in trusted}, frozenset(asked))

    async def _listed(self, ids: Sequence[str]) -> dict[str, str]:
        """Return who is named or in a group, in the order of the lists, each with the ground; nobody is looked up."""
        why: dict[str, str] = {}
        for one in ids:
            if one.startswith("S"):
                read_at, users = await self._groups.get(one)
                ground = f"in group {one}, read {read_at:%Y-%m-%d %H:%M:%S} UTC"
                why |= {user: ground for user in users if user not in why}
            else:
                why.setdefault(one, "named by id")
        return why

    async def _trusted(self, users: Iterable[str]) -> list[str]:
        persons = await asyncio.gather(*(self.person(user) for user in users))
        return [person.user_id for person in persons if person.trusted]

    async def in_channel(self, channel: str, user_id: str) -> bool:
        return user_id in await self.in_channel_now(channel)

    async def in_channel_now(self, channel: str) -> frozenset[str]:
        """Return the members of a channel, read after this call: who joined a moment ago is among them."""
        return await self._channels.get(channel)

    async def listed(self, ids: Sequence[str]) -> frozenset[str]:
        """Return the user ids behind user and group ids, without asking who they are."""
        return frozenset(await self._listed(ids))

    async def exposure(self, channel: str) -> str:
        answer = await self._call(self._client.conversations_info(channel=channel))
        return exposure_of(_mapping(answer.get("channel")))

    async def _read_person(self, user_id: str) -> Person:
        home = await self._home()
        try:
            answer = await self._call(self._client.users_info(user=user_id))
        except _NotThere:
            return self._with_other_ids(Person(user_id, home, trusted=False))
        return self._with_other_ids(_person(_mapping(answer.get("user")), home))

    def _with_other_ids(self, person: Person) -> Person:
        return replace(person, also=self._also.get(person.user_id, ()))

    async def _read_group(self, group: str) -> tuple[datetime, tuple[str, ...]]:
        read_at = datetime.now(UTC)
        answer = await self._call(self._client.usergroups_users_list(usergroup=group))
        return read_at, tuple(str(user) for user in answer.get("users") or ())

    async def _read_channel(self, channel: str) -> frozenset[str]:
        members: set[str] = set()
        cursor = ""
        while True:
            page = self._client.conversations_members(channel=channel, limit=1000, cursor=cursor)
            answer = await self._call(page)
            members.update(str(user) for user in answer.get("members") or ())
            cursor = str(_mapping(answer.get("response_metadata")).get("next_cursor") or "")
            if not cursor:
                return frozenset(members)

    async def _home(self) -> str:
        try:
            return await self._team_id()
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise PeopleNotReadable("Slack did not say which workspace this is") from error

    async def _call(self, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        """Await one call. Raise `_NotThere` where Slack says that nobody is, `PeopleNotReadable` for all else."""
        async with self._slots:
            try:
                async with asyncio.timeout(_PATIENCE):
                    return await call
            except SlackApiError as error:
                word = str(error.response.get("error"))
                if word in _NOBODY:
                    raise _NotThere from error
                raise PeopleNotReadable(f"Slack answered {word}") from error
            except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
                raise PeopleNotReadable("Slack did not answer") from error


class _NotThere(Exception):
    """Slack answered that there is no such person."""


def _tie_ids(humans: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each id the other ids of the same human."""
    tied = [tuple(human) for human in humans]
    return {one: tuple(other for other in human if other != one) for human in tied for one in human}


def _person(user: Mapping[str, Any], home: str) -> Person:
    """Translate a user object ("User type"). An address counts only where Slack does not call it unconfirmed."""
    profile = _mapping(user.get("profile"))
    vouched = user.get("is_email_confirmed") is not False
    mail = str(profile.get("email") or "") if vouched else ""
    team = _team(user, home)
    return Person(
        user_id=str(user.get("id") or ""),
        team_id=team,
        name=str(user.get("real_name") or profile.get("real_name") or ""),
        mail=mail or None,
        trusted=team == home and not _is_odd(user),
    )


def _team(user: Mapping[str, Any], home: str) -> str:
    """Return the person's team: ours, where an organization's member belongs to several of which ours is one."""
    teams = _mapping(user.get("enterprise_user")).get("teams") or ()
    return home if home in teams else str(user.get("team_id") or "")


def _is_odd(user: Mapping[str, Any]) -> bool:
    """Whether somebody is a bot, a guest, deactivated or a stranger: nobody whose word counts here."""
    flags = ("is_bot", "is_app_user", "deleted", "is_restricted", "is_ultra_restricted", "is_stranger")
    return user.get("id") == _SLACKBOT or any(bool(user.get(flag)) for flag in flags)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
