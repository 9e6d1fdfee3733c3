"""The console's whole lists, shared between looks for a minute: of each entry only what a person is found by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from providers.http import Door
from providers.snapshot import MOST_SHARED, SHARED_FOR, Snapshot
from providers.vspc.console import Console
from providers.vspc.shapes import User
from providers.vspc.sheets import Entry, Sheet, concerned


class Lists:
    """For looks where the console takes no filter, and for its rules. Whoever is found by them is read anew.

    `may_be` is a glance at a text: what it is false of is left out, and what it is true of is to be compared in full.
    """

    def __init__(self, console: Console, door: Door) -> None:
        self._console = console
        self._users: Snapshot[tuple[Sheet, ...]] = Snapshot.of(door, "users")
        self._identities: Snapshot[tuple[Sheet, ...]] = Snapshot.of(door, "identities")
        self._rules: Snapshot[tuple[str, ...]] = Snapshot.of(door, "rules")

    async def users(self, may_be: Callable[[str], bool]) -> Iterator[User]:
        """Return who of all users may be meant, of each the uid, the name and the mail."""
        found = concerned(await _shared(self._users, self._console.user_sheets), may_be)
        return (User(uid.lower(), "", name, mail.strip() or None, "", "") for uid, name, mail in found)

    async def identities(self, may_be: Callable[[str], bool]) -> Iterator[Entry]:
        """Return those of all identities that may be meant, of each the id, the log-in name and the owner's uid."""
        return concerned(await _shared(self._identities, self._console.identity_sheets), may_be)

    async def rules(self) -> tuple[str, ...]:
        """Return the names of Windows users and groups that may enter the administrator portal."""
        found: tuple[str, ...] = await self._rules.value(self._console.rules, max_age=SHARED_FOR)
        if len(found) > MOST_SHARED:
            self._rules.changed()
        return found

    def changed(self) -> None:
        """Note that something was, or may have been, changed just now."""
        for kept in (self._users, self._identities, self._rules):
            kept.changed()


async def _shared(
    kept: Snapshot[tuple[Sheet, ...]], read: Callable[[], Awaitable[tuple[Sheet, ...]]]
) -> tuple[Sheet, ...]:
    found = await kept.value(read, max_age=SHARED_FOR)
    if sum(sheet.count for sheet in found) > MOST_SHARED:
        kept.changed()
    return found
