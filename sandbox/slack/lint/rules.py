"""What no single field can tell: fields that exclude or need one another, options that must be among others."""

from collections.abc import Callable, Iterator, Mapping

from sandbox.slack.records import Json

Rule = Callable[[Json], Iterator[str]]


def _exactly_one(*names: str) -> Rule:
    def rule(value: Json) -> Iterator[str]:
        if sum(name in value for name in names) != 1:
            yield f"exactly one of {', '.join(names)} must be there"

    return rule


def _at_least_one(*names: str) -> Rule:
    def rule(value: Json) -> Iterator[str]:
        if not any(name in value for name in names):
            yield f"one of {', '.join(names)} must be there"

    return rule


def _both(*rules: Rule) -> Rule:
    def rule(value: Json) -> Iterator[str]:
        for each in rules:
            yield from each(value)

    return rule


def _initial_among(value: Json) -> Iterator[str]:
    """What is chosen at the start must be one of the options, exactly as it stands among them."""
    options = list(_dicts(value.get("options")))
    for group in _dicts(value.get("option_groups")):
        options += list(_dicts(group.get("options")))
    initial = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    if any(option not in options for option in initial if isinstance(initial, list)):
        yield "what is chosen at the start is not among the options"
    values = [option.get("value") for option in options]
    if len(values) != len(set(map(str, values))):
        yield "two options have the same value"


def _distinct_actions(value: Json) -> Iterator[str]:
    ids = [element["action_id"] for element in _dicts(value.get("elements")) if "action_id" in element]
    for action_id in sorted({str(each) for each in ids if ids.count(each) > 1}):
        yield f"action_id {action_id!r} stands twice in the block"


def _lengths_agree(value: Json) -> Iterator[str]:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield "min_length is above max_length"


def _same_width(value: Json) -> Iterator[str]:
    rows = value.get("rows")
    if isinstance(rows, list) and len({len(row) for row in rows if isinstance(row, list)}) > 1:
        yield "the rows are of different length"


def _distinct_tasks(value: Json) -> Iterator[str]:
    ids = [task.get("task_id") for task in _dicts(value.get("tasks"))]
    if len(ids) != len(set(map(str, ids))):
        yield "two tasks have the same task_id"


def _collapsing(value: Json) -> Iterator[str]:
    if value.get("has_header_divider") and value.get("is_collapsible"):
        yield "has_header_divider does not go with is_collapsible"
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        yield "default_collapsed needs is_collapsible"


def _enough_chosen(value: Json) -> Iterator[str]:
    initial = value.get("initial_options")
    if isinstance(initial, list) and len(initial) > value.get("max_selected_items", 100):
        yield "more are chosen at the start than max_selected_items"


def _dicts(value: object) -> Iterator[Json]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


_SELECT = _both(_exactly_one("options", "option_groups"), _initial_among)

RULES: Mapping[str, Rule] = {
    "section": _at_least_one("text", "fields"),
    "image": _exactly_one("image_url", "slack_file"),
    "slack_file": _exactly_one("id", "url"),
    "actions": _distinct_actions,
    "static_select": _SELECT,
    "multi_static_select": _both(_SELECT, _enough_chosen),
    "checkboxes": _initial_among,
    "radio_buttons": _initial_among,
    "plain_text_input": _lengths_agree,
    "table": _same_width,
    "plan": _distinct_tasks,
    "card": _at_least_one("title", "body", "hero_image", "actions"),
    "container": _both(_at_least_one("title", "rich_text_title"), _collapsing),
}
"""By the name of the shape."""
