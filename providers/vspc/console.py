"""The console's calls: whole lists, filters, deletions and what becomes of a 202."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from bot.errors import AnswerLost, ProviderError, Refused, Unavailable, UnexpectedAnswer
from bot.model import Sent, SentState
from providers.http import Answer, Door
from providers.http.limit import Sleep
from providers.vspc import shapes, sheets
from providers.vspc.filters import Condition, NoSuchFilter, is_ignored, query
from providers.vspc.session import Session
from providers.vspc.settings import Settings
from providers.vspc.shapes import Identity, User
from providers.vspc.sheets import Sheet
from providers.vspc.sieve import Sieve, Wanted, each, everything

_PAGE = 500
_MOST_PAGES = 1000
_READINGS = 3
_POLLS = 4
_POLL_PAUSE = 2.0

T = TypeVar("T")


class Console:
    """One console: what it lists and deletes. Long lists are read page by page, and only what is wanted is kept."""

    def __init__(self, settings: Settings, door: Door, sleep: Sleep = asyncio.sleep) -> None:
        self._session = Session(settings, door)
        self._sleep = sleep

    async def me(self) -> User:
        """Return whom we work as."""
        return shapes.user(shapes.data(await self._session.read("/users/me")))

    async def users(
        self, condition: Condition | None = None, wanted: Callable[[User], bool] = everything
    ) -> tuple[User, ...]:
        """Return the wanted of all users that meet the condition. Raises `NoSuchFilter`."""
        return await self._all("/users", condition, Wanted(sheets.user_keys, each(shapes.user, wanted)))

    async def user_sheets(self) -> tuple[Sheet, ...]:
        """Return all users, of each the uid, the name and the mail alone."""
        return await self._all("/users", None, Wanted(sheets.user_keys, sheets.users))

    async def identities(
        self, condition: Condition | None = None, wanted: Callable[[Identity], bool] = everything
    ) -> tuple[Identity, ...]:
        """Return the wanted of all identities that we see and that meet the condition. Raises `NoSuchFilter`."""
        return await self._all("/users/logins", condition, Wanted(sheets.identity_keys, each(shapes.identity, wanted)))

    async def identity_sheets(self) -> tuple[Sheet, ...]:
        """Return all identities that we see, of each the id, the log-in name and the owner's uid alone."""
        return await self._all("/users/logins", None, Wanted(sheets.identity_keys, sheets.identities))

    async def rules(self) -> tuple[str, ...]:
        """Return the names of Windows users and groups that may enter the administrator portal."""
        path = "/users/serviceProvider/localUserRule"
        found = await self._all(path, None, Wanted(lambda records: [_rule(one)[0] for one in records], each(_rule)))
        return tuple(name for _, name in found if name)

    async def identities_of(self, uid: str) -> tuple[Identity, ...] | None:
        """Return the identities of one user, or None where the console knows no such user."""
        answer = await self._session.read(f"/users/{uid}/logins")
        if shapes.is_missing(answer):
            return None
        records = _list(shapes.data(answer))
        found = tuple(shapes.identity(record) for record in records)
        if any(identity.owner != uid for identity in found):
            raise UnexpectedAnswer("the console lists an identity under a user who is not its owner")
        return found

    async def user(self, uid: str) -> User | None:
        """Return one user, or None where the console knows no such user."""
        answer = await self._session.read(f"/users/{uid}")
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
        answer = await self._session.delete(path, {"X-Request-id": str(uuid5(NAMESPACE_URL, key))})
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
            data = shapes.data(await self._session.read(f"/asyncActions/{action}"))
        except ProviderError:
            return "not told"
        return str(data.get("status") if isinstance(data, dict) else "").lower()

    async def _why(self, action: str) -> ProviderError:
        try:
            answer = await self._session.read(f"/asyncActions/{action}/result")
        except ProviderError:
            return AnswerLost("the console's request did not succeed, and why cannot be read")
        if answer.status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            return AnswerLost("the console's request did not succeed, and why is not told")
        return shapes.of_send(answer)

    async def _all(self, path: str, condition: Condition | None, wanted: Wanted[T]) -> tuple[T, ...]:
        """Read all pages; while they shift under us, read again ("Pagination": items may move between pages)."""
        for _ in range(_READINGS):
            found = await self._pages(path, condition, wanted)
            if found is not None:
                return found
        raise Unavailable("the console's list changes while it is read")

    async def _pages(self, path: str, condition: Condition | None, wanted: Wanted[T]) -> tuple[T, ...] | None:
        """Return what is wanted of all records, each once; None where the pages did not fit together."""
        sieve = Sieve(wanted)
        first: int | None = None
        for _ in range(_MOST_PAGES):
            before = len(sieve.seen)
            total = await self._page(path, condition, sieve)
            if total is None:
                return tuple(sieve.kept)
            first = total if first is None else first
            count = len(sieve.seen)
            if count == total == first:
                return tuple(sieve.kept)
            if total != first or count == before or count > total:
                return None
        return None

    async def _page(self, path: str, condition: Condition | None, sieve: Sieve[T]) -> int | None:
        """Read the page after what was seen; return how many all pages hold together, None where this one is all."""
        answer = await self._session.read(f"{path}?{query(condition, _PAGE, len(sieve.seen))}")
        if answer.status == HTTPStatus.BAD_REQUEST and condition is not None:
            raise NoSuchFilter
        records, total = shapes.page(answer)
        if condition is not None and is_ignored(condition, records):
            raise NoSuchFilter
        sieve.take(records)
        if total is None:
            _must_be_all(len(records))
        return total


def _must_be_all(count: int) -> None:
    """Refuse a full page that came without a word about paging: only a shorter one is surely all there is."""
    if count >= _PAGE:
        raise UnexpectedAnswer("the console does not tell how long its list is")


def _rule(record: object) -> tuple[str, str]:
    """Return id and name of a rule."""
    return (str(record.get("id")), str(record.get("name") or "")) if isinstance(record, dict) else ("", "")


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
