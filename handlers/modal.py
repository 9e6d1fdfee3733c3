"""Submitted dialogs: the request, and the reasons behind Decline, Mark done and Skip."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Denied, Form, Opened, Said
from handlers import forms, ids
from handlers.answers import asked
from handlers.directly import Directly
from handlers.domain import Cases
from handlers.forms import Actor
from handlers.links import Links
from handlers.views.replies import field_errors


class Modal:
    """What comes back from dialogs. A refusal stands under the field it is about; otherwise the dialog closes."""

    def __init__(self, cases: Cases, links: Links, directly: Directly) -> None:
        self._cases = cases
        self._links = links
        self._directly = directly

    async def request(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        form = forms.request(body)
        wrong = await self._open(form, forms.actor(body)) if isinstance(form, Form) else field_errors(form)
        await (ack(response_action="errors", errors=wrong) if wrong else ack())

    async def _open(self, form: Form, who: Actor) -> dict[str, str]:
        opened: Opened | tuple[Denied, ...] | Said = await asked(self._cases.open(form, who.user_id, who.team_id))
        if isinstance(opened, Said):
            return {ids.EMAIL: opened.text}
        if isinstance(opened, Opened):
            return {}
        self._directly.tell(opened)
        return field_errors([await self._with_link(one) for one in opened])

    async def _with_link(self, denied: Denied) -> Denied:
        """Add the address of the case that stands in the way, where Slack tells it in time."""
        if denied.case_id is None:
            return denied
        link = (await self._links.of([denied.case_id])).get(denied.case_id, "")
        return replace(denied, text=f"{denied.text} {link}".rstrip())

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
