"""One case as people bring it about: asked for, approved by somebody else, ended."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.scene import APPROVER, Scene
from sandbox.slack.workspace import Message, Workspace
from sandbox.stage import CHANNEL
from sandbox.systems.all import ENTRIES
from sandbox.walk import Thread

_SECONDS = 300.0
_POLL = 0.05
_NUMBER = re.compile(r"OFF-(\d+)")


class Wrong(Exception):
    """The bot did not do what is to be measured; its time would mean nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case in the workspace; `id` is its number in the database."""

    scene: Scene
    thread: Thread
    id: int


async def open_case(scene: Scene, mail: str, requester: str, kinds: Sequence[str] = tuple(ENTRIES)) -> Case:
    """Ask for the offboarding of this person in these kinds of systems, and wait until the plan is shown."""
    workspace = scene.play.workspace
    before = frozenset(message.ts for message in workspace.messages(CHANNEL))
    asking = workspace.as_person(requester)
    shown = await asking.command(f"/offboard {mail}")
    if shown.view is None:
        raise Wrong(f"no form was shown: {shown}")
    sent = await asking.submit(shown.view, {"Systems": [ENTRIES[kind][1] for kind in kinds]})
    if not sent.ok:
        raise Wrong(f"the form was not taken: {sent.field_errors or sent.error}")
    root = await workspace.until(_root(workspace, before, mail), _SECONDS)
    thread = Thread(workspace, root.ts)
    await workspace.until(lambda: thread.with_button("approve"), _SECONDS)
    return Case(scene, thread, case_number(workspace.text_of(root)))


def _root(workspace: Workspace, before: frozenset[str], mail: str) -> Callable[[], Message | None]:
    def found() -> Message | None:
        new = (message for message in workspace.messages(CHANNEL) if message.ts not in before)
        return next((one for one in new if not one.thread_ts and mail in workspace.text_of(one)), None)

    return found


def case_number(text: str) -> int:
    """Return the number of the case that a root message names. ValueError where it names none."""
    found = _NUMBER.search(text)
    if found is None:
        raise ValueError("no case is named there")
    return int(found[1])


async def approve(case: Case) -> float:
    """Press Approve; the answer is the moment before, in seconds of the epoch."""
    plan = case.thread.with_button("approve")
    if plan is None:
        raise Wrong("there is nothing to approve")
    at = time.time()
    pressed = await case.scene.play.workspace.as_person(APPROVER).press(plan, "approve")
    if pressed.error:
        raise Wrong(f"Approve was not taken: {pressed.error}")
    return at


async def closed(case: Case) -> None:
    """Wait for the closing message."""
    await case.thread.workspace.until(case.thread.closing, _SECONDS)


async def ended(case: Case, kinds: Sequence[str]) -> dict[str, float]:
    """Wait until the work in these systems has ended; when each did, by kind, in seconds of the epoch."""
    names = {ENTRIES[kind][0]: kind for kind in kinds}
    async with asyncio.timeout(_SECONDS):
        while True:
            ends = {names[name]: at for name, at in (await case.scene.records.ends(case.id)).items() if name in names}
            done = {kind: at for kind, at in ends.items() if at is not None}
            if len(done) == len(names):
                return done
            await asyncio.sleep(_POLL)


async def all_removed(case: Case, kinds: Sequence[str]) -> None:
    """Raise Wrong unless the outcome in each of these systems is `removed`."""
    words = (await case.scene.records.words()).get(case.id, {})
    for kind in kinds:
        word = words.get(ENTRIES[kind][0])
        if word != "removed":
            raise Wrong(f"OFF-{case.id}: {kind} ended as {word}")
