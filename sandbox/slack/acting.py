"""One person at the workspace: everything they can do, and everything that only they see."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack import commands, modals, presses
from sandbox.slack.desk import Desk
from sandbox.slack.people import Person
from sandbox.slack.records import Message, Result, View


class Acting:
    """Each act raises `NotPossible` where Slack would not let this person do it, and else returns what they saw."""

    def __init__(self, desk: Desk, user: str) -> None:
        self._desk = desk
        self.user = user

    @property
    def person(self) -> Person:
        return self._desk.backend.person(self.user)

    @property
    def commands(self) -> frozenset[str]:
        """The slash commands that the app has registered."""
        return self._desk.commands

    async def command(self, text: str, channel: str = "C0CASES") -> Result:
        """Type a slash command, e.g. "/offboard @dana" or "/offboard dana@acme.test"."""
        return await commands.command(self._desk, self.user, text, channel)

    async def press(
        self,
        message: Message,
        action_id: str,
        *,
        block_id: str | None = None,
        value: object = None,
        forged: bool = False,
    ) -> Result:
        """Press a button, or pick `value` in a menu; `value` also tells buttons with one action id apart.

        A message value from before an edit is a press that crossed the edit. `forged` presses a button that is
        hidden from this person (`visible_to_user_ids`), as a hostile client could.
        """
        return await presses.press(self._desk, self.user, message, action_id, block_id, value, forged=forged)

    async def submit(self, view: View, values: Mapping[str, Any] | None = None) -> Result:
        """Fill in the modal and submit it. Keys are the labels a person sees (or block_id, or action_id).

        Values: text; an option's value or text (a list of them where several can be picked); a user id; a date
        "2026-11-30"; seconds of the epoch. Inputs that are not named keep what they hold.
        """
        return await modals.submit(self._desk, self.user, view, values or {})

    async def close(self, view: View) -> Result:
        return await modals.close(self._desk, self.user, view)

    async def press_in_view(
        self,
        view: View,
        action_id: str,
        *,
        block_id: str | None = None,
        value: object = None,
        values: Mapping[str, Any] | None = None,
    ) -> Result:
        """Press or pick in a modal or the Home tab; `values` is what was typed before, as in `submit`."""
        entered = dict(values or {})
        return await presses.press_in_view(self._desk, self.user, view, action_id, block_id, value, entered)

    async def open_home(self) -> View | None:
        """Open the app's Home tab; None when the app publishes none within three seconds."""
        return await commands.open_home(self._desk, self.user)

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Result:
        return await commands.shortcut(self._desk, self.user, callback_id, message)

    def say(self, text: str, channel: str = "C0CASES", thread_ts: str | None = None) -> Message:
        """Post an ordinary message."""
        return commands.speak(self._desk, self.user, text, channel, thread_ts)

    def buttons(self, message: Message) -> list[str]:
        """Return the labels of the buttons this person sees in the message."""
        return presses.buttons(message, self.user)

    @property
    def ephemerals(self) -> list[Message]:
        """What only this person saw, oldest first: command answers, ephemeral posts, private responses."""
        return [m for m in self._desk.backend.state.ephemerals if m.ephemeral_for == self.user]

    @property
    def dms(self) -> list[Message]:
        """The direct conversation with the bot, oldest first."""
        return self._desk.backend.state.all_in(self._desk.backend.state.dm_of(self.user).id)

    @property
    def open_view(self) -> View | None:
        """The modal in front."""
        return self._desk.backend.screens.top(self.user)

    @property
    def home(self) -> View | None:
        return self._desk.backend.screens.home(self.user)

    @property
    def notified(self) -> list[Message]:
        """The messages of which Slack notified this person, oldest first."""
        return sorted((m for m in self._desk.backend.state.everything() if self.user in m.notified), key=lambda m: m.ts)
