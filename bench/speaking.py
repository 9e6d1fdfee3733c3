"""How much the bot says to Slack: its calls for one case, and that it stays within the limits at twenty at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable

from bench.case import approve, closed, open_case
from bench.figures import Goal, Row
from bench.scene import REQUESTERS, Scene, Setting, scene
from sandbox.slack.workspace import Call

CASES = 4
AT_ONCE = 20
_DELAY = 0.1
_QUIET = 4.0
_MOST_SAID, _MOST_ASKED, _NONE = Goal("most", 14), Goal("first", 8), Goal("refused", 0)
_PEOPLE = ("users.", "usergroups.", "conversations.members")


async def calls_to_slack() -> list[Row]:
    """Count the calls of cases one after another, then what Slack turned away of many at once."""
    async with scene(Setting(leavers=CASES, delay=_DELAY, slack_limits=True, plain=True)) as set_up:
        each = [await _of_one(set_up, mail) for mail in set_up.leavers]
    said = [sum(call.method.startswith("chat.") for call in calls) for calls in each]
    asked = [sum(call.method.startswith(_PEOPLE) for call in calls) for calls in each]
    return [
        Row("chat.* calls for one case in five systems", "", {"most": max(said), "least": min(said)}, goal=_MOST_SAID),
        Row("look-ups about people for one case", "", {"first": asked[0], "later": max(asked[1:])}, goal=_MOST_ASKED),
        await _at_once(),
    ]


async def _of_one(set_up: Scene, mail: str) -> list[Call]:
    calls = set_up.play.workspace.calls
    before = len(calls)
    case = await open_case(set_up, mail, set_up.requesters[0])
    await approve(case)
    await closed(case)
    await asyncio.sleep(_QUIET)
    return calls[before:]


async def _at_once() -> Row:
    """Carry twenty cases out at once, Slack's limits on; what it turned away, and when everything stood in Slack."""
    async with scene(Setting(leavers=AT_ONCE, delay=_DELAY, slack_limits=True)) as set_up:
        began = time.monotonic()
        whose = [(mail, REQUESTERS[number % len(REQUESTERS)]) for number, mail in enumerate(set_up.leavers)]
        async with asyncio.TaskGroup() as group:
            for mail, requester in whose:
                group.create_task(_walked(set_up, mail, requester))
        seconds = time.monotonic() - began
        calls = set_up.play.workspace.calls
    busiest = busiest_minute(calls, "chat.update")
    figures = {"refused": refused(calls), "chat.update in a minute": busiest, "seconds": seconds}
    return Row(f"{AT_ONCE} cases at once: calls beyond Slack's limits", "", figures, goal=_NONE)


async def _walked(set_up: Scene, mail: str, requester: str) -> None:
    case = await open_case(set_up, mail, requester)
    await approve(case)
    await closed(case)


def refused(calls: Iterable[Call]) -> int:
    """Count the calls that Slack turned away because of their number."""
    return Counter(call.error for call in calls)["ratelimited"]


def busiest_minute(calls: Iterable[Call], method: str) -> int:
    """Return the most calls of a method within any sixty seconds."""
    times = [call.at for call in calls if call.method == method]
    return max((sum(at <= other < at + 60 for other in times) for at in times), default=0)
