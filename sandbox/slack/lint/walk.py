"""Holds a value against the tables and reports every place that does not fit, by JSON pointer."""

import re
from collections.abc import Iterator, Mapping

from sandbox.slack.lint.blocks import BLOCKS
from sandbox.slack.lint.elements import CONTEXT_TEXT, ELEMENTS
from sandbox.slack.lint.objects import TEXT_FIELDS
from sandbox.slack.lint.rich_text import RICH
from sandbox.slack.lint.rules import RULES
from sandbox.slack.lint.spec import (
    Finding,
    Flag,
    Many,
    Nullable,
    OneOf,
    Shape,
    Spec,
    Text,
    Whole,
    Words,
)
from sandbox.slack.records import Json

_TABLES: Mapping[str, Mapping[str, Shape]] = {
    "element": {**ELEMENTS, "rich_text": BLOCKS["rich_text"]},
    "object": ELEMENTS,
    "rich": RICH,
    "block": BLOCKS,
}


def check(spec: Spec, value: object, at: str) -> Iterator[Finding]:
    """Yield what is wrong with `value`, which stands at the pointer `at`."""
    if isinstance(spec, Nullable):
        if value is not None:
            yield from check(spec.spec, value, at)
    elif isinstance(spec, Words):
        yield from _words(spec, value, at)
    elif isinstance(spec, Text):
        yield from _text(spec, value, at)
    elif isinstance(spec, Many):
        yield from _many(spec, value, at)
    elif isinstance(spec, OneOf):
        yield from _one_of(spec, value, at)
    elif isinstance(spec, Shape):
        yield from _shape(spec, value, at)
    else:
        yield from _scalar(spec, value, at)


def _scalar(spec: Flag | Whole, value: object, at: str) -> Iterator[Finding]:
    if isinstance(spec, Flag):
        if not isinstance(value, bool):
            yield Finding(at, "must be true or false")
    elif not isinstance(value, int) or isinstance(value, bool):
        yield Finding(at, "must be a whole number")
    elif not spec.least <= value <= spec.most:
        yield Finding(at, f"must be between {spec.least} and {spec.most}")


def _words(spec: Words, value: object, at: str) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield Finding(at, "must be a string")
    elif len(value) < spec.shortest:
        yield Finding(at, f"must be more than {spec.shortest - 1} characters")
    elif len(value) > spec.longest:
        yield Finding(at, f"must be less than {spec.longest + 1} characters, is {len(value)}")
    elif spec.choices and value not in spec.choices:
        yield Finding(at, f"must be one of {sorted(spec.choices)}, is {value!r}")
    elif spec.pattern and not re.fullmatch(spec.pattern, value):
        yield Finding(at, f"must be like {spec.pattern}")


def _text(spec: Text, value: object, at: str) -> Iterator[Finding]:
    if not isinstance(value, dict) or str(value.get("type")) not in spec.kinds:
        yield Finding(at, f"must be a text object of {sorted(spec.kinds)}")
        return
    yield from _unknown(set(value) - TEXT_FIELDS[value["type"]], at)
    yield from _words(Words(spec.longest), value.get("text"), f"{at}/text")
    for name in ("emoji", "verbatim"):
        if name in value:
            yield from check(Flag(), value[name], f"{at}/{name}")


def _many(spec: Many, value: object, at: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield Finding(at, "must be a list")
        return
    if len(value) < spec.least:
        yield Finding(at, f"no fewer than {spec.least} items allowed")
    if len(value) > spec.most:
        yield Finding(at, f"no more than {spec.most} items allowed, are {len(value)}")
    for index, item in enumerate(value):
        yield from check(spec.item, item, f"{at}/{index}")


def _one_of(spec: OneOf, value: object, at: str) -> Iterator[Finding]:
    kind = str(value.get("type")) if isinstance(value, dict) else None
    if kind not in spec.names:
        yield Finding(at, f"unsupported type {kind!r}; here may stand {sorted(spec.names)}")
    elif kind in TEXT_FIELDS:
        yield from _text(CONTEXT_TEXT, value, at)
    else:
        yield from _shape(_TABLES[spec.family][kind], value, at)


def _shape(spec: Shape, value: object, at: str) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield Finding(at, "must be an object")
        return
    found = list(_fields(spec, value, at))
    yield from found
    if not found and spec.name in RULES:
        for message in RULES[spec.name](value):
            yield Finding(at, message)


def _fields(spec: Shape, value: Json, at: str) -> Iterator[Finding]:
    yield from _unknown(set(value) - set(spec.fields) - {"type"}, at)
    for name in sorted(spec.required - set(value)):
        yield Finding(at, f"missing required field: {name}")
    for name in spec.fields:
        if name in value:
            yield from check(spec.fields[name], value[name], f"{at}/{name}")


def _unknown(names: set[str], at: str) -> Iterator[Finding]:
    for name in sorted(names):
        yield Finding(at, f"invalid additional property: {name}")
