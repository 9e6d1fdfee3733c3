"""Domain values as text and back, without loss."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.model import Discovery, Hold, Leaver, Outcome, Person, PlannedSystem
from bot.store.columns import storable

T = TypeVar("T")
_LONGEST_REMEMBERED: Final = 20_000
"""Characters: what is remembered must not grow with somebody's thousands of accounts."""


class Codec(Generic[T]):
    """Writes frozen values of one type as JSON and reads equal values back.

    What is not Unicode text (lone surrogates from a vendor's JSON) becomes U+FFFD; it then differs from a fresh read,
    and so is decided by a person.
    """

    def __init__(self, kind: type[T], remembered: int = 0) -> None:
        """Remember so many values that were read last: the systems of one case read the same ones side by side."""
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._parsed = lru_cache(remembered)(self._adapter.validate_json) if remembered else self._adapter.validate_json

    def dump(self, value: T) -> str:
        plain = self._adapter.dump_python(value, mode="json")
        return storable(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))

    def load(self, text: str) -> T:
        """Read a value back. ValueError, without a word of what is stored, where it is not one of this type."""
        try:
            return self._parsed(text) if len(text) <= _LONGEST_REMEMBERED else self._adapter.validate_json(text)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise ValueError(f"A stored value cannot be read: {first['type']} at {where or 'its start'}.") from None


leaver = Codec(Leaver, remembered=64)
person = Codec(Person, remembered=64)
discovery = Codec(Discovery, remembered=256)
outcome = Codec(Outcome)
hold = Codec(Hold)
planned: Codec[tuple[PlannedSystem, ...]] = Codec(tuple[PlannedSystem, ...], remembered=64)
