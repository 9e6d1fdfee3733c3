"""Acme's ticket desk, by its REST API ("Ticket Desk API"): users are listed in pages of 100 and deleted by id."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import Refused, UnexpectedAnswer
from bot.model import Account, Discovery, Finding, Health, Key, Leaver, Match, Sent, SentState, Sight, Step, Word, facts
from providers.http import Answer, Door, failure
from providers.kind import Kind
from providers.matching import match_of, matched_by, similar
from providers.settings import ServerUrl, SystemSettings, Token

T = TypeVar("T", bound=BaseModel)

DELETE = Step("delete", "delete the user from the ticket desk")
GONE = "no_such_user"


class Settings(SystemSettings):
    """What the operator writes under `[systems.NAME]`, beside what every system takes."""

    provider: Literal["ticket_desk"]
    url: ServerUrl
    token: Token


class User(BaseModel):
    """One user, as the desk tells it."""

    model_config = ConfigDict(strict=True)

    id: str
    login: str
    mail: str | None
    role: str


class Me(BaseModel):
    """Whose token it is, and whether it sees all teams."""

    model_config = ConfigDict(strict=True)

    id: str
    sees_all: bool


class TicketDesk:
    """One look or removal. The desk knows no log-out: the token travels with every call."""

    def __init__(self, name: str, settings: Settings, door: Door) -> None:
        self._name = name
        self._url = settings.url
        self._headers = {"Authorization": f"Bearer {settings.token.get_secret_value()}", "Accept": "application/json"}
        self._door = door

    async def check(self) -> Health:
        me = await self._me()
        return Health(ok=True, says="the token is accepted", sees_all=me.sees_all)

    async def find(self, leaver: Leaver) -> Discovery:
        me, users = await self._me(), await self._users()
        hits = [(user, keys) for user in users if (keys := _keys_of(user, leaver))]
        return Discovery(
            self._name,
            Sight.FULL if me.sees_all else Sight.PARTIAL,
            tuple(self._account(user, me, match_of(keys), keys) for user, keys in hits),
            similar(leaver, (user.mail or user.login for user in users)),
        )

    async def read(self, account: Account) -> Account | None:
        answer = await self._get(f"/users/{quote(account.id, safe='')}")
        if _is_gone(answer):
            return None
        user = _shaped(User, _good(answer).json())
        return self._account(user, await self._me(), account.match, account.matched_by)

    def steps(self, account: Account) -> tuple[Step, ...]:
        return () if account.stop else (DELETE,)

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        if step != DELETE:
            raise Refused("this is no step of the ticket desk")
        url = f"{self._url}/users/{quote(account.id, safe='')}"
        answer = await self._door.send("DELETE", url, headers=self._headers)
        if answer.status == HTTPStatus.NO_CONTENT:
            return Sent(SentState.ACCEPTED)
        if _is_gone(answer):
            return Sent(SentState.NO_SUCH_ACCOUNT)
        raise failure(answer, sending=True)

    async def aclose(self) -> None:
        """Do nothing: there is no log-on."""

    async def _get(self, path: str) -> Answer:
        return await self._door.read("GET", self._url + path, headers=self._headers)

    async def _me(self) -> Me:
        return _shaped(Me, _good(await self._get("/me")).json())

    async def _users(self) -> list[User]:
        # The next page begins after an id, so that nobody slips through when somebody else is deleted meanwhile.
        users: list[User] = []
        path = "/users"
        while page := _rows(_good(await self._get(path)).json()):
            users += page
            path = f"/users?after={quote(users[-1].id, safe='')}"
        return users

    def _account(self, user: User, me: Me, match: Match, keys: tuple[Key, ...]) -> Account:
        own = Finding("this is the user that the bot itself works as", Word.REFUSED)
        return Account(
            self._name,
            user.id,
            user.mail or user.login,
            facts(id=user.id, login=user.login, mail=user.mail),
            match,
            keys,
            weight=(user.role,),
            findings=(own,) if user.id == me.id else (),
        )


def _keys_of(user: User, leaver: Leaver) -> tuple[Key, ...]:
    return matched_by(leaver, mails=(user.mail,), logins=(user.login,))


def _good(answer: Answer) -> Answer:
    if answer.status != HTTPStatus.OK:
        raise failure(answer, sending=False)
    return answer


def _is_gone(answer: Answer) -> bool:
    # Only the desk's own words count: a 404 of a proxy, or of a wrong path, says nothing about a user.
    if answer.status != HTTPStatus.NOT_FOUND or answer.media != "application/json":
        return False
    content = answer.json()
    return isinstance(content, dict) and content.get("error") == GONE


def _rows(content: Any) -> list[User]:  # noqa: ANN401  # JSON is any value
    if not isinstance(content, dict) or not isinstance(content.get("users"), list):
        raise UnexpectedAnswer("the ticket desk's answer holds no list of users")
    return [_shaped(User, row) for row in content["users"]]


def _shaped(model: type[T], content: Any) -> T:  # noqa: ANN401  # JSON is any value
    try:
        return model.model_validate(content)
    except ValidationError:
        raise UnexpectedAnswer("the ticket desk's answer is not of the documented shape") from None


def _identity(settings: Settings) -> str:
    return f"ticket_desk {settings.url.lower()}"


def _door(settings: Settings) -> Door:
    return Door(ca_file=settings.ca_file, timeout=settings.timeout, concurrency=settings.concurrency)


KIND = Kind(
    name="ticket_desk",
    settings=Settings,
    build=TicketDesk,
    actions="Deletes the person's own user; tickets stay.",
    identity=_identity,
    door=_door,
)
