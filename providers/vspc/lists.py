"""The console's whole lists, shared between looks for a minute: of each entry only what a person is found by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator

from providers.http import Door
from providers.snapshot import MOST_SHARED, Snapshot
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

    async def search_users(
        self,
        may_be: Callable[[str], bool],
        compare: Callable[[Iterable[User]], Awaitable[list[User]]],
        *,
        is_complete: Callable[[list[User]], bool],
    ) -> list[User]:
        """Return what `compare` makes of those who may be meant, of each the uid, the name and the mail.

        A list that another look has read may bring a match and never an absence; see `Snapshot.search`.
        """
        is_too_long = False

        async def look(sheets: tuple[Sheet, ...]) -> list[User]:
            nonlocal is_too_long
            is_too_long = _is_too_long(sheets)
            found = concerned(sheets, may_be)
            return await compare(User(uid.lower(), "", name, mail.strip() or None, "", "") for uid, name, mail in found)

        try:
            return await self._users.search(self._console.user_sheets, look, is_complete=is_complete)
        finally:
            if is_too_long:
                self._users.changed()

    async def identities(self, may_be: Callable[[str], bool]) -> Iterator[Entry]:
        """Return those of all identities that may be meant, of each the id, the log-in name and the owner's uid.

        That there is none is what nearly every look hears, so the list is begun after it was asked for.
        """
        found = await self._identities.value(self._console.identity_sheets, max_age=0.0)
        if _is_too_long(found):
            self._identities.changed()
        return concerned(found, may_be)

    async def rules(self) -> tuple[str, ...]:
        """Return the names of Windows users and groups that may enter the administrator portal, as they are now."""
        found: tuple[str, ...] = await self._rules.value(self._console.rules, max_age=0.0)
        if len(found) > MOST_SHARED:
            self._rules.changed()
        return found

    def changed(self) -> None:
        """Note that something was, or may have been, changed just now."""
        for kept in (self._users, self._identities, self._rules):
            kept.changed()


def _is_too_long(sheets: Iterable[Sheet]) -> bool:
    return sum(sheet.count for sheet in sheets) > MOST_SHARED
