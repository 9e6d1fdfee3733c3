"""Review: the whole plan of a discreet case, for those who could decide on it; each page that is opened is logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from bot.model import CaseView, Plan
from handlers import forms
from handlers.answers import Answers, asked
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Actor, Press, Target
from handlers.shown import flat
from handlers.views.blocks import Json
from handlers.views.plan import plan_messages, plan_of
from handlers.views.replies import NOT_OPENED
from handlers.views.review import review_pages, reviewed_dialog

_GONE = Said(ok=False, text="There is no such plan that you may see. Nothing was done.")


class Reviews:
    """The button in the thread, and Next in the dialog."""

    def __init__(self, cases: Cases, dialogs: Dialogs, answers: Answers) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._answers = answers

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Show the plan's first page to somebody who could decide on it."""
        press = forms.press(body)
        said = await asked(self._open(press))
        await ack()
        self._answers.tell(press.response_url, said, press.thread_ts)

    async def _open(self, press: Press) -> Said:
        page = await self._page(press.target, press.actor, 1)
        if isinstance(page, Said):
            return page
        shown = await self._dialogs.open(press.trigger_id, page, press.actor.user_id)
        return Said(ok=True, text="") if shown else NOT_OPENED

    async def next_page(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Show the page after the one that was gone through, or why it is not to be seen."""
        found = forms.answer(body)
        digest, _, number = found.target.digest.partition(":")
        target = Target(found.target.case_id, found.target.turn, digest)
        page = await asked(self._page(target, found.actor, int(number) if number.isdecimal() else 0))
        if isinstance(page, Said):
            view = reviewed_dialog(target.case_id, page.text)
        else:
            view = await self._dialogs.follow(page, found.actor.user_id)
        await ack(response_action="update", view=view)

    async def _page(self, on: Target, who: Actor, number: int) -> Json | Said:
        found = await self._cases.review(on.case_id, on.turn, on.digest, who.user_id, who.team_id, number)
        if isinstance(found, Said):
            return found
        plan = plan_of(found, on.turn)
        pages = review_pages(found, plan) if plan is not None else ()
        return pages[number - 1] if 0 < number <= len(pages) else _GONE


def all_shown(press: Press, view: CaseView) -> str | None:
    """Return the text of all parts of the plan: the buttons stand in the last one, and the others count too.

    None where only initials were shown: a discreet case is decided on in the dialog.
    """
    if view.case.discreet and not press.view_id:
        return None
    plan = plan_of(view, press.target.turn)
    if plan is None or press.is_whole:
        return press.shown
    before = _drawn(view, plan, in_dialog=bool(press.view_id))[:-1]
    return "\n".join([*map(flat, before), press.shown])


def drawn_anew(on: Target, below: str, view: CaseView) -> str | None:
    """Return the text of the plan of a dialog that was opened over it: that dialog does not show it itself.

    It is drawn of the stored plan that the dialog names by its digest. `below` is the dialog underneath, if any. None
    where there is no such plan, or where only initials were shown, as in `all_shown`.
    """
    plan = plan_of(view, on.turn)
    if plan is None or plan.digest != on.digest or (view.case.discreet and not below):
        return None
    return "\n".join(map(flat, _drawn(view, plan, in_dialog=view.case.discreet)))


def _drawn(view: CaseView, plan: Plan, *, in_dialog: bool) -> list[list[Json]]:
    """Return the blocks of each part of the plan, as they stand in the dialog or in the thread."""
    if in_dialog:
        return [page["blocks"] for page in review_pages(view, plan)]
    return [list(part.blocks) for part in plan_messages(view, plan.turn)]
