"""The ways of logging on to one system: an entry uses exactly one, and uses it whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, TypeAlias

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Way: TypeAlias = tuple[str, ...]
"""The names of the fields that log on together."""


def must_be_one(ways: Sequence[Way], given: set[str]) -> None:
    """Raise ValidationError, naming the key at fault, unless the given fields are those of exactly one way."""
    if not ways or given in [set(way) for way in ways]:
        return
    # What is meant is the way of which most is there; the rest is then too little or too much.
    meant = max(ways, key=lambda way: (len(given.intersection(way)), -len(set(way) - given)))
    if not given:
        _refuse(meant[0], f"missing: log on with {_listed(ways)}")
    lacking = [name for name in meant if name not in given]
    if lacking:
        _refuse(lacking[0], f"missing: log on with {_listed(ways)}")
    beside = next(name for way in ways for name in way if name in given and name not in meant)
    _refuse(beside, f"does not go with {meant[0]}: log on with {_listed(ways)}")


def _listed(ways: Sequence[Way]) -> str:
    return ", or ".join(" + ".join(way) for way in ways)


def _refuse(key: str, text: str) -> NoReturn:
    error = PydanticCustomError("one_way_in", "{text}", {"text": text})
    raise ValidationError.from_exception_data(
        "log-on", [InitErrorDetails(type=error, loc=(key,), input=None)], hide_input=True
    )
