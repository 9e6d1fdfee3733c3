"""Submitted dialogs: the request, and the reasons behind Decline, Mark done and Skip."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

import aiohttp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import Denied, Form, Opened, Said
from handlers import forms, ids
from handlers.answers import asked
from handlers.domain import Cases
from handlers.forms import Actor
from handlers.views.replies import field_errors

_LINK_SECONDS = 1.0
"""Slack waits three seconds for all of it, and the sentence is of use without the link."""


class Modal:
    """What comes back from dialogs. A refusal stands under the field it is about; otherwise the dialog closes."""

    def __init__(self, cases: Cases, client: AsyncWebClient) -> None:
        self._cases = cases
        self._client = client

    async def request(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        form = forms.request(body)
        wrong = await self._open(form, forms.actor(body)) if isinstance(form, Form) else field_errors(form)
        await (ack(response_action="errors", errors=wrong) if wrong else ack())

    async def _open(self, form: Form, who: Actor) -> dict[str, str]:
        opened: Opened | tuple[Denied, ...] | Said = await asked(self._cases.open(form, who.user_id, who.team_id))
        if isinstance(opened, Said):
            return {ids.EMAIL: opened.text}
        return {} if isinstance(opened, Opened) else field_errors([await self._with_link(one) for one in opened])

    async def _with_link(self, denied: Denied) -> Denied:
        """Add the address of the case that stands in the way, where Slack tells it in time."""
        place = await self._cases.place(denied.case_id) if denied.case_id is not None else None
        if place is None:
            return denied
        try:
            async with asyncio.timeout(_LINK_SECONDS):
                answer = await self._client.chat_getPermalink(channel=place[0], message_ts=place[1])
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            return denied
        return replace(denied, text=f"{denied.text} {answer.get('permalink') or ''}".rstrip())

    async def decline(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        found = forms.answer(body)
        on, who = found.target, found.actor
        declined = self._cases.decline(on.case_id, on.turn, on.digest, who.user_id, who.team_id, found.words)
        await _settle(ack, declined, clear=True)

    async def mark_done(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        found = forms.answer(body)
        on, who = found.target, found.actor
        await _settle(ack, self._cases.mark_done(on.case_id, on.system, who.user_id, who.team_id, found.words))

    async def skip(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        found = forms.answer(body)
        on, who = found.target, found.actor
        await _settle(ack, self._cases.skip(on.case_id, on.system, who.user_id, who.team_id, found.words))


async def _settle(ack: AsyncAck, call: Awaitable[Said], *, clear: bool = False) -> None:
    """Close the dialog (with all below it for `clear`), or write under its one field why it was not done."""
    said = await asked(call)
    if not said.ok:
        await ack(response_action="errors", errors={ids.WORDS: said.text})
    elif clear:
        await ack(response_action="clear")
    else:
        await ack()
