"""The two answers where no system knows the person: Nothing to remove, and Correct the address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from bot.model import CaseView
from handlers import forms, ids
from handlers.answers import Answers, asked
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Press, Unreadable
from handlers.shown import flat
from handlers.tasks import Tasks
from handlers.views.nothing import correction_modal, nothing_dialog, nothing_messages
from handlers.views.replies import NOT_OPENED
from handlers.views.review import reviewed_dialog

_WORDS = frozenset({ids.NOTHING, ids.REVIEW})


class Confirmations:
    """Reads, asks once, acknowledges, and answers the person privately."""

    def __init__(self, cases: Cases, dialogs: Dialogs, answers: Answers, tasks: Tasks) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._answers = answers
        self._tasks = tasks

    async def nothing_to_remove(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Take the answer; in the channel of a discreet case, open the details first."""
        press = forms.press(body)
        if press.target.digest not in _WORDS:
            raise Unreadable("a button of ours has the value of another one")
        said = await asked(self._review(press) if press.target.digest == ids.REVIEW else self._confirm(press))
        await ack()
        self._tell(press, said)

    async def _confirm(self, press: Press) -> Said:
        on, who = press.target, press.actor
        shown = partial(all_shown, press)
        return await self._cases.confirm_nothing(
            on.case_id, on.turn, who.user_id, who.team_id, shown, click=press.trigger_id
        )

    async def _review(self, press: Press) -> Said:
        on, who = press.target, press.actor
        view = await self._cases.review_nothing(on.case_id, on.turn, who.user_id, who.team_id)
        if isinstance(view, Said):
            return view
        opened = await self._dialogs.open(press.trigger_id, nothing_dialog(view), press.actor.user_id)
        return Said(ok=True, text="") if opened else NOT_OPENED

    async def correct_address(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Open the request, filled in with what was asked before, for who asked."""
        press = forms.press(body)
        forms.case_of(press.target, ids.CORRECTED)
        said = await asked(self._correct(press))
        await ack()
        self._tell(press, said)

    async def _correct(self, press: Press) -> Said:
        who, case_id = press.actor, press.target.case_id
        view = await self._cases.may_correct(case_id, who.user_id, who.team_id)
        if isinstance(view, Said):
            return view
        allowed = await self._cases.may_ask(who.user_id, who.team_id)
        if not allowed.ok:
            return allowed
        modal = correction_modal(view.case, self._cases.connected())
        opened = await self._dialogs.open(press.trigger_id, modal, who.user_id)
        return Said(ok=True, text="") if opened else NOT_OPENED

    def _tell(self, press: Press, said: Said) -> None:
        """Answer through the click, or in the dialog where the button stood in one. Never raises."""
        if press.view_id and said.text:
            dialog = reviewed_dialog(press.target.case_id, said.text)
            self._tasks.spawn(self._update(press.view_id, dialog), "answer in a dialog")
        else:
            self._answers.tell(press.response_url, said, press.thread_ts)

    async def _update(self, view_id: str, dialog: dict[str, Any]) -> None:
        await self._dialogs.update(view_id, dialog)


def all_shown(press: Press, view: CaseView) -> str | None:
    """Return the text of all parts of the question; None where only initials were shown."""
    if view.case.discreet:
        return press.shown if press.view_id else None
    before = [] if press.is_whole else [list(part.blocks) for part in nothing_messages(view)[:-1]]
    return "\n".join([*map(flat, before), press.shown])
