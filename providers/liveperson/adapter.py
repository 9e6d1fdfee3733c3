"""LivePerson (Conversational Cloud): deletes the person's user, at a revision that was read just before."""

from __future__ import annotations

from bot.errors import AnswerLost, Conflict, RateLimited, Refused, UnexpectedAnswer
from bot.model import Account, Discovery, Health, Key, Leaver, Match, Sent, SentState, Sight, Step
from providers.hints import hint
from providers.http import Answer, Door, JsonItems, failure, retry_after
from providers.liveperson.roll import Roll
from providers.liveperson.session import Session
from providers.liveperson.settings import Settings
from providers.liveperson.sightings import Sightings
from providers.liveperson.users import User, account_of, user_of
from providers.matching import match_of
from providers.snapshot import Snapshot

_OK = 200
_DONE = frozenset({200, 202, 204})
_GONE = frozenset({404, 410})
_STALE = frozenset({409, 412})
_SAID_NO = frozenset({400, 405, 406, 415, 428})
_NOT_MODIFIED = 304
_TOO_MANY = 429
_SHORTEST_PAUSE = 1.0


class LivePersonProvider:
    """One look or removal. There is no search: the whole list is gone through and compared here."""

    def __init__(self, name: str, settings: Settings, door: Door) -> None:
        self._name = name
        self._session = Session(settings, door)
        self._shared: Snapshot[Roll] = Snapshot.of(door, "users")
        self._revisions: dict[str, str] = {}

    async def check(self) -> Health:
        roll = (await self._listed(None)).roll
        says = f"sees {roll.users} users" + (f", {roll.unreadable} of them without a name" if roll.unreadable else "")
        return Health(ok=True, says=says, sees_all=not roll.unreadable)

    async def find(self, leaver: Leaver) -> Discovery:
        seen = await self._look(leaver)
        found = tuple(self._account(user, keys, match_of(keys)) for user, keys in seen.found)
        if not seen.roll.unreadable:
            return Discovery(self._name, Sight.FULL, found, seen.near, size=seen.roll.users)
        reason = "some users are listed without a log-in name or an address that could be compared"
        return Discovery(self._name, Sight.PARTIAL, found, seen.near, reason=reason, size=seen.roll.users)

    async def read(self, account: Account) -> Account | None:
        user = await self._user(account.id)
        return None if user is None else self._account(user, account.matched_by, account.match)

    def steps(self, account: Account) -> tuple[Step, ...]:  # noqa: ARG002  # the same in every state
        return (Step("delete", "delete the user"),)

    async def do(self, account: Account, step: Step, key: str) -> Sent:  # noqa: ARG002  # one step; no key is taken
        if self._session.is_own(account.id, account.handle):
            raise Refused("this is the user that the bot itself works as; nothing was sent")
        revision = self._revisions.pop(account.id, None)
        if revision is None:
            raise Conflict("the user has to be read again before it may be deleted; nothing was sent")
        if not revision:
            raise Refused("LivePerson did not say at which revision the user stands; nothing was sent")
        known = dict(account.identity) | dict(account.notes)
        private = (account.handle, known.get("mail", ""), known.get("nickname", ""))
        self._shared.changed()
        try:
            return _sent(await self._session.delete(account.id, revision), *private)
        finally:
            self._shared.changed()

    async def aclose(self) -> None:
        """Log out, where there is a log-on. Never raises."""
        await self._session.aclose()

    async def _look(self, leaver: Leaver) -> Sightings:
        """Go through the roll that another look of the last minute has made, and the list if that does not show all."""
        seen = Sightings(leaver)

        async def read() -> Roll:
            nonlocal seen
            seen = await self._listed(leaver)
            return seen.roll

        async def compare(roll: Roll) -> Sightings:
            if not roll.can_be_shared:
                self._shared.changed()
            if seen.roll is roll:
                return seen
            return await (self._recalled(roll, leaver) if roll.can_be_shared else self._listed(leaver))

        return await self._shared.search(read, compare, is_complete=lambda seen: seen.rests_on_no_absence)

    async def _recalled(self, roll: Roll, leaver: Leaver) -> Sightings:
        seen = Sightings(leaver)
        for user_id in seen.recall(roll):
            user = await self._user(user_id) if user_id else None
            if user is None:
                return await self._listed(leaver)
            seen.compare(user)
        return seen

    async def _user(self, user_id: str) -> User | None:
        """Read one user anew, and remember at which revision; None where it is not there."""
        answer = await self._session.get(user_id)
        self._revisions.pop(user_id, None)
        if answer.status in _GONE and "html" not in answer.media:
            self._shared.changed()
            return None
        user = user_of(_content(answer))
        if user.id != user_id:
            raise UnexpectedAnswer("LivePerson answered about another user than asked")
        if user.is_deleted:
            self._shared.changed()
            return None
        self._revisions[user_id] = _revision(answer)
        return user

    async def _listed(self, leaver: Leaver | None) -> Sightings:
        seen = Sightings(leaver)
        answer = await self._session.list(JsonItems(seen.take, seen.restart))
        if answer.status != _OK:
            raise failure(answer, sending=False)
        return seen

    def _account(self, user: User, keys: tuple[Key, ...], match: Match) -> Account:
        return account_of(self._name, user, keys, match, is_own=self._session.is_own(user.id, user.login))


def _content(answer: Answer) -> object:
    if answer.status != _OK:
        raise failure(answer, sending=False)
    content: object = answer.json()
    return content


def _revision(answer: Answer) -> str:
    """Return the revision of the whole account's data (Users API, Data Revisions), or nothing."""
    text = (answer.headers.get("ac-revision") or answer.headers.get("ETag") or "").strip().strip('"')
    return text if text.isascii() and text.isdigit() else ""


def _sent(answer: Answer, *private: str) -> Sent:
    """Return what the answer to a deletion means. The Users API names 200, 401, 403, 404 and 500 only.

    `private` texts are kept out of an error.
    """
    if answer.status in _DONE:
        return Sent(SentState.ACCEPTED)
    if answer.status in _GONE and "html" not in answer.media:
        return Sent(SentState.NO_SUCH_ACCOUNT)
    if answer.status == _NOT_MODIFIED:
        raise AnswerLost("LivePerson says that nothing changed (304)")
    if answer.status == _TOO_MANY:
        raise RateLimited("LivePerson asks for fewer calls", max(retry_after(answer) or 0.0, _SHORTEST_PAUSE))
    kind, message = _error(answer)
    if answer.status in _STALE and "dependenc" not in kind:
        raise Conflict(f"somebody changed this LivePerson account's data meanwhile ({answer.status})")
    if answer.status in _STALE | _SAID_NO:
        raise Refused(f"LivePerson did not take the deletion ({answer.status}){hint(message, *private)}")
    raise failure(answer, sending=True)


def _error(answer: Answer) -> tuple[str, str]:
    """Return type and message of an error body in either of its shapes, as far as there are any."""
    content = answer.told()
    shape = content.get("error", content)
    if not isinstance(shape, dict):
        return "", ""
    return str(shape.get("type", "")), str(shape.get("message", ""))
