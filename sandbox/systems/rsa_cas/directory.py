"""The directories behind the identity sources, and the synchronisation that copies their people into the service."""

from dataclasses import dataclass, field

from sandbox.systems.rsa_cas.users import Source


@dataclass(slots=True)
class Entry:
    """One person in a directory. `filtered` people are copied only when a call asks for unsynchronised users."""

    source: Source
    email: str
    first: str
    last: str
    username: str
    enabled: bool = True
    filtered: bool = False
    last_id: str = ""


@dataclass(slots=True)
class Directory:
    """All entries of all synchronised sources."""

    entries: list[Entry] = field(default_factory=list)

    def entry(self, source: Source, email: str) -> Entry | None:
        """Return the entry with this address in this source."""
        return next((one for one in self.entries if one.source == source and same(one.email, email)), None)

    def anywhere(self, email: str) -> Entry | None:
        return next((one for one in self.entries if same(one.email, email)), None)

    def remove(self, email: str) -> None:
        """Take a person out of every directory, as the owner of the directory does for a leaver."""
        self.entries = [one for one in self.entries if not same(one.email, email)]


def same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
