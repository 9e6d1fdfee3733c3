"""How long people wait for the acknowledgement of what they do, fifty acts a second, while five hundred cases run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.case import Wrong
from bench.child import Child
from bench.crowd import SYSTEMS, Crowd, crowd
from bench.figures import Goal, Row, percentile
from bench.inside import APPROVER, FLOOR, REQUESTER, ROOMY
from bench.until import until
from sandbox.slack.delivery import ACK_SECONDS
from sandbox.slack.people import Person
from sandbox.slack.workspace import Ack, Message
from sandbox.stage import CHANNEL

RUNNING = 500
SECONDS = 20
A_SECOND = 50
_WARM_UP = 2
_MORE = 20
"""So many more are approved, since some end while the others are being approved and the acts are played."""
_ASKERS = tuple(f"U0ASKS{number:02}" for number in range(1, 61))
_ACTS = {
    "/offboard": "ack of /offboard",
    "view_submission": "ack of Request",
    "block_actions approve": "ack of Approve",
}
_WAITS = "decided.on"
_SLOW = 2.0
_POSTED = 240.0
_MOST_P50, _MOST_P99, _MOST = Goal("ratio", 1.5), Goal("ratio", 2.0), Goal("p99", 500.0)


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat of the load: whom somebody asks for, whose plan is approved."""

    mail: str
    plan: Message


async def time_to_ack(running: int = RUNNING, seconds: int = SECONDS) -> list[Row]:
    """Let so many cases run and give the bot fifty acts a second: forms, submissions, approvals and floors in turn.

    Every call of a system takes two seconds, so that the cases go on running. The floor stands in the same queue.
    """
    beats = A_SECOND * (seconds + _WARM_UP) // (len(_ACTS) + 1)
    runs, waits, asked = _people("runs", running + _MORE), _people(_WAITS, beats), _people("asked", beats)
    async with crowd([*runs, *waits, *asked], delay=0.0, askers=(REQUESTER, *_ASKERS)) as around:
        for number, user in enumerate(_ASKERS):
            person = Person(user, f"asks{number}", f"Asks {number}", f"asks{number}@acme.test")
            around.workspace.add_person(person, CHANNEL)
        around.environment[ROOMY] = "1"
        async with around.bot() as bot:
            return await _measured(around, bot, (runs, waits, asked))


def _people(what: str, count: int) -> list[str]:
    return [f"{what}{number:05}@acme.test" for number in range(count)]


async def _measured(around: Crowd, bot: Child, people: tuple[list[str], list[str], list[str]]) -> list[Row]:
    """Open everything while nothing is slow and nothing runs; then let the systems be slow, begin, and play the acts.

    Looks and removals of one system stand in one line: what is opened later would wait until all removals are over.
    """
    runs, waits, asked = people
    await bot.ask({"do": "floor"})
    await bot.ask({"do": "open", "mails": waits})
    await bot.ask({"do": "open", "mails": runs})
    plans = await _plans(around, len(waits))
    await bot.ask({"do": "pace"})
    await around.yard.ask({"delay": _SLOW})
    await bot.ask({"do": "approve", "mails": runs})
    acks = around.workspace.acks
    before, first = await _running(bot, runs), len(acks)
    await _load(around, [Beat(mail, plan) for mail, plan in zip(asked, plans, strict=True)])
    after = await _running(bot, runs)
    rows = rows_of(acks[first + _WARM_UP * A_SECOND :])
    return [*rows, ran(before, after, len(runs) - _MORE)]


async def _running(bot: Child, mails: list[str]) -> int:
    return int((await bot.ask({"do": "states", "mails": mails})).get("running", 0))


def ran(before: int, after: int, least: int) -> Row:
    """Return how many of the cases that were to run did, when the acts began and when they ended."""
    goal = Goal("at the end", least, least=True)
    return Row("cases that ran meanwhile", "", {"at the beginning": before, "at the end": after}, goal=goal)


async def _plans(around: Crowd, count: int) -> list[Message]:
    """Wait until everything there is to tell stands in the channel; the plans of the cases that wait."""
    workspace = around.workspace

    async def all_posted() -> bool:
        return not await around.records.unposted()

    async with asyncio.timeout(_POSTED):
        await until(all_posted, 1.0)
    roots = [root for root in workspace.messages(CHANNEL) if _WAITS in workspace.text_of(root)]
    threads = [workspace.messages(CHANNEL, root.ts) for root in roots]
    found = [message for thread in threads for message in thread if "'approve'" in str(message.blocks)]
    if len(found) != count:
        raise Wrong(f"{len(found)} plans can be approved, not {count}")
    return found


async def _load(around: Crowd, beats: Sequence[Beat]) -> None:
    """Play the beats at their pace, whether or not the bot keeps up."""
    pause = (len(_ACTS) + 1) / A_SECOND
    idle: asyncio.Queue[str] = asyncio.Queue()
    for asker in _ASKERS:
        idle.put_nowait(asker)
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as group:
        for number, beat in enumerate(beats):
            await asyncio.sleep(max(0.0, began + number * pause - asyncio.get_running_loop().time()))
            group.create_task(_asked(around, beat, idle))
            group.create_task(_approved(around, beat))


async def _asked(around: Crowd, beat: Beat, idle: asyncio.Queue[str]) -> None:
    """Let somebody who has no form open ask for a person."""
    asker = await idle.get()
    asking = around.workspace.as_person(asker)
    shown = await asking.command(f"/offboard {beat.mail}")
    await around.workspace.as_person(APPROVER).command(FLOOR)
    if shown.view is not None:
        sent = await asking.submit(shown.view, {"Systems": [f"Tenant {number}" for number in range(SYSTEMS)]})
        if sent.errors:
            raise Wrong(f"the form was not taken: {sent.field_errors}")
        idle.put_nowait(asker)


async def _approved(around: Crowd, beat: Beat) -> None:
    await around.workspace.as_person(APPROVER).press(beat.plan, "approve")


def rows_of(acks: Sequence[Ack]) -> list[Row]:
    """Return two rows for each act, its median and its 99th percentile against the floor's, and the worst of all."""
    floors = of(FLOOR, acks)
    low, high = percentile(floors, 0.5), percentile(floors, 0.99)
    rows, worst = [], 0.0
    for what, label in _ACTS.items():
        mine = of(what, acks)
        p50, p99 = percentile(mine, 0.5), percentile(mine, 0.99)
        worst = max(worst, p99)
        rows.append(Row(f"{label}, 50 acts a second, p50", "ms", {"p50": p50}, low, p50 / low, _MOST_P50))
        rows.append(Row(f"{label}, 50 acts a second, p99", "ms", {"p99": p99}, high, p99 / high, _MOST_P99))
    lost = sum(bool(ack.error) for ack in acks)
    return [*rows, Row("the slowest of these", "ms", {"p99": worst}, goal=_MOST), Row("acts lost", "", {"lost": lost})]


def of(what: str, acks: Iterable[Ack]) -> list[float]:
    """Return the milliseconds of one kind of act. One that was not acknowledged took as long as Slack waits."""
    mine = [ack for ack in acks if f"{ack.what} ".startswith(f"{what} ")]
    return [max(ack.seconds, ACK_SECONDS if ack.error else 0.0) * 1000 for ack in mine]
