"""Payloads as a hostile client would like them: written by hand, delivered as Slack delivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.model import CaseState, PlanState
from bot.store.tables import refusal_counts
from handlers.dialogs import seal
from handlers.origins import MESSAGES
from handlers.shown import flat
from sandbox.slack import payloads
from sandbox.slack.delivery import Answer
from sandbox.slack.people import APP_ID, TEAM_ID
from sandbox.slack.records import Json, Message
from tests.handlers.conftest import CHANNEL, Stage


@dataclass(frozen=True)
class Hand:
    """Whose hand it is, and what it writes into the payload besides."""

    user: str = "U0BEN"
    team: object = TEAM_ID
    beside: tuple[tuple[str, object], ...] = ()


def interaction(stage: Stage, kind: str, hand: Hand) -> Json:
    person = stage.workspace.as_person(hand.user).person
    payload = payloads.interaction(kind, person)
    payload["user"]["team_id"] = hand.team
    payload["team"] = {"id": hand.team, "domain": "acme"}
    return payload | dict(hand.beside)


def carrier(stage: Stage, action_id: str) -> Message:
    """The message of the first case that carries a button, or carried it; the root where none ever did."""
    first = stage.workspace.messages(CHANNEL)[-1] if len(stage.workspace.messages(CHANNEL)) < 2 else None
    for root in stage.workspace.messages(CHANNEL):
        for message in stage.workspace.messages(CHANNEL, root.ts):
            named = (message.metadata or {}).get("event_payload") or {}
            if named.get("case") == 1 and judged_key(str(named.get("key")), action_id):
                return message
    return first or stage.workspace.messages(CHANNEL)[0]


def judged_key(key: str, action_id: str) -> bool:
    """Whether a message of this key may carry the button."""
    return any(key.startswith(one.partition("{")[0]) for one in MESSAGES.get(action_id, ()))


async def press(stage: Stage, action_id: str, value: object, hand: Hand, message: Message | None = None) -> Answer:
    """A click on a button with this value, where it stands in the first case or in the message given."""
    at = message or carrier(stage, action_id)
    desk = stage.workspace._desk
    action = {"action_id": action_id, "block_id": "b", "type": "button", "value": value}
    where = {"type": "message", "message_ts": at.ts, "channel_id": at.channel, "thread_ts": at.root_ts}
    payload = interaction(stage, "block_actions", hand) | {
        "container": where,
        "channel": {"id": at.channel, "name": "privategroup"},
        "message": {"ts": at.ts, "thread_ts": at.root_ts, "blocks": at.blocks},
        "trigger_id": desk.backend.triggers.make(hand.user),
        "response_url": desk.hooks.make(hand.user, at.channel, at),
        "actions": [action],
    }
    return await stage.workspace.sockets.deliver("interactive", payload | dict(hand.beside))


async def submit(
    stage: Stage, callback_id: str, metadata: object, values: Json, hand: Hand, *, opened: bool = True
) -> Answer:
    """A form of that name with this metadata, as if it had been `opened` for that person about just that."""
    if opened and isinstance(metadata, str):
        sealed, dialog = seal({"callback_id": callback_id, "private_metadata": metadata}, hand.user)
        await stage.cases.keep_dialog(dialog)
        metadata = sealed["private_metadata"]
    view = {
        "id": "V0FORGED",
        "team_id": TEAM_ID,
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "hash": "1.a",
        "app_id": APP_ID,
        "blocks": [],
        "state": {"values": values},
    }
    payload = interaction(stage, "view_submission", hand) | {"view": view, "response_urls": []}
    return await stage.workspace.sockets.deliver("interactive", payload | dict(hand.beside))


async def command(stage: Stage, text: str, hand: Hand) -> Answer:
    """The command, typed by that person."""
    desk = stage.workspace._desk
    person, channel = desk.person(hand.user), desk.channel_of(hand.user, CHANNEL)
    trigger_id = desk.backend.triggers.make(hand.user)
    payload = payloads.command(person, channel, "/offboard", text, trigger_id, desk.hooks.make(hand.user, CHANNEL))
    return await stage.workspace.sockets.deliver("slash_commands", payload | {"team_id": hand.team} | dict(hand.beside))


@dataclass(frozen=True)
class World:
    """All that a forged payload must leave as it is."""

    cases: tuple[tuple[int, CaseState, int, int, object], ...]
    plans: tuple[tuple[int, str, PlanState], ...]
    approvals: tuple[tuple[int, str], ...]
    outcomes: tuple[tuple[str, str, str], ...]
    queue: tuple[object, ...]
    standing: tuple[str, ...]
    asked_of_systems: int

    @staticmethod
    async def of(stage: Stage) -> World:
        views = [view for case in await stage.store.cases() if (view := await stage.store.view(case.id)) is not None]
        systems = stage.systems.systems
        return World(
            tuple((v.case.id, v.case.state, v.case.turn, v.case.attempt, v.case.hold) for v in views),
            tuple((p.turn, p.digest, p.state) for v in views for p in v.plans),
            tuple((a.turn, a.user_id) for v in views for a in v.approvals),
            tuple((o.system, o.account_id, o.word) for v in views for o in v.outcomes),
            tuple(stage.engine.queue),
            tuple(sorted(f"{system.name} {one}" for system in systems for one in system.accounts)),
            sum(len(system.writes()) for system in systems),
        )


async def refusals(stage: Stage) -> int:
    """How many refusals were logged, in the chains of all cases and in that of refusals, or only counted."""
    names = ["refusals", *(f"case:{case.id}" for case in await stage.store.cases())]
    chains = [await stage.store.chain(name) for name in names]
    async with stage.store.reading() as connection:
        counts = (await connection.execute(select(refusal_counts.c["count"]))).scalars().all()
    logged = sum(event.kind in {"refused", "forged click"} for chain in chains for event in chain.events)
    return logged + sum(int(count) - 1 for count in counts)


def words_of(answer: Answer) -> list[str]:
    """What the person reads in the answer itself: errors under fields, or a dialog that says something."""
    body: dict[str, Any] = answer.body
    blocks = (body.get("view") or {}).get("blocks") or body.get("blocks") or []
    shown = flat(blocks)
    return [
        *(body.get("errors") or {}).values(),
        *([shown] if shown else []),
        *([body["text"]] if body.get("text") else []),
    ]
