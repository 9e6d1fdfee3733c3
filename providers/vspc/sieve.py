"""What is wanted of a long list, page by page: nothing else of it is kept but by what records are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


def everything(_: object) -> bool:
    """Want all."""
    return True


def each(
    read: Callable[[object], T], is_wanted: Callable[[T], bool] = everything
) -> Callable[[list[object]], Iterator[T]]:
    """Return what reads records one by one as they are asked for, and gives those that are wanted."""
    return lambda records: filter(is_wanted, map(read, records))


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """By what the records of a page are told from others, in their order, and what is kept of them.

    `keys` refuses a page that holds something that is no such record.
    """

    keys: Callable[[list[object]], list[str]]
    keep: Callable[[list[object]], Iterable[T]]


class Sieve(Generic[T]):
    """Takes pages one by one. `seen` are the keys of all records so far, `kept` what is wanted, each once."""

    def __init__(self, wanted: Wanted[T]) -> None:
        self._wanted = wanted
        self.seen: set[str] = set()
        self.kept: list[T] = []

    def take(self, records: list[object]) -> None:
        """Go through one page."""
        keys = self._wanted.keys(records)
        new = set(keys)
        if len(new) < len(keys) or not new.isdisjoint(self.seen):
            records = self._new(keys, records)
        self.seen |= new
        self.kept.extend(self._wanted.keep(records))

    def _new(self, keys: list[str], records: list[object]) -> list[object]:
        """Return the first record of each key that was not seen before."""
        firsts = dict(zip(reversed(keys), reversed(records), strict=True))
        return [firsts[key] for key in dict.fromkeys(keys) if key not in self.seen]
