"""What the list of users shows of one leaver, gathered while the list arrives: the list itself is never kept."""

from __future__ import annotations

from bot.errors import UnexpectedAnswer
from bot.model import Key, Leaver
from providers.liveperson.roll import Roll
from providers.liveperson.users import User, is_clear_person, user_of
from providers.matching import MOST_SIMILAR, glance, matched_by, similar


class Sightings:
    """Takes users one by one. `roll` are those that are not deleted, `found` the leaver's, `near` who is like them."""

    def __init__(self, leaver: Leaver | None) -> None:
        self._leaver = leaver
        self._may_concern = glance(leaver) if leaver is not None else _nobody
        self.roll = Roll()
        self.found: list[tuple[User, tuple[Key, ...]]] = []
        self.near: tuple[str, ...] = ()

    def restart(self) -> None:
        """Forget everything: the list begins anew."""
        self.roll = Roll()
        self.found = []
        self.near = ()

    def take(self, entry: object) -> None:
        """Take one entry of the list. Raises `UnexpectedAnswer` where it is no user."""
        if is_clear_person(entry):
            login, mail = entry["loginName"].strip(), entry["email"].strip()
            if not self._may_concern(f"{login}\n{mail}"):
                self.roll.add(str(entry["id"]), login, mail)
                return
        user = user_of(entry)
        if user.is_deleted:
            return
        self.roll.add(user.id, user.login, user.mail)
        self.roll.unreadable += not user.is_readable
        self.compare(user)

    def recall(self, roll: Roll) -> tuple[str, ...]:
        """Go through the roll of an earlier list; return the ids of those who may be the leaver, to be read anew."""
        self.roll = roll
        concerned = [line for line in roll if self._may_concern("\n".join(line))]
        return tuple(one for one, login, mail in concerned if not self._is_other(login, mail))

    def compare(self, user: User) -> None:
        """Note a user who is the leaver's, or near."""
        if self._leaver is None:
            return
        keys = matched_by(self._leaver, mails=(user.login, user.mail), logins=(user.login,))
        if keys and not user.id:
            raise UnexpectedAnswer("LivePerson lists a user of this person without an id")
        if keys:
            self.found.append((user, keys))
        else:
            self._note_near(self._leaver, user.login, user.mail)

    def _is_other(self, login: str, mail: str) -> bool:
        if self._leaver is None or matched_by(self._leaver, mails=(login, mail), logins=(login,)):
            return False
        self._note_near(self._leaver, login, mail)
        return True

    def _note_near(self, leaver: Leaver, login: str, mail: str) -> None:
        if len(self.near) < MOST_SIMILAR:
            self.near = tuple(dict.fromkeys((*self.near, *similar(leaver, (login, mail)))))[:MOST_SIMILAR]


def _nobody(_: str) -> bool:
    return False
