"""A bearer token for an application (*OAuth 2.0 Client Credentials*)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from bot.errors import UnexpectedAnswer
from providers.http import Answer, Door, is_token
from providers.liveperson import denied
from providers.liveperson.places import TOKENS, Places
from providers.liveperson.settings import Settings
from providers.settings import revealed

_SPARE = 60.0


class ClientCredentials:
    """Asks for a token with the first call, and anew before it ends. `clock` is in seconds and never goes back."""

    denial = "LivePerson gives the application a token and then denies it (401)"

    def __init__(self, settings: Settings, door: Door, places: Places, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._door = door
        self._places = places
        self._clock = clock
        self._bearer = ""
        self._ends = 0.0

    async def ready(self) -> None:
        if not self._bearer or self._clock() >= self._ends:
            asked = self._clock()
            self._bearer, lifetime = _grant(await self._ask())
            self._ends = asked + max(lifetime - _SPARE, lifetime / 2)

    def header(self, method: str, url: str) -> str:  # noqa: ARG002  # the same for every call
        return f"Bearer {self._bearer}"

    def turned_down(self) -> bool:
        self._bearer = ""
        return True

    def is_own(self, user_id: str, login: str) -> bool:  # noqa: ARG002  # an application is nobody among the users
        return False

    async def aclose(self) -> None:
        """Do nothing: the token ends by itself, and no document names a way to end it."""

    async def _ask(self) -> Answer:
        place = await self._places.of(TOKENS)
        form = {
            "client_id": str(self._settings.client_id),
            "client_secret": revealed(self._settings.client_secret),
            "grant_type": "client_credentials",
        }
        return await self._door.read(
            "POST",
            f"{place}/sentinel/api/v2/account/{self._settings.account}/app/token",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(form).encode(),
            delay=denied.pause,
        )


def _grant(answer: Answer) -> tuple[str, float]:
    """Return token and lifetime in seconds."""
    if answer.status != denied.OK:
        raise denied.of_log_on(answer, "client_id and client_secret")
    content: Any = answer.json()
    token = content.get("access_token") if isinstance(content, dict) else None
    if not is_token(token):
        raise UnexpectedAnswer("LivePerson's token server gave no token")
    lifetime = content.get("expires_in")
    return token, float(lifetime) if isinstance(lifetime, int | float) and lifetime > 0 else _SPARE
