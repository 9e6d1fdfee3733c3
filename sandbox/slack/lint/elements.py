"""Block elements, field by field ("Block Kit reference", block elements)."""

from collections.abc import Mapping

from sandbox.slack.lint.objects import (
    ANY_OPTION,
    CONFIRM,
    DISPATCH,
    FLAG,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    SLACK_FILE,
)
from sandbox.slack.lint.spec import Many, Shape, Spec, Text, Whole, Words, choice, plain, shape

_USER = Words(255, pattern=r"[UW][A-Z0-9]+")
_ACTION: Mapping[str, Spec] = {"action_id": Words(255)}
_INPUT: Mapping[str, Spec] = {**_ACTION, "focus_on_load": FLAG}
_PICKER: Mapping[str, Spec] = {**_INPUT, "confirm": CONFIRM, "placeholder": plain(150)}
_TYPED: Mapping[str, Spec] = {**_INPUT, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
_CHOICES: Mapping[str, Spec] = {"options": Many(PLAIN_OPTION, 100), "option_groups": Many(OPTION_GROUP, 100)}

ELEMENTS: Mapping[str, Shape] = {
    "button": shape(
        "button",
        {"text": plain(75)},
        {
            **_ACTION,
            "url": Words(3000),
            "value": Words(2000),
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": Words(75),
            "visible_to_user_ids": Many(_USER, 1000),
            "agent_prompt": Words(4000),
            "agent_prompt_display": Words(4000),
        },
    ),
    "static_select": shape("static_select", {}, {**_PICKER, **_CHOICES, "initial_option": PLAIN_OPTION}),
    "multi_static_select": shape(
        "multi_static_select",
        {},
        {
            **_PICKER,
            **_CHOICES,
            "initial_options": Many(PLAIN_OPTION, 100),
            "max_selected_items": Whole(1, 100),
        },
    ),
    "users_select": shape("users_select", {}, {**_PICKER, "initial_user": _USER}),
    "plain_text_input": shape(
        "plain_text_input",
        {},
        {
            **_TYPED,
            "initial_value": Words(3000, shortest=0),
            "multiline": FLAG,
            "min_length": Whole(0, 3000),
            "max_length": Whole(1, 3000),
        },
    ),
    "email_text_input": shape("email_text_input", {}, {**_TYPED, "initial_value": Words(3000, shortest=0)}),
    "checkboxes": shape(
        "checkboxes",
        {"options": Many(ANY_OPTION, 10)},
        {**_INPUT, "confirm": CONFIRM, "initial_options": Many(ANY_OPTION, 10)},
    ),
    "radio_buttons": shape(
        "radio_buttons",
        {"options": Many(ANY_OPTION, 10)},
        {**_INPUT, "confirm": CONFIRM, "initial_option": ANY_OPTION},
    ),
    "datepicker": shape("datepicker", {}, {**_PICKER, "initial_date": Words(10, pattern=r"\d{4}-\d{2}-\d{2}")}),
    "datetimepicker": shape(
        "datetimepicker",
        {},
        {**_INPUT, "confirm": CONFIRM, "initial_date_time": Whole(1_000_000_000, 9_999_999_999)},
    ),
    "overflow": shape("overflow", {"options": Many(OVERFLOW_OPTION, 5)}, {**_ACTION, "confirm": CONFIRM}),
    "image": shape("image", {"alt_text": Words(2000)}, {"image_url": Words(3000), "slack_file": SLACK_FILE}),
    "url": shape("url", {"url": Words(3000), "text": Words(3000)}, {}),
    "raw_text": shape("raw_text", {"text": Words(3000)}, {}),
    "raw_number": shape("raw_number", {"value": Whole(-(10**15), 10**15)}, {"text": Words(3000)}),
}
"""By type. `url` stands only in a task's sources, `raw_text` and `raw_number` only in a table's cells."""

IN_SECTION = (
    "button",
    "checkboxes",
    "datepicker",
    "image",
    "multi_static_select",
    "overflow",
    "radio_buttons",
    "static_select",
    "users_select",
)
IN_ACTIONS = (
    "button",
    "checkboxes",
    "datepicker",
    "datetimepicker",
    "overflow",
    "radio_buttons",
    "static_select",
    "users_select",
)
IN_INPUT = (
    "checkboxes",
    "datepicker",
    "datetimepicker",
    "email_text_input",
    "multi_static_select",
    "plain_text_input",
    "radio_buttons",
    "static_select",
    "users_select",
)

CONTEXT_TEXT = Text(2000)
