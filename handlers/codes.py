"""The dialog that asks for the code of an authenticator app before an approval counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from handlers import forms, ids
from handlers.answers import asked
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Answer, Press
from handlers.reviews import drawn_anew
from handlers.tasks import Tasks
from handlers.views.dialogs import code_dialog, told_dialog
from handlers.views.replies import NOT_OPENED
from handlers.views.review import reviewed_dialog


class Codes:
    """Asks for a code after Approve was pressed, and approves with it."""

    def __init__(self, cases: Cases, dialogs: Dialogs, tasks: Tasks) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._tasks = tasks

    async def ask(self, press: Press) -> Said:
        """Open the dialog; on top, where the button stood in a dialog."""
        show = self._dialogs.push if press.view_id else self._dialogs.open
        opened = await show(press.trigger_id, code_dialog(press.value), press.actor.user_id)
        return Said(ok=True, text="") if opened else NOT_OPENED

    async def given(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Approve with the code and say so in the dialog, or write under its field why nothing was done."""
        found = forms.answer(body, ids.CODE)
        below = forms.view_below(body)
        said = await asked(self._approve(found, below, str(body.get("trigger_id") or "")))
        if not said.ok:
            await ack(response_action="errors", errors={ids.CODE: said.text})
        elif below:
            await ack()
            shown = reviewed_dialog(found.target.case_id, said.text)
            self._tasks.spawn(self._update(below, shown), "answer in a dialog")
        else:
            await ack(response_action="update", view=told_dialog(said.text))

    async def _approve(self, found: Answer, below: str, click: str) -> Said:
        on, who = found.target, found.actor
        shown = partial(drawn_anew, on, below)
        return await self._cases.approve(
            on.case_id, on.turn, on.digest, who.user_id, who.team_id, shown, click=click, code=found.words
        )

    async def _update(self, view_id: str, view: dict[str, Any]) -> None:
        await self._dialogs.update(view_id, view)
