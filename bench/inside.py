"""`python -m bench.inside`: the whole of `offboard serve`, asked from inside to open and to approve cases.

A thousand cases cannot be clicked through Slack, which takes one message a second; so people's acts are put to the
domain directly, and everything from there on is the program as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import text

from bench.child import answer_all
from bench.roomy import unpaced
from bench.until import until
from bot.app.build import Parts, build
from bot.app.serve import serve
from bot.cases import Cases, Form, Opened
from bot.model import Case, CaseState, PlanState
from bot.settings import load
from handlers.slack_app import SlackSide

REQUESTER, APPROVER = "U0AMY", "U0BEN"
TEAM = ""
ROOMY = "BENCH_ROOMY"
"""Set where Slack's limits are not what is measured: then messages are posted as they come."""
NO_WORK = "BENCH_NO_WORK"
"""Set where other processes do the work."""
_AT_ONCE = 8
_POLL, _LONGEST_POLL = 0.05, 2.0
FLOOR = "/floor"
"""A command that stores one row and is acknowledged: what every acknowledgement costs at least."""
_ROW = text("INSERT INTO bench_floor (at) VALUES (:at)")
_BOLT = SlackSide.bolt


class Inside:
    """What can be asked: `open` (mails), `approve` and `states` (of these mails, or of all), `pace`, `floor`, `spent`.

    `pace` lets messages be posted as the program posts them, from now on; every other answer has the processor seconds.
    """

    def __init__(self, unpaced: contextlib.ExitStack) -> None:
        self.parts: asyncio.Future[Parts] = asyncio.get_running_loop().create_future()
        self._unpaced = unpaced
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def build(self, *arguments: Any, **named: Any) -> Parts:  # noqa: ANN401  # handed through as they are
        """Build as the program does, and keep what was built."""
        parts = await build(*arguments, **named)
        self.parts.set_result(parts)
        return parts

    def bolt_of(self) -> Callable[[SlackSide, Cases], AsyncApp]:
        """Return what stands in for the method."""

        def bolt(slack: SlackSide, cases: Cases) -> AsyncApp:
            return self.bolt(slack, cases)

        return bolt

    def bolt(self, slack: SlackSide, cases: Cases) -> AsyncApp:
        """Make the Bolt app as the program does, with one listener more."""
        app = _BOLT(slack, cases)
        app.command(FLOOR)(self.floor)
        return app

    async def floor(self, ack: AsyncAck) -> None:
        """Commit one row in the same database, in the same order of precedence as people's acts, and acknowledge."""
        async with (await self.parts).store.begin(ahead=True) as tx:
            await tx.connection.execute(_ROW, {"at": str(time.time())})
        await ack()

    async def answer(self, question: dict[str, Any]) -> object:
        """Do what is asked; see above."""
        parts = await self.parts
        match question["do"]:
            case "open":
                return await self._open(parts, question["mails"])
            case "approve":
                return await self._approve(parts, question.get("mails"))
            case "states":
                return Counter(case.state.value for case in await _of(parts, question.get("mails")))
            case "pace":
                self._unpaced.close()
            case "floor":
                async with parts.store.begin() as tx:
                    await tx.connection.execute(text("CREATE TABLE bench_floor (at TEXT)"))
        return {"spent": time.process_time()}

    async def _open(self, parts: Parts, mails: Sequence[str]) -> object:
        await asyncio.gather(*(self._open_one(parts, mail) for mail in mails))

        async def all_looked() -> bool:
            return not await parts.store.cases(frozenset({CaseState.LOOKING}))

        # The answer is read from all these cases: to ask often would be most of the work.
        await until(all_looked, min(max(_POLL, len(mails) / 250), _LONGEST_POLL))
        return {}

    async def _open_one(self, parts: Parts, mail: str) -> None:
        names = tuple(system.name for system in parts.cases.connected())
        form = Form(f"V-{mail}", None, mail, (), "They leave.", names, None)
        async with self._slots:
            opened = await parts.cases.open(form, REQUESTER, TEAM)
        if not isinstance(opened, Opened):
            raise TypeError(f"{mail} was not opened: {opened}")

    async def _approve(self, parts: Parts, mails: Sequence[str] | None) -> object:
        waiting = await _of(parts, mails, CaseState.WAITING)
        began = time.time()
        await asyncio.gather(*(self._approve_one(parts, case.id) for case in waiting))
        return {"approved": len(waiting), "from": began, "at": time.time()}

    async def _approve_one(self, parts: Parts, case_id: int) -> None:
        async with self._slots:
            view = await parts.store.view(case_id)
            plan = next(plan for plan in view.plans if plan.state is PlanState.WAITING) if view else None
            if plan is None:
                raise LookupError(f"case {case_id} has no plan")
            said = await parts.cases.approve(case_id, plan.turn, plan.digest, APPROVER, TEAM, lambda _: "as shown")
        if not said.ok:
            raise ValueError(f"case {case_id} was not approved: {said.text}")


async def _of(parts: Parts, mails: Sequence[str] | None, *states: CaseState) -> list[Case]:
    """Return the cases in these states, or in any, of these leavers, or of all."""
    cases = await parts.store.cases(frozenset(states) or None)
    wanted = None if mails is None else frozenset(mails)
    return [case for case in cases if wanted is None or case.leaver.address in wanted]


async def _main() -> None:
    with contextlib.ExitStack() as changed, contextlib.ExitStack() as unpacing:
        inside = Inside(unpacing)
        changed.enter_context(patch("bot.app.serve.build", inside.build))
        changed.enter_context(patch.object(SlackSide, "bolt", inside.bolt_of()))
        if ROOMY in os.environ:
            unpacing.enter_context(unpaced())
        await _served(inside)


async def _served(inside: Inside) -> None:
    loaded, port = load(os.environ, Path.cwd()), int(os.environ["PORT"])
    serving = asyncio.create_task(serve(loaded, "127.0.0.1", port, works=NO_WORK not in os.environ))
    asking = asyncio.create_task(answer_all(inside.answer))
    await asyncio.wait({serving, asking}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        os.kill(os.getpid(), signal.SIGTERM)
    await serving
    if asking.done():
        asking.result()
    else:
        os._exit(1)


if __name__ == "__main__":
    asyncio.run(_main())
