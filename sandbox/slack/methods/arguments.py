"""The arguments of a Web API call: which a method takes, how they are read from a form or from JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.records import Json, Refused

_EVERYWHERE = frozenset({"team_id"})
"""What every method takes: the SDK adds it to each call once Bolt has learned the team."""
_TRUE = frozenset({"1", "true", "True"})


@dataclass(frozen=True, slots=True)
class Signature:
    """Argument names and kinds of one method, written "name", "name*" (required), "name:kind"."""

    kinds: Mapping[str, str]
    required: frozenset[str]


def signature(*names: str) -> Signature:
    """Build a signature; kinds are text (the default), flag, number, json and anything."""
    kinds, required = {}, set()
    for written in names:
        name, _, kind = written.partition(":")
        bare = name.removesuffix("*")
        kinds[bare] = kind or "text"
        if name != bare:
            required.add(bare)
    return Signature(kinds, frozenset(required))


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments as values of their kinds; what was not sent is absent."""

    values: Json
    unknown: tuple[str, ...] = field(default=())

    def text(self, name: str, default: str = "") -> str:
        return str(self.values.get(name, default))

    def maybe(self, name: str) -> str | None:
        return str(self.values[name]) if self.values.get(name) else None

    def flag(self, name: str) -> bool:
        return bool(self.values.get(name, False))

    def number(self, name: str, default: int) -> int:
        return int(self.values.get(name, default))

    def json(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON the bot sent; the linter looks at it
        return self.values.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self.values


def read(signature: Signature, sent: Json) -> Arguments:
    """Read what was sent. Raise `Refused` where something required is missing or cannot be what it must be."""
    values = {name: _value(name, signature.kinds[name], sent[name]) for name in sent if name in signature.kinds}
    values = {name: value for name, value in values.items() if value is not None}
    missing = sorted(signature.required - {name for name, value in values.items() if value != ""})
    if missing:
        raise invalid(*(f"[ERROR] missing required field: {name}" for name in missing))
    return Arguments(values, tuple(sorted(set(sent) - set(signature.kinds) - _EVERYWHERE)))


def invalid(*messages: str) -> Refused:
    """Return the refusal that Slack gives with its pointers, for the caller to raise."""
    return Refused("invalid_arguments", response_metadata={"messages": list(messages)})


def _value(name: str, kind: str, sent: object) -> object:
    if kind == "flag":
        return sent if isinstance(sent, bool) else str(sent) in _TRUE
    if kind == "number":
        return _number(name, sent)
    if kind == "json":
        return _parsed(name, sent) if isinstance(sent, str) else sent
    if kind == "text" and isinstance(sent, dict | list):
        raise Refused("invalid_array_arg")
    return sent


def _number(name: str, sent: object) -> int:
    try:
        return int(str(sent))
    except ValueError:
        raise invalid(f"[ERROR] must be a number: {name}") from None


def _parsed(name: str, sent: str) -> object:
    if not sent:
        return None
    try:
        return json.loads(sent)
    except ValueError:
        if name == "blocks":
            raise Refused("invalid_blocks_format") from None
        if name == "metadata":
            raise Refused("invalid_metadata_format") from None
        raise invalid(f"[ERROR] failed to parse: {name}") from None
