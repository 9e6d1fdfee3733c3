"""The console's whole lists, shared between looks for a minute: of each entry only what a person is found by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from providers.http import Door
from providers.snapshot import MOST_SHARED, SHARED_FOR, Snapshot
from providers.vspc.console import Console
from providers.vspc.shapes import Identity, User

T = TypeVar("T")


class Lists:
    """For looks where the console takes no filter, and for its rules. Whoever is found by them is read anew."""

    def __init__(self, console: Console, door: Door) -> None:
        self._console = console
        self._users: Snapshot[tuple[str, ...]] = Snapshot.of(door, "users")
        self._identities: Snapshot[tuple[Identity, ...]] = Snapshot.of(door, "identities")
        self._rules: Snapshot[tuple[str, ...]] = Snapshot.of(door, "rules")

    async def users(self) -> Iterator[User]:
        """Return all users, of each the uid, the name and the mail; kept as one text each, a third of the memory."""

        async def read() -> tuple[str, ...]:
            return tuple(map(_line, await self._console.handles()))

        return map(_handle, await _shared(self._users, read))

    async def identities(self) -> tuple[Identity, ...]:
        """Return all identities, of each the id, the owner and the name."""

        async def read() -> tuple[Identity, ...]:
            found = await self._console.identities()
            return tuple(replace(one, provider="", description="", identifier="", company="") for one in found)

        return await _shared(self._identities, read)

    async def rules(self) -> tuple[str, ...]:
        """Return the names of Windows users and groups that may enter the administrator portal."""
        return await _shared(self._rules, self._console.rules)

    def changed(self) -> None:
        """Note that something was, or may have been, changed just now."""
        for kept in (self._users, self._identities, self._rules):
            kept.changed()


def _line(user: User) -> str:
    return "\n".join((user.uid, user.name.replace("\n", " "), (user.mail or "").replace("\n", " ")))


def _handle(line: str) -> User:
    uid, name, mail = line.split("\n")
    return User(uid, "", name, mail or None, "", "")


async def _shared(kept: Snapshot[tuple[T, ...]], read: Callable[[], Awaitable[tuple[T, ...]]]) -> tuple[T, ...]:
    found = await kept.value(read, max_age=SHARED_FOR)
    if len(found) > MOST_SHARED:
        kept.changed()
    return found
