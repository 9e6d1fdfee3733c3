"""A message or view as a person reads it: plain words, names instead of ids, labels of what can be pressed."""

import re
from collections.abc import Iterator

from sandbox.slack.normal import text_in
from sandbox.slack.records import Json
from sandbox.slack.state import State

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MARK = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*_~`])")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def spoken(state: State, blocks: list[Json], text: str = "") -> str:
    """Return the blocks' words, one line a part; a message without blocks is its text."""
    if not blocks:
        return plain(state, text)
    return "\n".join(line for block in blocks for line in _block(state, block) if line)


def plain(state: State, text: str) -> str:
    """Return mrkdwn as it is read: mentions as names, links as their labels, without marks for bold and code."""
    text = _LINK.sub(lambda match: _linked(state, match[1], match[2]), text)
    for _ in range(2):
        text = _MARK.sub(r"\2", text)
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def _linked(state: State, target: str, label: str | None) -> str:
    if target.startswith("@"):
        person = state.people.get(target[1:])
        return "@" + (person.real_name if person else label or target[1:])
    if target.startswith("!subteam^"):
        group = target.removeprefix("!subteam^")
        return "@" + (state.seed.handle_of(group) if group in state.groups else group)
    if target.startswith("#"):
        channel = state.channels.get(target[1:])
        return "#" + (channel.name if channel else label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:]
    return label or target.removeprefix("mailto:")


def _block(state: State, value: object) -> Iterator[str]:
    """Yield the lines of a block, an element, or whatever stands in one, in reading order."""
    if isinstance(value, list):
        for item in value:
            yield from _block(state, item)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _typed(state, value)


def _typed(state: State, value: Json) -> Iterator[str]:
    kind = value.get("type", "")
    if kind in {"mrkdwn", "markdown"}:
        yield plain(state, value.get("text", ""))
    elif kind in {"plain_text", "raw_text", "raw_number"}:
        yield str(value.get("text", value.get("value", "")))
    elif kind.startswith("rich_text"):
        yield rich(state, value)
    elif kind == "table":
        for row in value.get("rows", []):
            yield " | ".join(" ".join(_block(state, cell)) for cell in row)
    elif kind == "image":
        yield value.get("alt_text", "")
    else:
        for key in _READ:
            yield from _block(state, value.get(key))
        yield from _chosen(value)


_READ = (
    "title",
    "rich_text_title",
    "subtitle",
    "label",
    "text",
    "fields",
    "body",
    "element",
    "elements",
    "accessory",
    "tasks",
    "details",
    "output",
    "sources",
    "child_blocks",
    "actions",
    "hint",
)
"""Where a block or an element keeps what is read, in reading order."""


def _chosen(value: Json) -> Iterator[str]:
    """Yield what an untouched input shows: its initial text or options."""
    if "initial_value" in value:
        yield str(value["initial_value"])
    if "initial_option" in value:
        yield text_in(value["initial_option"].get("text"))
    for option in value.get("initial_options", []):
        yield text_in(option.get("text"))


def rich(state: State, value: Json) -> str:
    """Return a rich text part in one string; lists and sections stand on lines of their own."""
    kind = value.get("type", "")
    if kind in _SIMPLE:
        return _SIMPLE[kind].format_map({"text": "", "url": "", "name": "", "value": "", "fallback": "", **value})
    if kind == "link":
        return str(value.get("text") or value.get("url", ""))
    if kind == "user":
        return _linked(state, "@" + value.get("user_id", ""), None)
    if kind == "usergroup":
        return _linked(state, "!subteam^" + value.get("usergroup_id", ""), None)
    if kind == "channel":
        return _linked(state, "#" + value.get("channel_id", ""), None)
    joint = "\n" if kind in {"rich_text", "rich_text_list"} else ""
    return joint.join(rich(state, item) for item in value.get("elements", []))


_SIMPLE = {"text": "{text}", "emoji": ":{name}:", "color": "{value}", "date": "{fallback}", "broadcast": "@{range}"}
