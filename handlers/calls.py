"""What people press on messages that time has brought: a new request in place of an old one, a database put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from handlers import forms, ids
from handlers.answers import Answers, asked
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Press
from handlers.views.calls import go_on_dialog
from handlers.views.intake import request_modal
from handlers.views.replies import NOT_OPENED

_NO_CASE = Said(ok=False, text="There is no such case that you may see. Nothing was done.")
_REDACTED = Said(ok=False, text="What was personal in this case is deleted by now. Ask with a new request instead.")


class Calls:
    """Ask again, and Go on with this database."""

    def __init__(self, cases: Cases, dialogs: Dialogs, answers: Answers) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._answers = answers

    async def ask_again(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Open a request that is filled in with the same person, for somebody who may ask and sees the old one."""
        press = forms.press(body)
        forms.case_of(press.target, ids.AGAIN)
        said = await asked(self._ask_again(press))
        await ack()
        self._answers.tell(press.response_url, said, press.thread_ts)

    async def _ask_again(self, press: Press) -> Said:
        who, case_id = press.actor, press.target.case_id
        allowed = await self._cases.may_ask(who.user_id, who.team_id)
        if not allowed.ok:
            return allowed
        view = await self._cases.status(case_id, who.user_id, who.team_id)
        if view is None:
            await self._cases.turned_away(
                "ask again", who.user_id, who.team_id, "no such case that this person may see"
            )
            return _NO_CASE
        if view.case.redacted_at is not None:
            return _REDACTED
        leaver = view.case.leaver
        mail = leaver.mails[0].value if leaver.mails else ""
        modal = request_modal(self._cases.connected(), leaver.slack_id, mail)
        shown = await self._dialogs.open(press.trigger_id, modal, press.actor.user_id)
        return Said(ok=True, text="") if shown else NOT_OPENED

    async def go_on(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Open the dialog for the reason, for an admin."""
        press = forms.press(body)
        forms.case_of(press.target, ids.DATABASE)
        said = await asked(self._go_on(press))
        await ack()
        self._answers.tell(press.response_url, said, press.thread_ts)

    async def _go_on(self, press: Press) -> Said:
        said = await self._cases.may_go_on(press.actor.user_id, press.actor.team_id)
        if not said.ok:
            return said
        shown = await self._dialogs.open(press.trigger_id, go_on_dialog(press.value), press.actor.user_id)
        return Said(ok=True, text="") if shown else NOT_OPENED

    async def went_on(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        found = forms.answer(body)
        forms.case_of(found.target, ids.DATABASE)
        said = await asked(self._cases.go_on(found.actor.user_id, found.actor.team_id, found.words))
        await (ack() if said.ok else ack(response_action="errors", errors={ids.WORDS: said.text}))
