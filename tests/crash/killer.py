"""Kills the bot where it was ordered to: what is going on is seen from the systems and the workspace alone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from sandbox.bot_process import free_port
from sandbox.slack.limits import FaultStatus
from sandbox.slack.records import Json
from sandbox.stage import Stage
from sandbox.systems.faults import Fault, What
from sandbox.systems.journal import EVERYONE, Entry
from tests.crash.orders import SPANS, Kill, Point
from tests.crash.people import Crowd

_NOT_REACHED: Final = 15.0
"""Seconds after which the bot is killed wherever it is; such a kill counts as one at any other moment."""
_REMOVALS: Final = {
    "veeam_em": ("DELETE", "/security/accounts/"),
    "vspc": ("DELETE", "/users/"),
    "liveperson": ("DELETE", "/users/"),
    "huawei_hss": ("DELETE", "/accounts"),
    "rsa_cas": ("PUT DELETE", "/users/"),
}
"""The writes of each system: methods and what their paths hold."""


@dataclass(slots=True)
class Death:
    """A kill that happened: where it really was, and how long the next start took."""

    kill: Kill
    point: Point
    seconds_until_ready: float = 0.0
    seconds_until_moving: float = 0.0


@dataclass(slots=True)
class Killer:
    """Watches the play and kills once for each order."""

    crowd: Crowd
    deaths: list[Death] = field(default_factory=list)
    _dead: asyncio.Event = field(default_factory=asyncio.Event)
    _armed: Kill | None = None
    _at: Point = Point.ANYWHERE
    _timers: list[asyncio.TimerHandle] = field(default_factory=list)
    _sign: str = ""
    _moved: float = 0.0
    _down: bool = False

    @property
    def play(self) -> Stage:
        return self.crowd.scene.play

    def watch(self) -> None:
        """Begin to see what goes on."""
        watching = self.play.workspace.watching
        watching.sent = lambda what: self._see(Point.BEFORE_ACK, what)
        watching.acknowledged = self._acknowledged
        watching.called = self._called
        for kind, simulator in self.play.world.by_kind.items():
            simulator.answered = self._answered(kind)

    async def go_through(self, kills: Sequence[Kill]) -> None:
        """Kill at each order, and start the bot again after each."""
        for kill, following in pairwise((*kills, None)):
            if kill is not None:
                await self._carry_out(kill)
            if following is None or following.point is not Point.STARTING:
                await self._start()

    async def _carry_out(self, kill: Kill) -> None:
        if kill.point is Point.STARTING:
            await self._launch()
        self._arm(kill)
        await self._dead.wait()
        self._disarm()
        if await self.play.bot.ended(60) is None:
            raise AssertionError("the bot survived SIGKILL")
        self._down = True
        self.deaths.append(Death(kill, self._at))

    async def _launch(self) -> None:
        """Begin to start the bot, and do not wait for it."""
        if not self._down:
            await self.play.bot.stop()
        self._take_a_free_port()
        await self.play.bot.launch()

    def _take_a_free_port(self) -> None:
        """Listen elsewhere: while the bot was dead any connection of this machine may have been given its port."""
        self.play.bot.port = free_port()

    async def _start(self) -> None:
        self._moved, self._down = 0.0, False
        self._take_a_free_port()
        began = time.monotonic()
        await self.play.bot.start()
        death = self.deaths[-1]
        death.seconds_until_ready = time.monotonic() - began
        death.seconds_until_moving = max(self._moved - began, 0.0)

    def _arm(self, kill: Kill) -> None:
        self._dead.clear()
        self._sign = ""
        self._armed, self._at = kill, kill.point
        if kill.fault is not None and kill.point is not Point.STARTING:
            self.play.world.by_kind[kill.kind].faults.add(kill.fault)
        if kill.point in {Point.STARTING, Point.ANYWHERE}:
            self._later(kill.share * SPANS[kill.point] + 0.05, lambda: self._kill(kill.point))
        if kill.point in {Point.NOT_NOTED, Point.NOT_CARRIED_OUT}:
            self._set_traps([kill.kind])
            self._later(_NOT_REACHED / 2, lambda: self._set_traps(_REMOVALS))
        self._later(_NOT_REACHED, lambda: self._kill(Point.ANYWHERE))

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, act))

    def _set_traps(self, kinds: Iterable[str]) -> None:
        what: What = "act" if self._at is Point.NOT_NOTED else "reset_before"
        for kind in kinds:
            methods, path = _REMOVALS[kind]
            for method in methods.split():
                trap = Fault(what, method, path, act=lambda: self._kill(self._at))
                self.play.world.by_kind[kind].faults.waiting.insert(0, trap)

    def _disarm(self) -> None:
        self._armed = None
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        for simulator in self.play.world.by_kind.values():
            simulator.faults.waiting = [fault for fault in simulator.faults.waiting if fault.act is None]

    def _kill(self, point: Point) -> None:
        if self._armed is None or self._dead.is_set():
            return
        self._at = point
        os.kill(self.play.bot.pid, signal.SIGKILL)
        self._dead.set()

    def _see(self, point: Point, sign: str) -> None:
        """Kill a share of the point's span later where this is what the order waits for."""
        kill = self._armed
        if kill is None or kill.point is not point or self._sign:
            return
        self._sign = sign
        self._later(kill.share * SPANS[point], lambda: self._kill(self._at))

    def _acknowledged(self, what: str) -> None:
        if self._at is Point.BEFORE_ACK and self._sign == what:
            self._at = Point.AFTER_ACK
        self._see(Point.AFTER_ACK, what)

    def _called(self, method: str, sent: Json) -> FaultStatus | None:
        self._moves()
        if method != "chat.postMessage" or self._armed is None:
            return None
        if self._armed.point is Point.POSTED:
            self._kill(Point.POSTED)
            return "lost"
        if self._armed.point is Point.NOT_POSTED and key_of(sent) == "closing":
            self._kill(Point.NOT_POSTED)
            return "drop"
        return None

    def _answered(self, kind: str) -> Callable[[Entry], None]:
        def answered(entry: Entry) -> None:
            self._moves()
            sign = f"{kind} {entry.account}"
            if entry.kind == "read":
                self._see(self._read(kind, entry), sign)
            elif entry.kind == "write" and self._at is Point.BEFORE_SENDING and self._sign:
                self._at = Point.NOT_NOTED

        return answered

    def _read(self, kind: str, entry: Entry) -> Point:
        """Say what a read is, from what stands in the systems and what was approved."""
        scene = self.crowd.scene
        running = [case.mail for case in self.crowd.played if case.is_running]
        if self._is_over(running):
            return Point.BEFORE_CLOSING
        mail = scene.accounts.get(entry.account or "")
        by_list = kind == "huawei_hss" and entry.account == EVERYONE
        about = [one for one in running if (by_list or one == mail) and scene.of(kind, one)]
        return Point.BEFORE_SENDING if about else Point.SEARCHING

    def _is_over(self, running: Iterable[str]) -> bool:
        """Whether the order is to wait for the last outcome of a case, and one has nothing left anywhere."""
        wanted = self._armed is not None and self._armed.point is Point.BEFORE_CLOSING
        return wanted and any(self.crowd.scene.is_gone(mail) for mail in running)

    def _moves(self) -> None:
        self._moved = self._moved or time.monotonic()


def key_of(sent: Json) -> str:
    """Return the key of the message that a call posts, as its metadata has it."""
    metadata = sent.get("metadata") or {}
    metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(metadata.get("event_payload", {}).get("key", ""))
