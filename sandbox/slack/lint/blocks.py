"""Blocks, field by field, and the surfaces each may stand on ("Block Kit reference", blocks)."""

from collections.abc import Mapping

from sandbox.slack.lint.elements import IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.slack.lint.objects import FLAG, SLACK_FILE
from sandbox.slack.lint.rich_text import PARAGRAPHS
from sandbox.slack.lint.spec import Many, Nullable, Shape, Spec, Text, Words, choice, one_of, plain, shape

_ID: Mapping[str, Spec] = {"block_id": Words(255)}
_RICH = one_of("block", "rich_text")
_IMAGE = one_of("element", "image")
_COLUMN = shape("column", {}, {"align": choice("left", "center", "right"), "is_wrapped": FLAG})
_CELL = one_of("element", "raw_text", "raw_number", "rich_text")
_IN_CONTAINER = ("actions", "context", "divider", "header", "image", "rich_text", "section")


def _block(name: str, required: Mapping[str, Spec], optional: Mapping[str, Spec] | None = None) -> Shape:
    return shape(name, required, {**_ID, **(optional or {})})


BLOCKS: Mapping[str, Shape] = {
    "section": _block(
        "section",
        {},
        {
            "text": Text(3000),
            "fields": Many(Text(2000), 10),
            "accessory": one_of("element", *IN_SECTION),
            "expand": FLAG,
        },
    ),
    "divider": _block("divider", {}),
    "image": _block(
        "image",
        {"alt_text": Words(2000)},
        {"image_url": Words(3000), "slack_file": SLACK_FILE, "title": plain(2000)},
    ),
    "actions": _block("actions", {"elements": Many(one_of("element", *IN_ACTIONS), 25)}),
    "context": _block("context", {"elements": Many(one_of("object", "image", "plain_text", "mrkdwn"), 10)}),
    "input": _block(
        "input",
        {"label": plain(2000), "element": one_of("element", *IN_INPUT)},
        {"hint": plain(2000), "optional": FLAG, "dispatch_action": FLAG},
    ),
    "header": _block("header", {"text": plain(150)}),
    "rich_text": _block("rich_text", {"elements": Many(one_of("rich", *PARAGRAPHS), 1000)}),
    "markdown": _block("markdown", {"text": Words(12_000)}),
    "table": _block(
        "table",
        {"rows": Many(Many(_CELL, 20), 100)},
        {"column_settings": Many(Nullable(_COLUMN), 20)},
    ),
    "plan": _block("plan", {"title": Words(3000)}, {"tasks": Many(one_of("block", "task_card"), 1000)}),
    "task_card": _block(
        "task_card",
        {
            "task_id": Words(255),
            "title": Words(3000),
            "status": choice("pending", "in_progress", "complete", "error"),
        },
        {"details": _RICH, "output": _RICH, "sources": Many(one_of("element", "url"), 100)},
    ),
    "alert": _block("alert", {"text": Text(3000)}, {"level": choice("default", "info", "warning", "error", "success")}),
    "card": _block(
        "card",
        {},
        {
            "title": Text(150),
            "subtitle": Text(150),
            "body": Text(200),
            "icon": _IMAGE,
            "hero_image": _IMAGE,
            "actions": Many(one_of("element", "button"), 25),
        },
    ),
    "container": _block(
        "container",
        {"child_blocks": Many(one_of("block", *_IN_CONTAINER), 10)},
        {
            "title": plain(150),
            "rich_text_title": _RICH,
            "subtitle": Text(150),
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": _IMAGE,
            "is_collapsible": FLAG,
            "default_collapsed": FLAG,
            "has_header_divider": FLAG,
        },
    ),
}

_EVERYWHERE = frozenset({"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section"})

SURFACES: Mapping[str, frozenset[str]] = {
    "message": _EVERYWHERE | {"container", "markdown", "plan", "table", "task_card"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | {"table"},
}
"""Which blocks may stand on which surface."""

BLOCK_COUNTS: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}
