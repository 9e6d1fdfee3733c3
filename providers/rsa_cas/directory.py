"""The reads of RSA's Administration API. None of them brings anybody in: `searchUnsynched` would."""

from __future__ import annotations

from bot.errors import Misconfigured
from providers.http import Answer
from providers.rsa_cas.session import OK, Session, fault, is_no_such_user
from providers.rsa_cas.users import User, devices_of, entries_of, is_id, user_of

_PAGE = 25
"""The largest page of a search (*User Search API*)."""
MOST_PAGES = 40
_READ = "rsa.user.read"
_READ_DEVICES = "rsa.authenticator.mobile.read"


class Directory:
    """Looks users up. Raises what a read's error means; `Misconfigured` for a 404 that is not about a user."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def by_mail(self, mail: str) -> User | None:
        """Return the one user that RSA answers with for an address; another may share it."""
        return await self._lookup({"email": mail})

    async def by_login(self, login: str) -> User | None:
        """Return the user that RSA answers with for a user name."""
        return await self._lookup({"username": login})

    async def like(self, part: str, *, pages: int = MOST_PAGES) -> tuple[tuple[User, ...], bool]:
        """Return the users with this text anywhere in their address, and whether those were all."""
        users: list[User] = []
        for page in range(pages):
            path = f"/v2/users/search?pageSize={_PAGE}&pageNumber={page}"
            answer = _good(await self._session.read("POST", path, {"emailLike": part}), _READ)
            entries = entries_of(answer.json())
            users += [user_of(entry) for entry in entries]
            if len(entries) < _PAGE:
                return tuple(users), True
        return tuple(users), False

    async def devices(self, user_id: str) -> tuple[str, ...] | None:
        """Return the ids of a user's devices; None where there is no user with this id."""
        answer = await self._session.read("GET", f"/v1/users/{path_id(user_id)}/devices?includeBrowsers=false")
        return None if is_no_such_user(answer) else devices_of(_good(answer, _READ_DEVICES).json())

    async def _lookup(self, key: dict[str, str]) -> User | None:
        answer = await self._session.read("POST", "/v1/users/lookup", {**key, "searchUnsynched": False})
        return None if is_no_such_user(answer) else user_of(_good(answer, _READ).json())


def path_id(user_id: str) -> str:
    """Return an id that may stand in a path. Raises `Misconfigured` for any other text; nothing was sent."""
    if not is_id(user_id):
        raise Misconfigured("the id of a user is not a UUID; nothing was sent")
    return user_id


def _good(answer: Answer, needs: str) -> Answer:
    if answer.status != OK:
        raise fault(answer, sending=False, needs=needs)
    return answer
