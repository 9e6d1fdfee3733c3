"""The people of the cases: they ask, and go on asking until the bot has acknowledged what they said."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bench.case import case_number
from handlers.views.replies import BROKEN
from sandbox.slack.workspace import Acting, Message, NotPossible, Result, View, Workspace
from sandbox.stage import CHANNEL
from sandbox.walk import Thread
from tests.crash.orders import Script
from tests.crash.scene import ADMIN, APPROVERS, ASKERS, Scene

T = TypeVar("T")
PATIENCE = 300.0
"""Seconds that people wait for what the bot owes them before they call it lost."""
_PAUSE = 1.0
"""Seconds after which they try again what went wrong."""


@dataclass(slots=True)
class Played:
    """One case as it was played. `approved` from the moment at which the last approval was on its way."""

    script: Script
    mail: str
    thread: Thread
    case_id: int = 0
    approved: bool = False

    @property
    def asker(self) -> str:
        """Who asked for it."""
        return ASKERS[self.script.number % len(ASKERS)]

    @property
    def is_running(self) -> bool:
        """Whether it was approved and has not ended, as far as people see."""
        return self.approved and not self.thread.closing()

    def says(self, state: str) -> bool:
        """Whether the root shows this state."""
        return f"{state}:" in self.thread.workspace.text_of(self.thread.root)


@dataclass(frozen=True, slots=True)
class Crowd:
    """All the people. A person has one window of Slack: two cases do not use it at the same time."""

    scene: Scene
    played: list[Played] = field(default_factory=list)
    asked: list[Script] = field(default_factory=list)
    failed: list[Result] = field(default_factory=list)
    _windows: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return self.scene.play.workspace

    async def open(self, script: Script) -> Played:
        """Ask for one case and wait for its plan."""
        mail, asker = self.scene.leavers[script.number - 1], ASKERS[script.number % len(ASKERS)]
        self.asked.append(script)
        async with self.window(asker):
            await self._ask(asker, mail)
        root = await self.until(lambda: self._root(mail))
        case = Played(script, mail, Thread(self.workspace, root.ts), case_number(self.workspace.text_of(root)))
        self.played.append(case)
        await self.until(lambda: case.thread.with_button("approve"))
        return case

    def window(self, user: str) -> asyncio.Lock:
        return self._windows.setdefault(user, asyncio.Lock())

    async def until(self, condition: Callable[[], T | None]) -> T:
        """Wait for what the bot owes. Raises TimeoutError where it owes it for too long."""
        return await self.workspace.until(condition, PATIENCE)

    async def pause(self, until: Callable[[], object] = bool, seconds: float = _PAUSE) -> None:
        """Look elsewhere for that long, no longer than until that holds."""
        with contextlib.suppress(TimeoutError):
            await self.workspace.until(until, seconds)

    def _root(self, mail: str) -> Message | None:
        roots = (message for message in self.workspace.messages(CHANNEL) if not message.thread_ts)
        return next((one for one in roots if mail in self.workspace.text_of(one)), None)

    async def insist(self, act: Callable[[], Awaitable[Result]]) -> Result:
        """Do it again until it was acknowledged as done; while the bot is away, wait for it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.workspace.until(lambda: self.workspace.sockets.connections, PATIENCE)
                result = await act()
                if not result.error and not self._went_wrong(result):
                    return result
                self.failed.append(result)
                if not result.error:
                    await self.pause()

    def _went_wrong(self, result: Result) -> bool:
        said = [*result.field_errors.values(), *map(self.workspace.text_of, result.ephemerals)]
        return any(BROKEN.text in one for one in said)

    def complaints(self, user: str, case: Played) -> int:
        """How often this person was told in the case's thread, after a click, that something went wrong."""
        told = (one for one in self.workspace.as_person(user).ephemerals if one.thread_ts == case.thread.root_ts)
        return sum(BROKEN.text in self.workspace.text_of(one) for one in told)

    def failures(self) -> int:
        """How often anybody was told that something did not work, by Slack or by the bot."""
        told = (one for user in (*APPROVERS, ADMIN) for one in self.workspace.as_person(user).ephemerals)
        return len(self.failed) + sum(BROKEN.text in self.workspace.text_of(one) for one in told)

    async def press(self, user: str, case: Played, action: str, value: object = None) -> Result | None:
        """Press the button; None where it is no longer there."""

        async def press() -> Result:
            shown = case.thread.with_button(action)
            if shown is None:
                return Result(200, {})
            return await self.workspace.as_person(user).press(shown, action, value=value)

        try:
            return await self.insist(press)
        except NotPossible:
            return None

    async def press_until(self, user: str, case: Played, action: str, done: Callable[[], object]) -> None:
        """Press the button, and again where the person is told that it went wrong, until it has done its work."""
        while not done():
            told = self.complaints(user, case)
            await self.press(user, case, action)
            await self.until(lambda told=told: done() or self.complaints(user, case) > told)  # type: ignore[misc]  # a default binds it
            await self.pause(done)

    async def _ask(self, asker: str, mail: str) -> None:
        """Send the form: the same one again where its acknowledgement did not come."""
        asking = self.workspace.as_person(asker)
        view = await self._form(lambda: asking.command(f"/offboard {mail}"), asking)
        sent = await self.insist(lambda: asking.submit(view, {}))
        if sent.errors:
            raise AssertionError(f"the form for {mail} was refused: {sent.field_errors}")

    async def _form(self, act: Callable[[], Awaitable[Result]], person: Acting) -> View:
        while True:
            shown = await self.insist(act)
            if shown.view is not None:
                return shown.view
            if person.open_view is not None:
                return person.open_view
            self.failed.append(shown)
            await self.pause()
