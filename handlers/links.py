"""Addresses of cases in Slack, asked for once and only as long as there is time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.domain import Cases

_SECONDS = 1.0
"""Slack waits three seconds for a whole answer, and whatever is said is of use without the links."""
_KEPT = 1000
_AT_ONCE = 5


class Links:
    """Where the root message of a case can be read ("chat.getPermalink"). Such an address never changes."""

    def __init__(self, cases: Cases, client: AsyncWebClient) -> None:
        self._cases = cases
        self._client = client
        self._known: dict[int, str] = {}

    async def of(self, case_ids: Iterable[int]) -> Mapping[int, str]:
        """Return the addresses that Slack told within a second; never raises for Slack's sake."""
        wanted = list(dict.fromkeys(case_ids))
        missing = [case_id for case_id in wanted if case_id not in self._known]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS):
                for start in range(0, len(missing), _AT_ONCE):
                    await asyncio.gather(*(self._ask(case_id) for case_id in missing[start : start + _AT_ONCE]))
        return {case_id: self._known[case_id] for case_id in wanted if case_id in self._known}

    async def _ask(self, case_id: int) -> None:
        place = await self._cases.place(case_id)
        if place is None:
            return
        try:
            answer = await self._client.chat_getPermalink(channel=place[0], message_ts=place[1])
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            return
        while len(self._known) >= _KEPT:
            self._known.pop(next(iter(self._known)))
        self._known[case_id] = str(answer.get("permalink") or "")
