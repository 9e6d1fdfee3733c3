"""A click counts only from a place that the bot wrote. Stands before every listener of a button or of a form."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cases import Said
from bot.cases.origins import CHANGING, MOVED
from bot.ports import DialogUse, OpenedDialog, PostedMessage
from handlers import forms, ids
from handlers.answers import Answers, asked
from handlers.dialogs import sealed_as
from handlers.domain import Cases
from handlers.forms import Press
from handlers.shown import digest_of
from handlers.views.dialogs import told_dialog

Listener = Callable[..., Awaitable[None]]
Body = Mapping[str, Any]

MESSAGES: Final[Mapping[str, tuple[str, ...]]] = {
    ids.APPROVE: ("plan:{turn}",),
    ids.DECLINE: ("plan:{turn}",),
    ids.REVIEW: ("plan:{turn}",),
    ids.WITHDRAW: ("plan:{turn}",),
    ids.CHOOSE: ("plan:{turn}",),
    ids.CANCEL: ("plan:", "held:"),
    ids.RELEASE: ("held:",),
    ids.STOP: ("progress",),
    ids.RETRY: ("progress",),
    ids.MARK_DONE: ("progress",),
    ids.SKIP: ("progress",),
    ids.ASK_AGAIN: ("expired", "dm:expired"),
    ids.GO_ON: ("dm:restored:",),
    ids.NOTHING_TO_REMOVE: ("nothing",),
    ids.CORRECT_ADDRESS: ("nothing",),
}
"""Which messages carry a button: keys of the outbox, or what they begin with where they end with a colon."""
DIALOGS: Final[Mapping[str, str]] = {
    ids.APPROVE: ids.PLAN_VIEW,
    ids.DECLINE: ids.PLAN_VIEW,
    ids.NOTHING_TO_REMOVE: ids.NOTHING_VIEW,
}
"""Buttons that also stand in a dialog, which shows what a discreet case keeps out of the channel."""
_TRIES: Final = 20
_PAUSE: Final = 0.05
"""Seconds between two looks at a message that is just being posted or edited; a second in all."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a button was pressed, and what stood there."""

    channel: str
    ts: str
    shown: str


class Stands(Enum):
    """What stands where a button was pressed: ours, ours and just being posted or edited, or somebody else's."""

    OURS = "ours"
    CHANGING = "changing"
    FOREIGN = "foreign"


class OriginGuard:
    """Wraps listeners: what does not come from a message or dialog of ours is told to its presser and to the admins."""

    def __init__(self, cases: Cases, answers: Answers) -> None:
        self._cases = cases
        self._answers = answers

    def press(self, action_id: str, listener: Listener) -> Listener:
        """Return the listener of a button behind the check of where it stands."""

        async def listen(ack: AsyncAck, body: Body) -> None:
            said = await asked(self._judge_press(action_id, forms.press(body), body))
            if said is None:
                await listener(ack=ack, body=body)
                return
            await ack()
            self._answers.tell(forms.response_url(body), said, forms.click_thread(body))

        return listen

    def submission(self, callback_id: str, listener: Listener) -> Listener:
        """Return the listener of a form behind the check that it was opened, for this person, and not sent before."""

        async def listen(ack: AsyncAck, body: Body) -> None:
            dialog = opened_dialog(body)
            use = await asked(self._use(callback_id, dialog, body))
            if isinstance(use, Said):
                await ack(response_action="update", view=told_dialog(use.text))
            elif use is DialogUse.AGAIN:
                await ack()
            else:
                answered = _Answered(ack)
                await listener(ack=answered, body=body)
                if answered.has_errors:
                    await asked(self._cases.reopen_dialog(dialog))

        return listen

    async def _use(self, callback_id: str, dialog: OpenedDialog, body: Body) -> DialogUse | Said:
        is_ours = body["view"].get("type") == "modal" and dialog.callback_id == callback_id
        use = await self._cases.use_dialog(dialog) if is_ours else DialogUse.FOREIGN
        if use is not DialogUse.FOREIGN:
            return use
        return await self._cases.forged(_case_of(dialog.subject), callback_id, *_who(body), "a form")

    async def _judge_press(self, action_id: str, press: Press, body: Body) -> Said | None:
        """Return why a click does not count, or None where it comes from a place of ours."""
        if press.view_id:
            return await self._judge_in_dialog(action_id, body)
        case_id = press.target.case_id
        place = Place(*forms.place(body), digest_of((body.get("message") or {}).get("blocks") or ()))
        keys = [key.format(turn=press.target.turn) for key in MESSAGES[action_id]]
        for _ in range(_TRIES):
            found = await self._cases.messages_at(case_id, place.channel, place.ts)
            stands = judge(found, place, keys)
            if stands is not Stands.CHANGING:
                break
            await asyncio.sleep(_PAUSE)
        if stands is Stands.OURS:
            return None
        if stands is Stands.CHANGING:
            return await self._draw_again(found, keys)
        if await self._cases.has_moved(case_id, place.channel):
            return MOVED
        return await self._cases.forged(case_id, action_id, *_who(body), "a message")

    async def _draw_again(self, found: Sequence[PostedMessage], keys: Sequence[str]) -> Said:
        """Let what does not show what was drawn be drawn anew; whoever pressed reads it and presses again."""
        for posted in found:
            if not posted.is_pending and _carries(posted.key, keys):
                await self._cases.redraw(posted)
        return CHANGING

    async def _judge_in_dialog(self, action_id: str, body: Body) -> Said | None:
        dialog, value = opened_dialog(body), str(body["actions"][0].get("value") or "")
        is_ours = (
            body["view"].get("type") == "modal"
            and dialog.callback_id == DIALOGS.get(action_id)
            and (dialog.subject == value or dialog.subject.startswith(f"{value}:"))
        )
        if is_ours and await self._cases.is_dialog_open(dialog):
            return None
        return await self._cases.forged(forms.target(value).case_id, action_id, *_who(body), "a dialog")


class _Answered:
    """Acknowledges, and remembers whether the dialog stays open because a field is wrong."""

    def __init__(self, ack: AsyncAck) -> None:
        self._ack = ack
        self.has_errors = False

    async def __call__(self, **answer: Any) -> None:  # noqa: ANN401 — passed on as it is
        self.has_errors = answer.get("response_action") == "errors"
        await self._ack(**answer)


def opened_dialog(body: Body) -> OpenedDialog:
    """Return which dialog a payload says that it comes from."""
    view = body["view"]
    subject, nonce = sealed_as(str(view.get("private_metadata") or ""))
    return OpenedDialog(str(view.get("callback_id") or ""), nonce, forms.actor(body).user_id, subject)


def judge(found: Sequence[PostedMessage], place: Place, keys: Sequence[str]) -> Stands:
    """Return whether one of these messages stands at the place, carries the button, and shows what was drawn."""
    here = [posted for posted in found if not posted.is_pending]
    ours = [posted for posted in here if _carries(posted.key, keys)]
    if any(place.shown in posted.drawn.split() for posted in ours):
        return Stands.OURS
    being_posted = not here and any(_carries(posted.key, keys) for posted in found)
    return Stands.CHANGING if ours or being_posted else Stands.FOREIGN


def _carries(key: str, keys: Sequence[str]) -> bool:
    whole = key.partition("#")[0]
    return any(whole == one or (one.endswith(":") and whole.startswith(one)) for one in keys)


def _who(body: Body) -> tuple[str, str]:
    actor = forms.actor(body)
    return actor.user_id, actor.team_id


def _case_of(subject: str) -> int:
    try:
        return forms.target(subject).case_id
    except forms.Unreadable:
        return 0
