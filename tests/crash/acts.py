"""What people decide about one case, each decision to its end."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from sandbox.slack.workspace import Message
from sandbox.systems.all import ENTRIES
from sandbox.systems.faults import Fault, What
from tests.crash.orders import Decision, Script
from tests.crash.people import Crowd, Played
from tests.crash.scene import ADMIN, APPROVERS

_BY_PATH: Final = ("vspc", "liveperson")
"""Systems whose calls name the account in the path: there one account alone can be slow, or be refused."""
_ALWAYS: Final = 10**6
_SLOW: Final = 2.0


async def play(crowd: Crowd, script: Script) -> None:
    """Bring one case to its end. Raises TimeoutError where the bot owes something for too long."""
    case = await crowd.open(script)
    await _ACTS[script.decision](crowd, case)


async def _approve(crowd: Crowd, case: Played) -> None:
    """Approve each plan of the case until it has its closing message."""
    thread, pressed, told = case.thread, set[str](), _complaints(crowd, case)

    def fresh() -> Message | None:
        plan = thread.with_button("approve")
        return None if plan is None or plan.ts in pressed else plan

    while not thread.closing():
        await crowd.until(lambda told=told: thread.closing() or fresh() or _complaints(crowd, case) > told)  # type: ignore[misc]  # a default binds it
        if (now := _complaints(crowd, case)) > told:
            told = now
            pressed.clear()
            await crowd.pause()
        elif (plan := fresh()) is not None:
            pressed.add(plan.ts)
            await _both(crowd, case)


async def _both(crowd: Crowd, case: Played) -> None:
    for user in APPROVERS:
        case.approved = user == APPROVERS[-1] or case.approved
        await crowd.press(user, case, "approve")


def _complaints(crowd: Crowd, case: Played) -> int:
    return sum(crowd.complaints(user, case) for user in APPROVERS)


async def _decline(crowd: Crowd, case: Played) -> None:
    user, thread = APPROVERS[case.script.number % len(APPROVERS)], case.thread
    declining = crowd.workspace.as_person(user)
    async with crowd.window(user):
        while thread.with_button("decline") is not None and not case.says("declined"):
            await crowd.press(user, case, "decline")
            if (view := declining.open_view) is not None:
                await crowd.insist(lambda view=view: declining.submit(view, {"words": "not yet"}))  # type: ignore[misc]  # a default binds it
                break
            await crowd.pause(lambda: declining.open_view)
    await crowd.until(lambda: case.says("declined"))


async def _cancel(crowd: Crowd, case: Played) -> None:
    asking = crowd.workspace.as_person(case.asker)
    async with crowd.window(case.asker):
        await crowd.insist(lambda: asking.command(f"/offboard cancel OFF-{case.case_id}"))
    await crowd.until(lambda: case.says("cancelled"))


async def _withdraw(crowd: Crowd, case: Played) -> None:
    """Approve, take that back, let the other one approve, who alone is not enough, and cancel the case."""
    first, other = APPROVERS
    thread = case.thread
    await crowd.press_until(first, case, "approve", lambda: thread.with_button("withdraw"))
    await crowd.press_until(first, case, "withdraw", lambda: not thread.with_button("withdraw"))
    await crowd.press_until(other, case, "approve", lambda: thread.with_button("withdraw"))
    await _cancel(crowd, case)


async def _stop(crowd: Crowd, case: Played) -> None:
    """Approve, and stop the run as soon as it shows; it may have ended by then, though one system reads slowly."""
    thread = case.thread
    slow = _of_this_account(crowd, case, "delay", "GET")

    def is_shown() -> bool:
        return bool(thread.with_button("stop") or thread.closing())

    while not is_shown():
        told = _complaints(crowd, case)
        await _both(crowd, case)
        await crowd.until(lambda told=told: is_shown() or _complaints(crowd, case) > told)  # type: ignore[misc]  # a default binds it
    if not thread.closing():
        await crowd.press_until(ADMIN, case, "stop", lambda: not thread.with_button("stop"))
    slow()
    await _approve(crowd, case)


async def _retry(crowd: Crowd, case: Played) -> None:
    """Let one system say no to this account alone, approve, and retry when it no longer does."""
    says_no = _of_this_account(crowd, case, "status", "DELETE")
    await _approve(crowd, case)
    says_no()
    while not case.says("closed"):
        for name, _ in ENTRIES.values():
            await crowd.press(ADMIN, case, "retry", f"{case.case_id}:{name}")
        await crowd.pause(lambda: case.says("closed"))


def _of_this_account(crowd: Crowd, case: Played, what: What, method: str) -> Callable[[], None]:
    """Let this befall every such call about the leaver's account in one system; return what ends it."""
    faults = crowd.scene.play.world.by_kind[_BY_PATH[case.script.number % len(_BY_PATH)]].faults
    own = "|".join(re.escape(account) for account, owner in crowd.scene.accounts.items() if owner == case.mail)
    fault = Fault(what, method, rf"/({own})(/|\?|$)", times=_ALWAYS, status=403, seconds=_SLOW)
    faults.waiting.insert(0, fault)

    def end() -> None:
        faults.waiting = [one for one in faults.waiting if one is not fault]

    return end


_ACTS: Final[dict[Decision, Callable[[Crowd, Played], Awaitable[None]]]] = {
    "approve": _approve,
    "decline": _decline,
    "cancel": _cancel,
    "withdraw": _withdraw,
    "stop": _stop,
    "retry": _retry,
}
