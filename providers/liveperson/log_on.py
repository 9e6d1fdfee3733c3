"""The log-on of a user with a password (*Login Service API*), and the log-out that belongs to it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from bot.errors import AnswerLost, ProviderError, Unavailable, UnexpectedAnswer
from bot.model import fold
from providers.http import Answer, Door, is_token
from providers.liveperson import denied
from providers.liveperson.places import LOG_ONS, Places
from providers.liveperson.settings import Settings
from providers.settings import revealed

log = logging.getLogger(__name__)

_COOKIE = "Session_id"
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(slots=True, repr=False)
class Opened:
    """A session. `cookie` and `csrf` end it; `user_id` is whose it is, empty where that was not told."""

    bearer: str
    cookie: str
    csrf: str
    user_id: str
    is_alive: bool = True


class LogOn:
    """Logs on with the first call, and once more where the session has ended; `aclose` logs out of every session."""

    denial = "LivePerson logs the user on and then denies the session (401)"

    def __init__(self, settings: Settings, door: Door, places: Places) -> None:
        self._settings = settings
        self._door = door
        self._places = places
        self._opened: list[Opened] = []

    async def ready(self) -> None:
        if not self._opened or not self._opened[-1].is_alive:
            self._opened.append(_session(await self._log_on()))

    def header(self, method: str, url: str) -> str:  # noqa: ARG002  # the same for every call
        return f"Bearer {self._opened[-1].bearer}"

    def turned_down(self) -> bool:
        self._opened[-1].is_alive = False
        return True

    def is_own(self, user_id: str, login: str) -> bool:
        """Whether this is the user that we log on as: by the id that the log-on told, or by the name that we use."""
        ids = {opened.user_id for opened in self._opened if opened.user_id}
        return user_id in ids or fold(login) == fold(str(self._settings.username))

    async def aclose(self) -> None:
        """Log out. A log-out that does not work is a line in the log: the server ends an idle session by itself."""
        while self._opened:
            opened = self._opened.pop()
            try:
                status = await self._log_out(opened)
            except ProviderError as error:
                log.warning("logging out of LivePerson did not work: %s", error)
            else:
                # A session that was turned down before may well be unknown by now.
                if status // 100 != denied.OK // 100 and opened.is_alive:
                    log.warning("logging out of LivePerson was answered with %s", status)

    async def _log_on(self) -> Answer:
        # Sent once: a repetition after a lost answer would leave a session open that nobody can end.
        content = {"username": self._settings.username, "password": revealed(self._settings.password)}
        url = await self._url("login?v=1.3")
        try:
            answer = await self._door.send("POST", url, headers=_JSON, body=json.dumps(content).encode())
        except AnswerLost:
            raise Unavailable("LivePerson's log-on did not answer; nothing else was sent") from None
        if answer.status != denied.OK:
            raise denied.of_log_on(answer, "the user name and password")
        return answer

    async def _log_out(self, opened: Opened) -> int:
        headers = {**_JSON, "Cookie": f"{_COOKIE}={opened.cookie}"}
        body = json.dumps({"csrf": opened.csrf}).encode()
        return (await self._door.send("POST", await self._url("logout"), headers=headers, body=body)).status

    async def _url(self, path: str) -> str:
        return f"{await self._places.of(LOG_ONS)}/api/account/{self._settings.account}/{path}"


def _session(answer: Answer) -> Opened:
    content = answer.json()
    found = content if isinstance(content, dict) else {}
    bearer, csrf, config = found.get("bearer"), found.get("csrf"), found.get("config")
    if not is_token(bearer):
        raise UnexpectedAnswer("LivePerson's log-on gave no bearer")
    user_id = config.get("userId") if isinstance(config, dict) else None
    return Opened(bearer, answer.cookie(_COOKIE), str(csrf or ""), "" if user_id is None else str(user_id))
