"""The people of one case: they ask, decide and go on asking until the bot has acknowledged what they said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bench.case import case_number
from sandbox.slack.workspace import Acting, Message, NotPossible, Result, View, Workspace
from sandbox.stage import CHANNEL
from sandbox.walk import Thread
from tests.crash.orders import Script
from tests.crash.scene import APPROVERS, ASKERS, Scene

PATIENCE = 300.0
"""Seconds that people wait for what the bot owes them before they call it lost."""


@dataclass(slots=True)
class Played:
    """One case as it was played. `approved` from the moment at which the last approval was on its way."""

    script: Script
    mail: str
    case_id: int = 0
    thread: Thread | None = None
    approved: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it was approved and has not ended, as far as people see."""
        return self.approved and self.thread is not None and not self.thread.closing()


@dataclass(frozen=True, slots=True)
class Crowd:
    """All the people. A person has one window of Slack: two cases do not use it at the same time."""

    scene: Scene
    played: list[Played] = field(default_factory=list)
    _windows: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return self.scene.play.workspace

    async def play(self, script: Script) -> None:
        """Bring one case to its end. Raises TimeoutError where the bot owes something for too long."""
        case = Played(script, self.scene.leavers[script.number - 1])
        self.played.append(case)
        asker = ASKERS[script.number % len(ASKERS)]
        async with self._window(asker):
            await self._ask(asker, case.mail)
        root = await self.workspace.until(lambda: self._root(case.mail), PATIENCE)
        case.thread = Thread(self.workspace, root.ts)
        case.case_id = case_number(self.workspace.text_of(root))
        await self.workspace.until(lambda: case.thread and case.thread.with_button("approve"), PATIENCE)
        await {"approve": self._approve, "decline": self._decline, "cancel": self._cancel}[script.decision](case)

    def _window(self, user: str) -> asyncio.Lock:
        return self._windows.setdefault(user, asyncio.Lock())

    def _root(self, mail: str) -> Message | None:
        roots = (message for message in self.workspace.messages(CHANNEL) if not message.thread_ts)
        return next((one for one in roots if mail in self.workspace.text_of(one)), None)

    async def _insist(self, act: Callable[[], Awaitable[Result]]) -> Result:
        """Do it again until it was acknowledged; while the bot is away, wait for it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.workspace.until(lambda: self.workspace.sockets.connections, PATIENCE)
                result = await act()
                if not result.error:
                    return result

    async def _ask(self, asker: str, mail: str) -> None:
        """Send the form: the same one again where its acknowledgement did not come."""
        asking = self.workspace.as_person(asker)
        view = await self._form(lambda: asking.command(f"/offboard {mail}"), asking)
        sent = await self._insist(lambda: asking.submit(view, {}))
        if sent.errors:
            raise AssertionError(f"the form for {mail} was refused: {sent.field_errors}")

    async def _form(self, act: Callable[[], Awaitable[Result]], person: Acting) -> View:
        while True:
            shown = await self._insist(act)
            if shown.view is not None:
                return shown.view
            if person.open_view is not None:
                return person.open_view

    async def _approve(self, case: Played) -> None:
        thread = case.thread
        if thread is None:
            raise AssertionError(case)
        pressed: set[str] = set()
        while not thread.closing():
            plan = await self.workspace.until(
                lambda: thread.closing() or _new(thread.with_button("approve"), pressed), PATIENCE
            )
            if plan.reply_broadcast:
                return
            pressed.add(plan.ts)
            for user in APPROVERS:
                case.approved = user == APPROVERS[-1] or case.approved
                await self._press(user, thread, "approve")

    async def _press(self, user: str, thread: Thread, action: str) -> Result | None:
        """Press the button; None where it is no longer there."""

        async def press() -> Result:
            plan = thread.with_button(action)
            if plan is None:
                return Result(200, {})
            return await self.workspace.as_person(user).press(plan, action)

        try:
            return await self._insist(press)
        except NotPossible:
            return None

    async def _decline(self, case: Played) -> None:
        user, thread = APPROVERS[case.script.number % len(APPROVERS)], case.thread
        if thread is None:
            raise AssertionError(case)
        declining = self.workspace.as_person(user)
        async with self._window(user):
            while thread.with_button("decline") is not None and not self._says(thread, "declined"):
                await self._press(user, thread, "decline")
                if (view := declining.open_view) is not None:
                    await self._insist(lambda view=view: declining.submit(view, {"words": "not yet"}))  # type: ignore[misc]  # a default binds it
                    break
        await self.workspace.until(lambda: self._says(thread, "declined"), PATIENCE)

    async def _cancel(self, case: Played) -> None:
        asker, thread = ASKERS[case.script.number % len(ASKERS)], case.thread
        if thread is None:
            raise AssertionError(case)
        asking = self.workspace.as_person(asker)
        async with self._window(asker):
            await self._insist(lambda: asking.command(f"/offboard cancel OFF-{case.case_id}"))
        await self.workspace.until(lambda: self._says(thread, "cancelled"), PATIENCE)

    def _says(self, thread: Thread, word: str) -> bool:
        return f"{word}:" in self.workspace.text_of(thread.root)


def _new(message: Message | None, known: set[str]) -> Message | None:
    return None if message is None or message.ts in known else message
