"""Domain values as text and back, without loss."""

from __future__ import annotations

import json
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.model import Discovery, Hold, Leaver, Outcome, Person, PlannedSystem
from bot.store.columns import storable

T = TypeVar("T")


class Codec(Generic[T]):
    """Writes frozen values of one type as JSON and reads equal values back.

    What is not Unicode text (lone surrogates from a vendor's JSON) becomes U+FFFD; it then differs from a fresh read,
    and so is decided by a person.
    """

    def __init__(self, kind: type[T]) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def dump(self, value: T) -> str:
        plain = self._adapter.dump_python(value, mode="json")
        return storable(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))

    def load(self, text: str) -> T:
        """Read a value back. ValueError, without a word of what is stored, where it is not one of this type."""
        try:
            return self._adapter.validate_json(text)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise ValueError(f"A stored value cannot be read: {first['type']} at {where or 'its start'}.") from None


leaver = Codec(Leaver)
person = Codec(Person)
discovery = Codec(Discovery)
outcome = Codec(Outcome)
hold = Codec(Hold)
planned: Codec[tuple[PlannedSystem, ...]] = Codec(tuple[PlannedSystem, ...])
