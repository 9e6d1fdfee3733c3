"""What the list of users shows of one leaver, gathered while the list arrives: the list itself is never kept."""

from __future__ import annotations

from bot.errors import UnexpectedAnswer
from bot.model import Key, Leaver
from providers.liveperson.users import User, is_clear_person, user_of
from providers.matching import MOST_SIMILAR, glance, matched_by, similar


class Sightings:
    """Takes users one by one. `users` counts those that are not deleted, `unreadable` those of nobody knows whom."""

    def __init__(self, leaver: Leaver | None) -> None:
        self._leaver = leaver
        self._may_concern = glance(leaver) if leaver is not None else _nobody
        self.users = 0
        self.unreadable = 0
        self.found: list[tuple[User, tuple[Key, ...]]] = []
        self.near: tuple[str, ...] = ()

    def restart(self) -> None:
        """Forget everything: the list begins anew."""
        self.users = self.unreadable = 0
        self.found = []
        self.near = ()

    def take(self, entry: object) -> None:
        """Take one entry of the list. Raises `UnexpectedAnswer` where it is no user."""
        if is_clear_person(entry) and not self._may_concern(f"{entry['loginName']}\n{entry['email']}"):
            self.users += 1
            return
        user = user_of(entry)
        if user.is_deleted:
            return
        self.users += 1
        self.unreadable += not user.is_readable
        if self._leaver is not None:
            self._compare(user, self._leaver)

    def _compare(self, user: User, leaver: Leaver) -> None:
        keys = matched_by(leaver, mails=(user.login, user.mail), logins=(user.login,))
        if keys and not user.id:
            raise UnexpectedAnswer("LivePerson lists a user of this person without an id")
        if keys:
            self.found.append((user, keys))
        elif len(self.near) < MOST_SIMILAR:
            near = similar(leaver, (user.login, user.mail))
            self.near = tuple(dict.fromkeys((*self.near, *near)))[:MOST_SIMILAR]


def _nobody(_: str) -> bool:
    return False
