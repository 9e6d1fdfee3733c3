"""The console's calls: whole lists, filters, deletions and what becomes of a 202."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from bot.errors import AnswerLost, ProviderError, Refused, Unavailable, UnexpectedAnswer
from bot.model import Sent, SentState
from providers.http import Answer, Door
from providers.http.limit import Sleep
from providers.vspc import shapes
from providers.vspc.settings import Settings
from providers.vspc.shapes import Identity, User

_PAGE = 500
_MOST_PAGES = 1000
_READINGS = 3
_POLLS = 4
_POLL_PAUSE = 2.0

Condition = tuple[str, str, str]
"""Property, operation and value of a filter."""


class NoSuchFilter(Exception):
    """The console does not take this filter (400)."""


class Console:
    """One console, with its API key on every call; there is nothing to log on to or out of.

    `X-Client-Version` selects the resource set ("Versioning"), so every call has it.
    """

    def __init__(self, settings: Settings, door: Door, sleep: Sleep = asyncio.sleep) -> None:
        self._api = settings.api
        self._door = door
        self._sleep = sleep
        self._headers = {
            "Authorization": f"Bearer {settings.api_key.get_secret_value()}",
            "Accept": "application/json",
            "X-Client-Version": "3.6.1",
        }

    async def get(self, path: str) -> Answer:
        """Read one thing; every status is returned but those that the door repeats."""
        return await self._door.read("GET", self._api + path, headers=self._headers, delay=shapes.asked_pause)

    async def me(self) -> User:
        """Return whose key we have."""
        return shapes.user(shapes.data(await self.get("/users/me")))

    async def users(self, condition: Condition | None = None) -> tuple[User, ...]:
        """Return all users that meet the condition, over all pages. Raises `NoSuchFilter`."""
        found = await self._all("/users", condition, lambda record: shapes.user(record).uid)
        return tuple(shapes.user(record) for record in found)

    async def identities(self, condition: Condition) -> tuple[Identity, ...]:
        """Return all identities that meet the condition, over all pages. Raises `NoSuchFilter`."""
        found = await self._all("/users/logins", condition, lambda record: str(shapes.identity(record).id))
        return tuple(shapes.identity(record) for record in found)

    async def every_identity(self) -> tuple[Identity, ...]:
        """Return all identities that this key sees."""
        found = await self._all("/users/logins", None, lambda record: str(shapes.identity(record).id))
        return tuple(shapes.identity(record) for record in found)

    async def rules(self) -> tuple[str, ...]:
        """Return the names of Windows users and groups that may enter the administrator portal."""
        path = "/users/serviceProvider/localUserRule"
        found = await self._all(path, None, lambda record: str(record.get("id") if isinstance(record, dict) else ""))
        return tuple(str(record.get("name") or "") for record in found if isinstance(record, dict))

    async def identities_of(self, uid: str) -> tuple[Identity, ...] | None:
        """Return the identities of one user, or None where the console knows no such user."""
        answer = await self.get(f"/users/{uid}/logins")
        if shapes.is_missing(answer):
            return None
        records = _list(shapes.data(answer))
        found = tuple(shapes.identity(record) for record in records)
        if any(identity.owner != uid for identity in found):
            raise UnexpectedAnswer("the console lists an identity under a user who is not its owner")
        return found

    async def user(self, uid: str) -> User | None:
        """Return one user, or None where the console knows no such user."""
        answer = await self.get(f"/users/{uid}")
        if shapes.is_missing(answer):
            return None
        user = shapes.user(shapes.data(answer))
        if user.uid != uid:
            raise UnexpectedAnswer("the console answered about another user than it was asked for")
        return user

    async def delete(self, path: str, key: str, *private: str, says_true: bool) -> Sent:
        """Send one DELETE under a request id made of `key`: the same id would replay an old answer for 5 minutes.

        `says_true` tells that only `data: true` is a yes ("Delete User Identity"); a deleted user's envelope is empty.
        """
        headers = {**self._headers, "X-Request-id": str(uuid5(NAMESPACE_URL, key))}
        answer = await self._door.send("DELETE", self._api + path, headers=headers)
        if answer.status == HTTPStatus.ACCEPTED:
            return await self._follow(answer)
        return _outcome(answer, private, says_true=says_true)

    async def _follow(self, accepted: Answer) -> Sent:
        """Look a few times at what a 202 promised; what is not told by then is settled by reading the account."""
        action = accepted.headers.get("Location", "").rstrip("/").rpartition("/")[2]
        if not shapes.is_uuid(action):
            return Sent(SentState.PENDING)
        for _ in range(_POLLS):
            await self._sleep(_POLL_PAUSE)
            status = await self._status(action)
            if status == "canceled":
                raise Refused("the console took the request and then cancelled it")
            if status == "failed":
                raise await self._why(action)
            if status != "running":
                return Sent(SentState.ACCEPTED if status == "succeed" else SentState.PENDING, request_id=action)
        return Sent(SentState.PENDING, request_id=action)

    async def _status(self, action: str) -> str:
        try:
            data = shapes.data(await self.get(f"/asyncActions/{action}"))
        except ProviderError:
            return "not told"
        return str(data.get("status") if isinstance(data, dict) else "").lower()

    async def _why(self, action: str) -> ProviderError:
        try:
            answer = await self.get(f"/asyncActions/{action}/result")
        except ProviderError:
            return AnswerLost("the console's request did not succeed, and why cannot be read")
        if answer.status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            return AnswerLost("the console's request did not succeed, and why is not told")
        return shapes.of_send(answer)

    async def _all(self, path: str, condition: Condition | None, key: Callable[[object], str]) -> tuple[object, ...]:
        """Read all pages; while they shift under us, read again ("Pagination": items may move between pages)."""
        for _ in range(_READINGS):
            found = await self._pages(path, condition, key)
            if found is not None:
                return found
        raise Unavailable("the console's list changes while it is read")

    async def _pages(
        self, path: str, condition: Condition | None, key: Callable[[object], str]
    ) -> tuple[object, ...] | None:
        """Return all records once each; None where the pages did not fit together."""
        found: dict[str, object] = {}
        first: int | None = None
        for _ in range(_MOST_PAGES):
            answer = await self.get(f"{path}?{_query(condition, len(found))}")
            if answer.status == HTTPStatus.BAD_REQUEST and condition is not None:
                raise NoSuchFilter
            page = {key(record): record for record in _list(shapes.data(answer))}
            total, before = shapes.total(answer), len(found)
            found |= page
            if total is None:
                return _whole(found, page)
            first = total if first is None else first
            if len(found) == total == first:
                return tuple(found.values())
            if total != first or len(found) == before or len(found) > total:
                return None
        return None


def _whole(found: dict[str, object], page: dict[str, object]) -> tuple[object, ...]:
    """Return what came without a word about paging, which is all only where the page was not full."""
    if len(page) >= _PAGE:
        raise UnexpectedAnswer("the console does not tell how long its list is")
    return tuple(found.values())


def _outcome(answer: Answer, private: tuple[str, ...], *, says_true: bool) -> Sent:
    if shapes.is_missing(answer):
        return Sent(SentState.NO_SUCH_ACCOUNT)
    if answer.status != HTTPStatus.OK:
        raise shapes.of_send(answer, *private)
    if not _is_yes(answer, says_true=says_true):
        raise AnswerLost("the console answered without saying that it was done")
    return Sent(SentState.ACCEPTED)


def _is_yes(answer: Answer, *, says_true: bool) -> bool:
    try:
        envelope = answer.json()
    except UnexpectedAnswer:
        return False
    if not isinstance(envelope, dict) or envelope.get("errors"):
        return False
    return envelope.get("data") is True if says_true else envelope.get("data") is not False


def _list(data: object) -> list[object]:
    if not isinstance(data, list):
        raise UnexpectedAnswer("the console's answer is no list")
    return data


def _query(condition: Condition | None, offset: int) -> str:
    paging = f"limit={_PAGE}&offset={offset}"
    if condition is None:
        return paging
    name, operation, value = condition
    expression = {"property": name, "operation": operation, "collation": "ignorecase", "value": value}
    return f"filter={quote(json.dumps([expression], ensure_ascii=False), safe='')}&{paging}"
