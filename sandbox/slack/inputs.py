"""What a person enters: from values they can see to the exact `view.state.values` that Slack would send."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.slack.normal import text_in
from sandbox.slack.records import Json, NotPossible

State = dict[str, dict[str, Json]]

_FIELD = {
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "datetimepicker": "selected_date_time",
    "email_text_input": "value",
    "multi_static_select": "selected_options",
    "plain_text_input": "value",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "users_select": "selected_user",
}
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_date": "initial_date",
    "selected_date_time": "initial_date_time",
}


def stateful(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield (block, element) for everything that holds a value, wherever a block may carry it."""
    for block in blocks:
        inner = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        for element in inner:
            if isinstance(element, dict) and element.get("type") in _FIELD:
                yield block, element


def initial_state(blocks: Iterable[Json]) -> State:
    """Return what the elements hold before anybody touches them."""
    state: State = {}
    for block, element in stateful(blocks):
        field = _FIELD[element["type"]]
        empty: object = [] if field == "selected_options" else None
        held = element.get(_INITIAL[field], empty)
        state.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], field: held}
    return state


def kept_state(blocks: list[Json], entered: State) -> State:
    """Return the state after an update: entered values stay where block id, action id and type are the same."""
    state = initial_state(blocks)
    for block, element in stateful(blocks):
        old = entered.get(block["block_id"], {}).get(element["action_id"])
        if old is not None and old["type"] == element["type"]:
            state[block["block_id"]][element["action_id"]] = old
    return state


def entered_state(blocks: list[Json], state: State, values: Mapping[str, Any]) -> State:
    """Return `state` with the given values, keyed by label, block_id or action_id. Raise `NotPossible` otherwise."""
    result = {block_id: dict(actions) for block_id, actions in state.items()}
    for key, value in values.items():
        block, element = _named(blocks, key)
        result[block["block_id"]][element["action_id"]] = held(element, value)
    return result


def held(element: Json, value: object) -> Json:
    """Return the state of one element that holds `value`: text, an option's value or text, a user id, a date."""
    field = _FIELD[element["type"]]
    if field == "selected_option":
        value = None if value is None else option_of(element, value)
    elif field == "selected_options":
        value = [option_of(element, item) for item in _listed(value)]
    elif field == "value":
        value = None if value is None or value == "" else str(value)
    return {"type": element["type"], field: value}


def option_of(element: Json, wanted: object) -> Json:
    """Return the option with this value, or with this text, as a person would pick it."""
    options: list[Json] = list(element.get("options", []))
    for group in element.get("option_groups", []):
        options += group["options"]
    for option in options:
        if wanted in (option.get("value"), text_in(option.get("text")), option):
            return option
    raise NotPossible(f"no option {wanted!r} in {[text_in(option.get('text')) for option in options]}")


def label_of(block: Json) -> str:
    return text_in(block.get("label"))


def complaints(blocks: list[Json], state: State) -> dict[str, str]:
    """Map block_id to what Slack itself writes under an input before anything is sent to the bot."""
    found: dict[str, str] = {}
    for block, element in stateful(blocks):
        if block["type"] == "input":
            value = state[block["block_id"]][element["action_id"]][_FIELD[element["type"]]]
            if problem := _complaint(block, element, value):
                found[block["block_id"]] = problem
    return found


def _complaint(block: Json, element: Json, value: object) -> str:
    if not value:
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "email_text_input" and not _looks_like_mail(str(value)):
        return "Please enter a valid email address."
    if element["type"] == "plain_text_input":
        return _length_complaint(element, len(str(value)))
    return ""


def _length_complaint(element: Json, length: int) -> str:
    if length > element.get("max_length", 3000):
        return f"This must be less than {element.get('max_length', 3000) + 1} characters."
    if length < element.get("min_length", 0):
        return f"This must be at least {element['min_length']} characters."
    return ""


def _looks_like_mail(value: str) -> bool:
    local, at, domain = value.partition("@")
    return bool(local and at and "." in domain and " " not in value)


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _named(blocks: list[Json], key: str) -> tuple[Json, Json]:
    """Return the one input that the key means: by label first, then by block_id, then by action_id."""
    inputs = list(stateful(blocks))
    for name_of in (lambda b, _: label_of(b), lambda b, _: b["block_id"], lambda _, e: e["action_id"]):
        found = [(block, element) for block, element in inputs if name_of(block, element) == key]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotPossible(f"{len(found)} inputs are called {key!r}")
    seen = [label_of(block) or block["block_id"] for block, _ in inputs]
    raise NotPossible(f"no input {key!r} in this view; it has {seen}")
