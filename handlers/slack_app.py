"""The Slack side, built: Web API client, Bolt app with its listeners, people, and the poster of messages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigurationError
from bot.ports import Store
from handlers.domain import Cases
from handlers.identity import Identity, Me, preflight
from handlers.listeners import register
from handlers.outbox import Called, utc_now
from handlers.packs import MakePack
from handlers.people import SlackPeople
from handlers.tasks import Tasks
from handlers.thread import Poster

API_URL = "https://slack.com/api/"
_SECONDS = 15


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """How we reach Slack. With `app_token` it is Socket Mode, else Slack calls us and signs."""

    bot_token: SecretStr
    signing_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    api_url: str = API_URL


class SlackSide:
    """Everything that talks to Slack, on one HTTP session. Build it inside the running loop; close it at the end.

    `humans` are the Slack ids that the operator says are one human each.
    """

    def __init__(self, access: SlackAccess, humans: Iterable[Iterable[str]] = ()) -> None:
        self.access = access
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS))
        self.client = self._client(patient_handlers())
        self._sender = self._client([])
        self.identity = Identity(self.client)
        self.people = SlackPeople(self._client(hasty_handlers()), self.identity.team_id, humans=humans)
        self.tasks = Tasks()

    async def preflight(self) -> Me:
        """Check the tokens: `Refusal` where Slack says no, `NotReachable` where it does not answer."""
        return await preflight(self.identity, self.client, self.access.app_token)

    def poster(
        self,
        store: Store,
        called: Called,
        now: Callable[[], datetime] = utc_now,
        make_pack: MakePack | None = None,
        leads: Callable[[], bool] = lambda: True,
    ) -> Poster:
        """Return the poster. Its client repeats nothing by itself: a message may stand already, and all would wait.

        Without `make_pack` no evidence is put into threads. It posts only while `leads` says so.
        """
        return Poster(store, self._sender, self.identity, called, now, make_pack, leads)

    def bolt(self, cases: Cases) -> AsyncApp:
        """Return the Bolt app with all listeners. Its requests are authorized without a call to Slack."""
        logger = logging.getLogger("slack_bolt")
        logger.addFilter(_is_news)
        app = AsyncApp(
            name="offboard",
            logger=logger,
            client=AsyncWebClient(base_url=self.access.api_url, session=self._session),
            signing_secret=signing_secret(self.access),
            authorize=authorizer(self.identity, self.access.bot_token),
        )
        register(app, self.client, cases, self.tasks)
        return app

    async def aclose(self, seconds: float = 5.0) -> None:
        """Let running answers end, then close the connections."""
        await self.tasks.drain(seconds)
        await self._session.close()

    def _client(self, handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
        token = self.access.bot_token.get_secret_value()
        return AsyncWebClient(
            token=token, base_url=self.access.api_url, session=self._session, timeout=_SECONDS, retry_handlers=handlers
        )


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line tells anything: that Bolt ignores SLACK_BOT_TOKEN, which it reads by itself, is as we want it."""
    return "`token` will be unused" not in str(record.msg)


def signing_secret(access: SlackAccess) -> str:
    """Return what Slack signs with; Socket Mode needs none. An empty one would let anybody sign, so HTTP needs one."""
    secret = access.signing_secret.get_secret_value() if access.signing_secret else ""
    if not secret and access.app_token is None:
        raise ConfigurationError("SLACK_SIGNING_SECRET: needed where SLACK_APP_TOKEN is not set")
    return secret


def authorizer(identity: Identity, bot_token: SecretStr) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Return what lets Bolt authorize a request without a call to Slack. Bolt passes arguments by their names."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        me = await identity.me()
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id or me.team_id,
            bot_user_id=me.user_id,
            bot_id=me.bot_id,
            bot_token=bot_token.get_secret_value(),
        )

    return authorize


def hasty_handlers() -> list[AsyncRetryHandler]:
    """Return the retries for what a click waits for: waiting out a rate limit would carry it out when nobody looks."""
    return [AsyncConnectionErrorRetryHandler(max_retry_count=1)]


def patient_handlers() -> list[AsyncRetryHandler]:
    """Return the retries for calls that may be repeated; the SDK by itself retries no 429."""
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=1),
        AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        AsyncServerErrorRetryHandler(max_retry_count=1),
    ]
