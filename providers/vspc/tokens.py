"""Tokens of the console for a user name and a password ("OAuth 2.0 Authentication")."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from bot.errors import CredentialsRejected, ProviderError, UnexpectedAnswer
from providers.http import Answer, Door, failure, is_token
from providers.settings import revealed
from providers.vspc import shapes
from providers.vspc.settings import Settings

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", **shapes.VERSION}

_SAID = frozenset({"invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "unauthorized_client"})
_MFA = "the bot's user has multi-factor authentication in the console; give the bot an API key instead"


class Tokens:
    """An access token, used until it is turned down: then renewed by its refresh token, else by a new log-on.

    A log-on that is rejected is final for this object: trying again may lock the user out. How long a token lives
    is not asked, since the documents contradict one another about `expires_in`.
    """

    def __init__(self, settings: Settings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._access = ""
        self._refresh = ""
        self._rejected: CredentialsRejected | None = None

    async def current(self) -> str:
        """Return a token that was not turned down so far. Raises `CredentialsRejected`."""
        if self._rejected is not None:
            raise self._rejected
        if not self._access:
            self._access, self._refresh = await self._renewed() or await self._logged_on()
        return self._access

    def ended(self) -> None:
        """Note that the token was turned down."""
        self._access = ""

    def reject(self, why: str) -> CredentialsRejected:
        """Give up for good; return what to raise."""
        self._rejected = CredentialsRejected(why)
        return self._rejected

    async def _renewed(self) -> tuple[str, str] | None:
        # Sent once: a refresh token serves once, and the pair that it brings replaces both.
        spent, self._refresh = self._refresh, ""
        if not spent:
            return None
        form = {"grant_type": "refresh_token", "refresh_token": spent}
        try:
            answer = await self._door.send("POST", self._url, headers=FORM, body=urlencode(form).encode())
        except ProviderError:
            return None
        return _pair(answer) if answer.status == HTTPStatus.OK else None

    async def _logged_on(self) -> tuple[str, str]:
        form = {
            "grant_type": "password",
            "username": str(self._settings.username),
            "password": revealed(self._settings.password),
        }
        body = urlencode(form).encode()
        answer = await self._door.read("POST", self._url, headers=FORM, body=body, delay=shapes.asked_pause)
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise self.reject(f"the console does not accept our user name and password ({_said(answer)})")
        if answer.status != HTTPStatus.OK:
            raise failure(answer, sending=False)
        pair = _pair(answer)
        if pair is not None:
            return pair
        if answer.told().get("mfa_token"):
            raise self.reject(_MFA)
        raise UnexpectedAnswer("the console's answer to our log-on holds no token")

    @property
    def _url(self) -> str:
        return f"{self._settings.api}/token"


def _pair(answer: Answer) -> tuple[str, str] | None:
    """Return access and refresh token (the latter may be missing), or None where there is no access token."""
    content = answer.told()
    access, refresh = content.get("access_token"), content.get("refresh_token")
    if not is_token(access):
        return None
    return access, refresh if isinstance(refresh, str) else ""


def _said(answer: Answer) -> str:
    """Return the status, and OAuth's word for it where it is one of those that the specification lists."""
    word = answer.told().get("error")
    return f"{answer.status}, {word}" if word in _SAID else f"{answer.status}"
