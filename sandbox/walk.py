"""One whole case by itself: asked by one person, approved by another, checked against the systems."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.slack.workspace import Message, Workspace
from sandbox.stage import CHANNEL, Stage
from sandbox.systems.all import ENTRIES

WORDS = ("removed", "absent", "scheduled", "manual", "skipped", "refused", "failed", "unconfirmed")
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Thread:
    """A case's messages in the workspace."""

    workspace: Workspace
    root_ts: str

    @property
    def root(self) -> Message:
        return self.workspace.messages(CHANNEL, self.root_ts)[0]

    def messages(self) -> list[Message]:
        return self.workspace.messages(CHANNEL, self.root_ts)

    def with_button(self, action_id: str) -> Message | None:
        """The newest message that has such a button."""
        found = [message for message in self.messages() if action_id in _actions(message)]
        return found[-1] if found else None

    def closing(self) -> Message | None:
        """The message that was also sent to the channel."""
        return next((message for message in self.messages() if message.reply_broadcast), None)

    def has_settled(self, systems: int) -> bool:
        """Whether the root says that it is over and every system's own card shows its word."""
        over = not any(state in self.workspace.text_of(self.root) for state in ("looking:", "waiting:", "running:"))
        cards = [message for message in self.messages() if not message.reply_broadcast]
        return over and len(self._words(cards)) == systems

    def words(self) -> dict[str, str]:
        """Of each system's label, the outcome word that its card or line in the thread shows."""
        return self._words(self.messages())

    def _words(self, messages: list[Message]) -> dict[str, str]:
        text = "\n".join(self.workspace.text_of(message) for message in messages)
        lines = text.lower().splitlines()
        return {
            label: word
            for _, label in ENTRIES.values()
            for word in WORDS
            for line in lines
            if line.startswith(f"{label.lower()}: {word}")
        }


async def open_case(play: Stage, mail: str, requester: str = "U0AMY") -> Thread:
    """Ask for an offboarding as that person would, and wait for the case."""
    workspace = play.workspace
    before = {message.ts for message in workspace.messages(CHANNEL)}
    asking = workspace.as_person(requester)
    shown = await asking.command(f"/offboard {mail}")
    if shown.view is None:
        raise AssertionError(f"no form was shown: {shown}")
    sent = await asking.submit(shown.view, {})
    if not sent.ok:
        raise AssertionError(f"the form was not taken: {sent.field_errors or sent.error}")
    root = await workspace.until(lambda: _new(workspace, before), _SECONDS)
    return Thread(workspace, root.ts)


def _new(workspace: Workspace, before: set[str]) -> Message | None:
    return next((message for message in workspace.messages(CHANNEL) if message.ts not in before), None)


async def approve(thread: Thread, approver: str = "U0BEN") -> None:
    """Wait for the plan and press Approve as that person."""
    plan = await thread.workspace.until(lambda: thread.with_button("approve"), _SECONDS)
    await thread.workspace.as_person(approver).press(plan, "approve")


async def walk(play: Stage, mail: str) -> bool:
    """Play one case and print the thread; True where the systems agree with every outcome."""
    before = standing(play, mail)
    thread = await open_case(play, mail)
    printing = asyncio.create_task(_print_all(thread))
    await approve(thread)
    await thread.workspace.until(thread.closing, _SECONDS)
    await thread.workspace.until(lambda: thread.has_settled(len(play.world.by_kind)), _SECONDS)
    printing.cancel()
    await asyncio.gather(printing, return_exceptions=True)
    _print_outcomes(thread)
    wrong = disagreements(play, mail, thread.words(), before)
    for line in wrong:
        print(f"WRONG: {line}", flush=True)
    print("The systems agree with every outcome." if not wrong else "The systems do not agree.", flush=True)
    return not wrong


def standing(play: Stage, mail: str) -> dict[str, frozenset[str]]:
    """Return, for each system, everything that stands there and is not this person's."""
    found = {}
    for kind, simulator in play.world.by_kind.items():
        own = simulator.of(mail)
        parts = tuple(f"{handle}#" for handle in own)
        found[kind] = frozenset(one for one in simulator.standing() if one not in own and not one.startswith(parts))
    return found


def disagreements(play: Stage, mail: str, words: Mapping[str, str], before: Mapping[str, frozenset[str]]) -> list[str]:
    """Return what the thread says and the systems do not, and whatever of others is gone."""
    wrong = []
    for kind, simulator in play.world.by_kind.items():
        label = ENTRIES[kind][1]
        word, left = words.get(label), simulator.of(mail)
        if word not in {"removed", "absent"} or left:
            wrong.append(f"{label}: the thread says {word}, the system still has {sorted(left) or 'nothing'}")
        lost = before[kind] - simulator.standing()
        if lost:
            wrong.append(f"{label}: more is gone than should be: {sorted(lost)}")
    wrong += [f"the messages: {finding}" for finding in play.workspace.lint_findings]
    return wrong


async def _print_all(thread: Thread) -> None:
    seen: set[str] = set()
    while True:
        fresh = await thread.workspace.until(
            lambda: [message for message in thread.messages() if message.ts not in seen], _SECONDS
        )
        for message in fresh:
            seen.add(message.ts)
            _print(thread.workspace.text_of(message), "channel" if message.ts == thread.root_ts else "thread")


def _print_outcomes(thread: Thread) -> None:
    for message in thread.messages():
        if message.edited:
            _print(thread.workspace.text_of(message), "edited")


def _print(text: str, where: str) -> None:
    print(f"[{where}]", *(f"    {line}" for line in text.splitlines()), sep="\n", flush=True)


def _actions(message: Message) -> set[str]:
    return {
        str(element.get("action_id"))
        for block in message.blocks
        if block.get("type") == "actions"
        for element in block.get("elements", [])
    }
