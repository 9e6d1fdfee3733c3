"""Who is listed, as it is kept between looks: of each user only the id and the names that a person is found by."""

from __future__ import annotations

from collections.abc import Iterator

from providers.snapshot import MOST_SHARED


class Roll:
    """The users of one whole list. `users` counts them, `unreadable` those of whom nobody can tell whose they are."""

    def __init__(self) -> None:
        self.users = 0
        self.unreadable = 0
        self._lines: list[str] = []

    @property
    def can_be_shared(self) -> bool:
        """Whether all users are in it: a list of more than `MOST_SHARED` is not kept."""
        return len(self._lines) == self.users

    def add(self, user_id: str, login: str, mail: str) -> None:
        """Add a user who is there. One text is a third of the memory of three."""
        self.users += 1
        if self.users <= MOST_SHARED:
            self._lines.append("\n".join((user_id, login.replace("\n", " "), mail.replace("\n", " "))))

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for line in self._lines:
            user_id, login, mail = line.split("\n")
            yield user_id, login, mail
