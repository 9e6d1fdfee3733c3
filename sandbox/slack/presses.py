"""Pressing a button or picking from a menu, in a message or in a view: finds the element, builds block_actions."""

from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.desk import Desk
from sandbox.slack.inputs import entered_state, held, initial_state, option_of
from sandbox.slack.normal import text_in
from sandbox.slack.records import Json, Message, NotPossible, Result, View

_SHOWN = ("text", "value", "style", "placeholder", "url", "confirm")


async def press(
    desk: Desk, user: str, message: Message, action_id: str, block_id: str | None, value: object, *, forged: bool
) -> Result:
    """Press what stands in `message` as it was given; an older value of it is a press that crossed an edit."""
    person, state = desk.person(user), desk.backend.state
    current = desk.visible(user, message)
    block, element = _the_one(message.blocks, user, action_id, block_id, value, forged=forged)
    action = _action(desk, block, element, value)
    values = initial_state(current.blocks)
    if element["type"] in _HOLDING:
        values.setdefault(block["block_id"], {})[action_id] = held(element, value)
    payload = payloads.interaction("block_actions", person) | payloads.in_message(state, current)
    payload |= {
        "trigger_id": desk.backend.triggers.make(user),
        "response_url": desk.hooks.make(user, current.channel, current),
        "state": {"values": values},
        "actions": [action],
    }
    return desk.shown(user, await desk.press(payload))


async def press_in_view(
    desk: Desk, user: str, view: View, action_id: str, block_id: str | None, value: object, values: dict[str, Any]
) -> Result:
    """Press what stands in an open view; `values` is what was typed before, by label, and goes along as state."""
    person, screens = desk.person(user), desk.backend.screens
    current = screens.open_view(view.id)
    if current is None or current.opened_for != user:
        raise NotPossible(f"{user} has no such view open")
    block, element = _the_one(view.blocks, user, action_id, block_id, value, forged=False)
    entered = entered_state(current.blocks, current.state, values)
    if element["type"] in _HOLDING:
        entered[block["block_id"]][action_id] = held(element, value)
    current = screens.enter(current, entered)
    payload = payloads.interaction("block_actions", person) | payloads.in_view(current)
    payload |= {
        "trigger_id": desk.backend.triggers.make(user),
        "actions": [_action(desk, block, element, value)],
    }
    return desk.shown(user, await desk.press(payload))


def elements(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield (block, element) for everything that can be pressed or picked, cards and containers included."""
    for block in blocks:
        yield from elements(block.get("child_blocks", []))
        inner = [*block.get("elements", []), *block.get("actions", []), block.get("accessory")]
        dispatching = block.get("element") if block.get("dispatch_action") else None
        for element in [*inner, dispatching]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


_HOLDING = frozenset(
    {
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "multi_static_select",
        "plain_text_input",
        "radio_buttons",
        "static_select",
        "users_select",
    }
)


def _the_one(
    blocks: list[Json], user: str, action_id: str, block_id: str | None, value: object, *, forged: bool
) -> tuple[Json, Json]:
    here = [(block, element) for block, element in elements(blocks) if forged or _sees(user, element)]
    fitting = [
        (block, element)
        for block, element in here
        if element["action_id"] == action_id and block_id in {None, block["block_id"]} and _fits(element, value)
    ]
    if len(fitting) != 1:
        seen = [(element["action_id"], element.get("value", "")) for _, element in here]
        raise NotPossible(f"{len(fitting)} elements fit {action_id!r} for {user}; there are {seen}")
    return fitting[0]


def _sees(user: str, element: Json) -> bool:
    only = element.get("visible_to_user_ids")
    return only is None or user in only


def _fits(element: Json, value: object) -> bool:
    return element["type"] != "button" or value is None or element.get("value") == value


def _action(desk: Desk, block: Json, element: Json, value: object) -> Json:
    kind = element["type"]
    action: Json = {"action_id": element["action_id"], "block_id": block["block_id"]}
    action |= {key: element[key] for key in _SHOWN if key in element}
    if kind in _HOLDING:
        action |= held(element, value)
    elif kind == "overflow":
        action["selected_option"] = option_of(element, value)
    return action | {"type": kind, "action_ts": desk.backend.state.next_ts()}


def buttons(message: Message, user: str) -> list[str]:
    """Return the labels of the buttons that this person sees in a message, in reading order."""
    found = (e for _, e in elements(message.blocks) if e["type"] == "button" and _sees(user, e))
    return [text_in(element["text"]) for element in found]
