"""The buttons and dialogs of the brakes: stop, withdraw, choose, release, break-glass."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from bot.choice import Chosen
from bot.model import CaseView
from handlers import brake_forms, forms, ids
from handlers.answers import Answers, asked
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Press
from handlers.views.brakes import release_dialog
from handlers.views.choosing import choose_dialog
from handlers.views.plan import plan_of
from handlers.views.replies import NOT_OPENED

_GONE = Said(ok=False, text="There is no such plan that you may see. Nothing was done.")


class Brakes:
    """What people press to hold a case up, to let it go on, or to say whose an account is."""

    def __init__(self, cases: Cases, dialogs: Dialogs, answers: Answers) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._answers = answers

    async def stop(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        press = forms.press(body)
        who, case_id = press.actor, forms.case_of(press.target, ids.RUN)
        await self._do(ack, press, self._cases.stop(case_id, who.user_id, who.team_id, press.trigger_id))

    async def cancel(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        press = forms.press(body)
        who, case_id = press.actor, forms.case_of(press.target, ids.WHOLE)
        await self._do(ack, press, self._cases.cancel(case_id, who.user_id, who.team_id))

    async def withdraw(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        press = forms.press(body)
        on, who = press.target, press.actor
        withdrawn = self._cases.withdraw(
            on.case_id, who.user_id, who.team_id, of=(on.turn, on.digest), click=press.trigger_id
        )
        await self._do(ack, press, withdrawn)

    async def choose(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Open the dialog with the accounts for somebody who may choose."""
        press = forms.press(body)
        await self._do(ack, press, self._choose(press))

    async def _choose(self, press: Press) -> Said:
        on, who = press.target, press.actor
        said = await self._cases.may_choose(on.case_id, on.turn, on.digest, who.user_id, who.team_id)
        if not said.ok:
            return said
        view = await self._cases.status(on.case_id, who.user_id, who.team_id)
        plan = plan_of(view, on.turn) if view else None
        if view is None or plan is None:
            return _GONE
        shown = await self._dialogs.open(press.trigger_id, choose_dialog(view, plan), press.actor.user_id)
        return Said(ok=True, text="") if shown else NOT_OPENED

    async def release(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Open the dialog for the reason, for an admin."""
        press = forms.press(body)
        forms.case_of(press.target, ids.HELD)
        await self._do(ack, press, self._release(press))

    async def _release(self, press: Press) -> Said:
        who, case_id = press.actor, press.target.case_id
        said = await self._cases.may_release(case_id, who.user_id, who.team_id)
        if not said.ok:
            return said
        shown = await self._dialogs.open(press.trigger_id, release_dialog(press.value), press.actor.user_id)
        return Said(ok=True, text="") if shown else NOT_OPENED

    async def _do(self, ack: AsyncAck, press: Press, act: Awaitable[Said]) -> None:
        said = await asked(act)
        await ack()
        self._answers.tell(press.response_url, said, press.thread_ts)

    async def chosen(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        found = brake_forms.chosen(body)
        said = await asked(self._chosen(found))
        await _close(ack, said, ids.WORDS)

    async def _chosen(self, found: brake_forms.Chosen) -> Said:
        on, who = found.target, found.actor
        view = await self._cases.status(on.case_id, who.user_id, who.team_id)
        accounts = _accounts(view, on.turn, found.places) if view else ()
        return await self._cases.choose(
            on.case_id, on.turn, on.digest, who.user_id, who.team_id, accounts, found.reason
        )

    async def released(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        found = forms.answer(body)
        who, case_id = found.actor, forms.case_of(found.target, ids.HELD)
        said = await asked(self._cases.release(case_id, who.user_id, who.team_id, found.words))
        await _close(ack, said, ids.WORDS)

    async def broken(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        found = brake_forms.broken(body)
        on, who = found.target, found.actor
        said = await asked(
            self._cases.break_glass(
                on.case_id, on.turn, on.digest, who.user_id, who.team_id, found.reason, found.typed, found.code
            )
        )
        await _close(ack, said, ids.CODE if said.needs_code else ids.ADDRESS)


def _accounts(view: CaseView, turn: int, places: tuple[tuple[int, int], ...]) -> tuple[Chosen, ...]:
    """Return systems and ids of the accounts at these places of a plan; a place that is not there is left out."""
    plan = plan_of(view, turn)
    systems = plan.systems if plan else ()
    return tuple(
        (systems[system].name, systems[system].accounts[account].account.id)
        for system, account in places
        if system < len(systems) and account < len(systems[system].accounts)
    )


async def _close(ack: AsyncAck, said: Said, field: str) -> None:
    """Close the dialog, or write under its field why nothing was done."""
    await (ack() if said.ok else ack(response_action="errors", errors={field: said.text}))
