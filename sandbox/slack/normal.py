"""How Slack keeps what it was sent: blocks and elements without an id get one, text objects get their defaults."""

import copy
import secrets

from sandbox.slack.records import Json

_INTERACTIVE = frozenset(
    {
        "button",
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "multi_static_select",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "static_select",
        "users_select",
    }
)


def normal_blocks(blocks: list[Json]) -> list[Json]:
    """Return a copy of the blocks as Slack would give them back."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        _settle(block)
    return kept


def text_in(value: object) -> str:
    """Return the words of a text object, "" where there is none."""
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def _settle(value: object) -> None:
    if isinstance(value, list):
        for item in value:
            _settle(item)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in _INTERACTIVE:
            value.setdefault("action_id", secrets.token_urlsafe(4))
        elif kind == "plain_text":
            value.setdefault("emoji", True)
        elif kind == "mrkdwn":
            value.setdefault("verbatim", False)
        for item in list(value.values()):
            _settle(item)
