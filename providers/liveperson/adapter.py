"""LivePerson (Conversational Cloud): deletes the person's user, at a revision that was read just before."""

from __future__ import annotations

import json

from bot.errors import AnswerLost, Conflict, RateLimited, Refused, UnexpectedAnswer
from bot.model import Account, Discovery, Health, Leaver, Sent, SentState, Sight, Step
from providers.hints import hint
from providers.http import Answer, Door, failure, retry_after
from providers.liveperson.session import Session
from providers.liveperson.settings import Settings
from providers.liveperson.users import User, account_of, user_of, users_of
from providers.matching import match_of, matched_by, similar

_OK = 200
_DONE = frozenset({200, 202, 204})
_GONE = frozenset({404, 410})
_STALE = frozenset({409, 412})
_SAID_NO = frozenset({400, 405, 406, 415, 428})
_NOT_MODIFIED = 304
_TOO_MANY = 429
_SHORTEST_PAUSE = 1.0


class LivePersonProvider:
    """One look or removal. There is no search: the whole list is read and compared here."""

    def __init__(self, name: str, settings: Settings, door: Door) -> None:
        self._name = name
        self._session = Session(settings, door)
        self._revisions: dict[str, str] = {}

    async def check(self) -> Health:
        users = await self._list()
        unreadable = sum(not user.is_readable for user in users)
        says = f"sees {len(users)} users" + (f", {unreadable} of them without a name" if unreadable else "")
        return Health(ok=True, says=says, sees_all=not unreadable)

    async def find(self, leaver: Leaver) -> Discovery:
        users = await self._list()
        found = []
        for user in users:
            keys = matched_by(leaver, mails=(user.login, user.mail), logins=(user.login,))
            if keys and not user.id:
                raise UnexpectedAnswer("LivePerson lists a user of this person without an id")
            if keys:
                found.append(account_of(self._name, user, keys, match_of(keys)))
        own = {account.id for account in found}
        near = similar(leaver, (handle for user in users if user.id not in own for handle in (user.login, user.mail)))
        if all(user.is_readable for user in users):
            return Discovery(self._name, Sight.FULL, tuple(found), near)
        reason = "some users are listed with neither a log-in name nor an address"
        return Discovery(self._name, Sight.PARTIAL, tuple(found), near, reason=reason)

    async def read(self, account: Account) -> Account | None:
        answer = await self._session.get(account.id)
        self._revisions.pop(account.id, None)
        if answer.status in _GONE and "html" not in answer.media:
            return None
        user = user_of(_content(answer))
        if user.id != account.id:
            raise UnexpectedAnswer("LivePerson answered about another user than asked")
        if user.is_deleted:
            return None
        self._revisions[account.id] = _revision(answer)
        return account_of(self._name, user, account.matched_by, account.match)

    def steps(self, account: Account) -> tuple[Step, ...]:  # noqa: ARG002  # the same in every state
        return (Step("delete", "delete the user"),)

    async def do(self, account: Account, step: Step, key: str) -> Sent:  # noqa: ARG002  # one step; no key is taken
        revision = self._revisions.pop(account.id, None)
        if revision is None:
            raise Conflict("the user has to be read again before it may be deleted; nothing was sent")
        if not revision:
            raise Refused("LivePerson did not say at which revision the user stands; nothing was sent")
        return _sent(await self._session.delete(account.id, revision))

    async def aclose(self) -> None:
        """Do nothing: the token ends by itself, and no document names a way to end it."""

    async def _list(self) -> tuple[User, ...]:
        return users_of(_content(await self._session.list()))


def _content(answer: Answer) -> object:
    if answer.status != _OK:
        raise failure(answer, sending=False)
    content: object = answer.json()
    return content


def _revision(answer: Answer) -> str:
    """Return the revision of the whole account's data (Users API, Data Revisions), or nothing."""
    text = (answer.headers.get("ac-revision") or answer.headers.get("ETag") or "").strip().strip('"')
    return text if text.isascii() and text.isdigit() else ""


def _sent(answer: Answer) -> Sent:
    """Return what the answer to a deletion means. The Users API names 200, 401, 403, 404 and 500 only."""
    if answer.status in _DONE:
        return Sent(SentState.ACCEPTED)
    if answer.status in _GONE:
        return Sent(SentState.NO_SUCH_ACCOUNT)
    if answer.status == _NOT_MODIFIED:
        raise AnswerLost("LivePerson says that nothing changed (304)")
    if answer.status == _TOO_MANY:
        raise RateLimited("LivePerson asks for fewer calls", max(retry_after(answer) or 0.0, _SHORTEST_PAUSE))
    kind, message = _error(answer)
    if answer.status in _STALE and "dependenc" not in kind:
        raise Conflict(f"somebody changed this LivePerson account's data meanwhile ({answer.status})")
    if answer.status in _STALE | _SAID_NO:
        raise Refused(f"LivePerson did not take the deletion ({answer.status}){hint(message)}")
    raise failure(answer, sending=True)


def _error(answer: Answer) -> tuple[str, str]:
    """Return type and message of an error body in either of its shapes, as far as there are any."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        return "", ""
    shape = content.get("error", content) if isinstance(content, dict) else {}
    if not isinstance(shape, dict):
        return "", ""
    return str(shape.get("type", "")), str(shape.get("message", ""))
