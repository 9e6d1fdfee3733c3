"""Submitted dialogs: the request, and the reasons behind Decline, Mark done and Skip."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Denied, Form, Opened, Said
from handlers import forms, ids
from handlers.answers import asked
from handlers.domain import Cases
from handlers.forms import Actor
from handlers.views.replies import field_errors


class Modal:
    """What comes back from dialogs. A refusal stands under the field it is about; otherwise the dialog closes."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    async def request(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        form = forms.request(body)
        wrong = await self._open(form, forms.actor(body)) if isinstance(form, Form) else field_errors(form)
        await (ack(response_action="errors", errors=wrong) if wrong else ack())

    async def _open(self, form: Form, who: Actor) -> dict[str, str]:
        opened: Opened | tuple[Denied, ...] | Said = await asked(self._cases.open(form, who.user_id, who.team_id))
        if isinstance(opened, Said):
            return {ids.EMAIL: opened.text}
        return {} if isinstance(opened, Opened) else field_errors(opened)

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
