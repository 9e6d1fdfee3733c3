"""Pressed buttons: each reads, asks once, acknowledges, and answers the person privately."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from handlers import forms
from handlers.answers import Answers, asked
from handlers.codes import Codes
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Press
from handlers.reviews import all_shown
from handlers.tasks import Tasks
from handlers.views.blocks import Json
from handlers.views.dialogs import decline_dialog, mark_done_dialog, skip_dialog
from handlers.views.replies import NOT_OPENED
from handlers.views.review import reviewed_dialog


class Buttons:
    """The buttons of plans and of systems that need people."""

    def __init__(self, cases: Cases, dialogs: Dialogs, codes: Codes, answers: Answers, tasks: Tasks) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._codes = codes
        self._answers = answers
        self._tasks = tasks

    async def approve(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        press = forms.press(body)
        said = await asked(self._approve(press))
        if said.needs_code:
            said = await self._codes.ask(press)
        await ack()
        self._tell(press, said)

    async def _approve(self, press: Press) -> Said:
        on, who = press.target, press.actor
        shown = partial(all_shown, press)
        return await self._cases.approve(
            on.case_id, on.turn, on.digest, who.user_id, who.team_id, shown, click=press.trigger_id
        )

    async def decline(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        press = forms.press(body)
        on, who = press.target, press.actor
        allowed = self._cases.may_decide(on.case_id, on.turn, on.digest, who.user_id, who.team_id)
        await self._ask(ack, press, allowed, decline_dialog)

    async def retry(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        press = forms.press(body)
        on, who = press.target, press.actor
        said = await asked(self._cases.retry(on.case_id, on.system, who.user_id, who.team_id, click=press.trigger_id))
        await ack()
        self._tell(press, said)

    async def mark_done(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        await self._mend(ack, body, mark_done_dialog)

    async def skip(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        await self._mend(ack, body, skip_dialog)

    async def _mend(self, ack: AsyncAck, body: Mapping[str, Any], dialog: Callable[[str], Json]) -> None:
        press = forms.press(body)
        on, who = press.target, press.actor
        await self._ask(ack, press, self._cases.may_mend(on.case_id, on.system, who.user_id, who.team_id), dialog)

    async def _ask(self, ack: AsyncAck, press: Press, allowed: Awaitable[Said], dialog: Callable[[str], Json]) -> None:
        """Open a dialog for somebody who may; on top, where the button stood in a dialog."""
        said = await asked(allowed)
        if said.ok:
            show = self._dialogs.push if press.view_id else self._dialogs.open
            opened = await show(press.trigger_id, dialog(press.value), press.actor.user_id)
            said = Said(ok=True, text="") if opened else NOT_OPENED
        await ack()
        self._tell(press, said)

    def _tell(self, press: Press, said: Said) -> None:
        """Answer through the click, or in the dialog where the button stood in one. Never raises."""
        if press.view_id and said.text:
            self._tasks.spawn(self._tell_in_dialog(press, said), "answer in a dialog")
        else:
            self._answers.tell(press.response_url, said, press.thread_ts)

    async def _tell_in_dialog(self, press: Press, said: Said) -> None:
        await self._dialogs.update(press.view_id, reviewed_dialog(press.target.case_id, said.text))
