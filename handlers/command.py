"""The slash command: read, ask once, acknowledge with the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from bot.domain.identifier_list import find_problem
from bot.model import CaseView
from handlers import forms
from handlers.answers import asked
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Order, Verb
from handlers.views.brakes import glass_dialog
from handlers.views.intake import request_modal
from handlers.views.message import Message
from handlers.views.replies import NOT_OPENED, help_reply, list_reply, no_case_reply, reply, status_reply


class Command:
    """`/offboard` and what may follow it."""

    def __init__(self, cases: Cases, dialogs: Dialogs) -> None:
        self._cases = cases
        self._dialogs = dialogs

    async def listen(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Answer in the acknowledgement, so that the answer reaches the caller alone and cannot get lost."""
        said = await asked(self._answer(forms.order(body)))
        message = reply(said) if isinstance(said, Said) else said
        if message is None:
            await ack()
        else:
            await ack(text=message.text, blocks=list(message.blocks), response_type="ephemeral")

    async def _answer(self, order: Order) -> Message | None:
        match order.verb:
            case Verb.OPEN:
                return await self._open(order)
            case Verb.LIST:
                return list_reply(await self._cases.visible(order.actor.user_id, order.actor.team_id))
            case Verb.STATUS:
                return await self._status(order)
            case Verb.HELP:
                return help_reply(order.words)
            case _:
                return await self._act(order)

    async def _open(self, order: Order) -> Message | None:
        said = await self._cases.may_ask(order.actor.user_id, order.actor.team_id)
        if not said.ok:
            return reply(said)
        problem = find_problem(order.email)
        if problem:
            return reply(Said(ok=False, text=f"{problem} Nothing was opened."))
        modal = request_modal(self._cases.connected(), order.person, order.email)
        return None if await self._dialogs.open(order.trigger_id, modal, order.actor.user_id) else reply(NOT_OPENED)

    async def _status(self, order: Order) -> Message:
        who = order.actor
        view = await self._cases.read_status(order.case_id, who.user_id, who.team_id) if order.case_id else None
        return status_reply(view) if view else await self._no_case(order)

    async def _act(self, order: Order) -> Message | None:
        """Do something to a case that this person may see; of another one they are not even told that it exists."""
        who = order.actor
        view = await self._cases.status(order.case_id, who.user_id, who.team_id) if order.case_id else None
        if view is None:
            await self._cases.turned_away(order.verb, who.user_id, who.team_id, "no such case that this person may see")
            return await self._no_case(order)
        if order.verb is Verb.BREAK_GLASS:
            return await self._break_glass(order, view)
        return reply(await self._done(order, view.case.id))

    async def _done(self, order: Order, case_id: int) -> Said:
        who = (order.actor.user_id, order.actor.team_id)
        match order.verb:
            case Verb.CANCEL:
                return await self._cases.cancel(case_id, *who)
            case Verb.WITHDRAW:
                return await self._cases.withdraw(case_id, *who)
            case Verb.STOP:
                return await self._cases.stop(case_id, *who)
            case _:
                return await self._cases.release(case_id, *who, order.reason)

    async def _break_glass(self, order: Order, view: CaseView) -> Message | None:
        """Open the dialog for the reason and the second confirmation, for an admin."""
        said = await self._cases.may_break_glass(view.case.id, order.actor.user_id, order.actor.team_id)
        if not said.ok or view.open_plan is None:
            return reply(said)
        dialog = glass_dialog(view, view.open_plan, needs_code=said.needs_code)
        opened = await self._dialogs.open(order.trigger_id, dialog, order.actor.user_id)
        return None if opened else reply(NOT_OPENED)

    async def _no_case(self, order: Order) -> Message:
        return no_case_reply(order.words, await self._cases.visible(order.actor.user_id, order.actor.team_id))
