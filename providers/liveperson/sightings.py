"""What the list of users shows of one leaver, gathered while the list arrives: the list itself is never kept."""

from __future__ import annotations

from bot.errors import UnexpectedAnswer
from bot.model import Key, Leaver
from providers.liveperson.roll import Roll
from providers.liveperson.users import User, is_clear_person, user_of
from providers.matching import glance, matched_by, similar


class Sightings:
    """Takes users one by one. `roll` are those that are not deleted, `found` the leaver's, `near` who is like them.

    `is_recalled` says that they come from a list of earlier: who is missing there may have been made since.
    """

    def __init__(self, leaver: Leaver | None) -> None:
        self._leaver = leaver
        self._may_concern = glance(leaver) if leaver is not None else _nobody
        self.roll = Roll()
        self.found: list[tuple[User, tuple[Key, ...]]] = []
        self.near: tuple[str, ...] = ()
        self.is_recalled = False

    @property
    def rests_on_no_absence(self) -> bool:
        """Whether every key found somebody, or the list was read for this look."""
        sought = set(self._leaver.keys) if self._leaver is not None else set()
        return not self.is_recalled or sought <= {key for _, keys in self.found for key in keys}

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
        self.is_recalled = True
        concerned = [line for line in roll if self._may_concern("\n".join(line))]
        return tuple(one for one, login, mail in concerned if not self._is_other(login, mail))

    def compare(self, user: User) -> None:
        """Note a user who is the leaver's, or near."""
        if self._leaver is None:
            return
        keys = _keys_of(self._leaver, user.login, user.mail)
        if keys and not user.id:
            raise UnexpectedAnswer("LivePerson lists a user of this person without an id")
        if keys:
            self.found.append((user, keys))
        else:
            self._note_near(self._leaver, user.login, user.mail)

    def _is_other(self, login: str, mail: str) -> bool:
        if self._leaver is None or _keys_of(self._leaver, login, mail):
            return False
        self._note_near(self._leaver, login, mail)
        return True

    def _note_near(self, leaver: Leaver, login: str, mail: str) -> None:
        if similar(leaver, (login, mail)):
            # All together, so that somebody near is not hidden behind ten who are less so and stand before them.
            self.near = similar(leaver, (*self.near, login, mail))


def _keys_of(leaver: Leaver, login: str, mail: str) -> tuple[Key, ...]:
    """Return the keys that equal a name of this user: log-ins often are addresses, and are typed as either."""
    return matched_by(leaver, mails=(login, mail), logins=(login, mail))


def _nobody(_: str) -> bool:
    return False
