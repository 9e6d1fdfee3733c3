"""Where an act in Slack came from: a message or a dialog that the bot wrote, or somebody's forgery.

Whoever holds the bot's token can post a message with any button; what it says need not be what pressing it does. So a
click counts only in a message of the outbox, and a form only where a dialog of ours was opened for that person.
"""

from __future__ import annotations

from datetime import datetime

from bot.cases.desk import Desk, count_refusal, person_of_click
from bot.cases.said import Said
from bot.model import Person
from bot.ports import DialogUse, OpenedDialog, PostedMessage, Tx
from bot.quiet import candidates, tell, told_directly

FORGED = Said(ok=False, text="This is not a message or form that I wrote. Nothing was done. Your admins are told.")
FORGED_NOWHERE = Said(
    ok=False, text="This is not a message or form that I wrote. Nothing was done. Please tell your admins."
)
"""Where the forgery is about no case: it is counted, and no message about it goes to the admins."""
MOVED = Said(ok=False, text="This case is told in another place now. Use its newest messages. Nothing was done.")
CHANGING = Said(ok=False, text="The message was just changing. Look at it again, then press again. Nothing was done.")
ALARM = "forged:"
"""With which the key of the message begins that tells admins of a forgery."""


class Origins(Desk):
    """Answers where things stand, and raises the alarm where something stands that the bot did not write."""

    __slots__ = ()

    async def messages_at(self, case_id: int, channel: str, ts: str) -> tuple[PostedMessage, ...]:
        """Return the message of a case that stands at this place, and those that are being posted at the moment."""
        return await self.store.messages_at(case_id, channel, ts)

    async def redraw(self, posted: PostedMessage) -> None:
        """Let a message be drawn anew: what stands there is not what was drawn, or is just being edited."""
        async with self.store.begin(ahead=True) as tx:
            await tx.want(posted.case_id, posted.key)
        self.reporter.wake()

    async def keep_dialog(self, dialog: OpenedDialog) -> None:
        """Note a dialog that is being opened."""
        async with self.store.begin(ahead=True) as tx:
            await tx.keep_dialog(dialog)

    async def is_dialog_open(self, dialog: OpenedDialog) -> bool:
        """Whether a dialog was opened just so and not used: for a button that stands in it."""
        return await self.store.is_dialog_open(dialog)

    async def use_dialog(self, dialog: OpenedDialog) -> DialogUse:
        """Use a dialog up, once."""
        async with self.store.begin(ahead=True) as tx:
            return await tx.use_dialog(dialog)

    async def reopen_dialog(self, dialog: OpenedDialog) -> None:
        """Let a dialog that stayed open be submitted once more."""
        async with self.store.begin(ahead=True) as tx:
            await tx.reopen_dialog(dialog)

    async def has_moved(self, case_id: int, channel: str) -> bool:
        """Whether this is one of our channels, in which the case was told and is no longer."""
        case = await self.store.case(case_id)
        return case is not None and channel != case.channel and channel in candidates(self.room)

    async def forged(self, case_id: int, act: str, user_id: str, team_id: str, where: str) -> Said:
        """Put a forgery into the audit, and tell the admins of a case's first one within an hour."""
        person = await person_of_click(self, user_id, team_id)
        case = await self.store.case(case_id) if case_id else None
        admins = await told_directly(self.people, self.policy, case.leaver) if case is not None else ()
        async with self.store.begin(ahead=True) as tx:
            if case is None:
                await count_refusal(tx, act, person, "not a place that the bot wrote, and no such case")
            else:
                facts = {"act": act, "user": user_id, "team": team_id, "where": where}
                await tx.audit(case.id, "forged click", facts, {})
                await self._alarm(tx, case.id, person, act, admins)
        self.reporter.wake()
        return FORGED if case is not None else FORGED_NOWHERE

    async def _alarm(self, tx: Tx, case_id: int, person: Person, act: str, admins: tuple[str, ...]) -> None:
        hour = f"{ALARM}{_hour(await tx.now())}"
        if await tx.note_once(case_id, hour):
            await tell(tx, case_id, hour, admins, alarm(act, person))


def alarm(act: str, person: Person) -> str:
    """Return what admins are told of a button or form that the bot did not write; `act` is its id."""
    who = f"{person.name} ({person.user_id})" if person.name else person.user_id
    named = act.removeprefix("offboard_").replace("_", " ").capitalize()
    return (
        f"{who} pressed a button or sent a form that I did not write. It would have counted as “{named}”. Nothing was "
        "done. Somebody may hold my bot token and show people buttons that do not say what they do: rotate the token "
        "in Slack, restart me, and run offboard doctor."
    )


def _hour(at: datetime) -> str:
    return f"{at:%Y%m%d%H}"
