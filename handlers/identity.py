"""Who we are in Slack, asked once; and the checks before the start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OffboardError, Refusal

T = TypeVar("T")

_REFUSED = {
    "invalid_auth": "the token is not valid",
    "not_authed": "the token is missing",
    "account_inactive": "the app was removed from the workspace or its user deactivated",
    "token_revoked": "the token was revoked",
    "token_expired": "the token has expired",
    "not_allowed_token_type": "this is not the right kind of token",
    "no_permission": "the token may not do this",
    "missing_scope": "the token lacks a scope",
    "access_denied": "access is denied",
    "team_access_not_granted": "the app is not approved for this workspace",
    "forbidden_team": "the app may not be used in this workspace",
}
"""Slack's words for a no that asking again does not change ("auth.test" and "apps.connections.open", errors)."""


class NotReachable(OffboardError):
    """Slack did not answer, or answered that it cannot at the moment: ask again later."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot in its workspace. `scopes` is what the token was granted (header `x-oauth-scopes`)."""

    team_id: str
    user_id: str
    bot_id: str
    enterprise_id: str | None
    scopes: frozenset[str]


class Identity:
    """Asks `auth.test` once and remembers the answer; a failure is not remembered."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._me: Me | None = None
        self._asking = asyncio.Lock()

    async def me(self) -> Me:
        """Return who we are. Raise what the Web API client raises."""
        async with self._asking:
            if self._me is None:
                self._me = await self._ask()
            return self._me

    async def team_id(self) -> str:
        return (await self.me()).team_id

    async def _ask(self) -> Me:
        answer = await self._client.auth_test()
        headers = {name.lower(): str(value) for name, value in answer.headers.items()}
        scopes = frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip())
        enterprise = answer.get("enterprise_id")
        return Me(
            team_id=str(answer.get("team_id") or ""),
            user_id=str(answer.get("user_id") or ""),
            bot_id=str(answer.get("bot_id") or ""),
            enterprise_id=str(enterprise) if enterprise else None,
            scopes=scopes,
        )


async def preflight(identity: Identity, client: AsyncWebClient, app_token: SecretStr | None = None) -> Me:
    """Check the bot's token and, for Socket Mode, the app's.

    Raise `Refusal` with one sentence where Slack says no, `NotReachable` where it does not answer. Bolt itself would
    start with a bad token and try for ever.
    """
    me = await _asked(identity.me(), "SLACK_BOT_TOKEN")
    if app_token is not None:
        await _asked(client.apps_connections_open(app_token=app_token.get_secret_value()), "SLACK_APP_TOKEN")
    return me


async def _asked(call: Awaitable[T], token: str) -> T:
    try:
        return await call
    except SlackApiError as error:
        raise refusal(error, token) from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotReachable("Slack could not be reached.") from error


def refusal(error: SlackApiError, token: str) -> Refusal | NotReachable:
    """Return what a Web API error means at the start: a no that stays, or something to wait for."""
    word = str(error.response.get("error"))
    if word in _REFUSED:
        return Refusal(f"Slack refuses {token}: {_REFUSED[word]} ({word}).")
    return NotReachable(f"Slack answered {word}.")
