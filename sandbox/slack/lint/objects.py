"""Composition objects: options, confirm dialogs, dispatch settings ("Block Kit reference", composition objects)."""

from collections.abc import Mapping

from sandbox.slack.lint.spec import PLAIN, Flag, Many, Shape, Spec, Text, Words, choice, plain, shape


def option(kinds: frozenset[str], **more: Spec) -> Shape:
    """An option: text and description 75 characters, value 150."""
    return shape("option", {"text": Text(75, kinds), "value": Words(150)}, {"description": Text(75, kinds), **more})


PLAIN_OPTION = option(PLAIN)
ANY_OPTION = option(frozenset({"plain_text", "mrkdwn"}))
OVERFLOW_OPTION = option(PLAIN, url=Words(3000))
OPTION_GROUP = shape("option group", {"label": plain(75), "options": Many(PLAIN_OPTION, 100)}, {})

CONFIRM = shape(
    "confirm",
    {"title": plain(100), "text": Text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
DISPATCH = shape(
    "dispatch_action_config",
    {"trigger_actions_on": Many(choice("on_enter_pressed", "on_character_entered"), 2)},
    {},
)
SLACK_FILE = shape("slack_file", {}, {"id": Words(255), "url": Words(3000)})

TEXT_FIELDS: Mapping[str, frozenset[str]] = {
    "plain_text": frozenset({"type", "text", "emoji"}),
    "mrkdwn": frozenset({"type", "text", "verbatim"}),
}
"""The keys of the two text objects."""

FLAG = Flag()
