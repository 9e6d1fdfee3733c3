"""What is wanted of a long list, record by record: nothing else of it is kept but by what records are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


def everything(_: object) -> bool:
    """Want all."""
    return True


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """By what a record is told from others, how it is read, and whether what it says is kept.

    `key` refuses what is no such record at all.
    """

    key: Callable[[object], str]
    read: Callable[[object], T]
    is_wanted: Callable[[T], bool]


class Sieve(Generic[T]):
    """Takes pages one by one. `seen` are the keys of all records so far, `kept` what is wanted, each once."""

    def __init__(self, wanted: Wanted[T]) -> None:
        self._wanted = wanted
        self.seen: set[str] = set()
        self.kept: list[T] = []

    def take(self, records: Iterable[object]) -> None:
        """Go through one page."""
        wanted, seen = self._wanted, self.seen
        for record in records:
            key = wanted.key(record)
            if key in seen:
                continue
            seen.add(key)
            one = wanted.read(record)
            if wanted.is_wanted(one):
                self.kept.append(one)
