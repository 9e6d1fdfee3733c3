"""The language of the linter's tables: what a value may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Family: TypeAlias = Literal["object", "element", "rich", "block"]


@dataclass(frozen=True, slots=True)
class Words:
    """A string of so many characters, perhaps one of `choices`, perhaps in full like `pattern`."""

    longest: int
    shortest: int = 1
    choices: frozenset[str] = frozenset()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text object of so many characters, of one of these kinds."""

    longest: int
    kinds: frozenset[str] = frozenset({"plain_text", "mrkdwn"})


@dataclass(frozen=True, slots=True)
class Many:
    """A list of so many."""

    item: "Spec"
    most: int
    least: int = 1


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object whose `type` is one of `names` in the table of that family."""

    family: Family
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these fields and no others; `required` ones must be there."""

    fields: "Mapping[str, Spec]"
    required: frozenset[str] = field(default_factory=frozenset)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Nullable:
    spec: "Spec"


Spec: TypeAlias = Words | Flag | Whole | Text | Many | OneOf | Shape | Nullable

PLAIN = frozenset({"plain_text"})


def plain(longest: int) -> Text:
    return Text(longest, PLAIN)


def one_of(family: Family, *names: str) -> OneOf:
    return OneOf(family, frozenset(names))


def choice(*words: str) -> Words:
    return Words(255, choices=frozenset(words))


def shape(name: str, required: "Mapping[str, Spec]", optional: "Mapping[str, Spec]") -> Shape:
    return Shape({**required, **optional}, frozenset(required), name)


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect. `fatal`: Slack refuses the payload for it; else it is this house that does not want it."""

    pointer: str
    message: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}"
