"""Who is in the tenant when it opens, and in the directories behind it."""

from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_DNS, uuid5

from sandbox.systems.rsa_cas.cloud import Cloud
from sandbox.systems.rsa_cas.directory import Entry
from sandbox.systems.rsa_cas.users import Device, Mark, Source, SourceType, Status, User
from sandbox.systems.seed import (
    BYSTANDERS,
    DANA,
    JORDANA,
    ODDLY_SPELT,
    OTHER_DANA,
    PIA,
    ROBIN,
    SAM,
    SUCCESSOR,
    SeedPerson,
)

ACME_AD: Final = Source("Acme AD", SourceType.DIRECTORY)
LEGACY_AD: Final = Source("Acme Legacy AD", SourceType.DIRECTORY)
CONTRACTORS: Final = Source("Contractors", SourceType.LOCAL)
ENTRA: Final = Source("Entra ID", SourceType.SCIM)

DAY: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Seat:
    """One user; `marked_days_ago` is None for a user who is not pending deletion."""

    person: SeedPerson
    source: Source = ACME_AD
    username: str = ""
    status: Status = Status.ENABLED
    marked_days_ago: float | None = None
    devices: int = 1

    @property
    def id(self) -> str:
        return str(uuid5(NAMESPACE_DNS, f"{self.source.name}/{self.person.mail}"))

    @property
    def handle(self) -> str:
        return handle(self.person.mail, self.source)


ALEX: Final = SeedPerson("Alex", "Stone", "Alex.Stone@ACME.test")
BOGDANA: Final = SeedPerson("Bogdana", "Ilić", "bogdana@acme.test")
KIM: Final = SeedPerson("Kim", "Park", "kim@acme.test")
LEE: Final = SeedPerson("Lee", "Moss", "lee@acme.test")
MAX: Final = SeedPerson("Max", "Orr", "max@acme.test")
NIA: Final = SeedPerson("Nia", "New", "nia@acme.test")
PRIYA: Final = SeedPerson("Priya", "Sen", "priya@acme.test")
DESKS: Final = tuple(SeedPerson("Desk", f"{n:02}", f"desk{n:02}@acme.test") for n in range(1, 21))

SEATS: Final = (
    Seat(DANA, devices=2),
    Seat(ROBIN),
    Seat(ROBIN, LEGACY_AD),
    # What could be mistaken for Dana: her local part as a user name elsewhere, and addresses that end in hers.
    Seat(OTHER_DANA, CONTRACTORS, username="dana"),
    Seat(JORDANA),
    Seat(BOGDANA),
    # States and sources in which a removal goes another way.
    Seat(PRIYA, ENTRA),
    Seat(LEE, status=Status.DISABLED),
    Seat(MAX, status=Status.DISABLED, marked_days_ago=2),
    Seat(ALEX),
    Seat(KIM, username="kpark"),
    # A seat that was handed to a successor, and addresses that are stored in another spelling than they are written in.
    Seat(SeedPerson("Sam", "Seat", SUCCESSOR), username=PIA.mail),
    *(Seat(person, username=f"odd{place}") for place, person in enumerate(ODDLY_SPELT)),
    # Others: more than one page of 25 in all.
    *(Seat(person) for person in (*BYSTANDERS, *DESKS)),
)

DANA_ID: Final = SEATS[0].id

NOT_COPIED: Final = (SAM, NIA)
"""People of the directory who are not in the service: a call with `searchUnsynched` would bring them in."""


def handle(mail: str, source: Source) -> str:
    """Return the words that stand for an account; an account added again has the same."""
    return f"{mail.lower()} in {source.name}"


def owned() -> dict[str, frozenset[str]]:
    """Return the handles of each person's own accounts, by mail, those that a synchronisation would add included."""
    handles: dict[str, set[str]] = {person.mail.lower(): {handle(person.mail, ACME_AD)} for person in NOT_COPIED}
    for seat in SEATS:
        handles.setdefault(seat.person.mail.lower(), set()).add(seat.handle)
    return {mail: frozenset(found) for mail, found in handles.items()}


def fill(cloud: Cloud, now: float) -> None:
    """Put the people into the service and into its directories; `now` is epoch seconds."""
    for seat in SEATS:
        cloud.users[seat.id] = _user(seat, now)
        if seat.source.type is SourceType.DIRECTORY:
            cloud.directory.entries.append(_entry(seat.person, seat.source, seat.username, seat.id))
    for person in NOT_COPIED:
        cloud.directory.entries.append(_entry(person, ACME_AD, "", "", filtered=True))


def _user(seat: Seat, now: float) -> User:
    person, marked = seat.person, seat.marked_days_ago
    return User(
        id=seat.id,
        email=person.mail,
        first=person.first,
        last=person.last,
        source=seat.source,
        username=seat.username or person.mail,
        synced=now - DAY,
        status=seat.status,
        mark=None if marked is None else Mark(now - marked * DAY, "helpdesk@acme.test"),
        sms="+15550100199",
        devices=_devices(seat),
    )


def _devices(seat: Seat) -> list[Device]:
    phones = [Device(str(uuid5(NAMESPACE_DNS, f"{seat.id}/{n}")), f"Phone {n + 1}") for n in range(seat.devices)]
    return [*phones, Device(str(uuid5(NAMESPACE_DNS, f"{seat.id}/browser")), "Browser", browser=True)]


def _entry(person: SeedPerson, source: Source, username: str, last_id: str, *, filtered: bool = False) -> Entry:
    name = username or person.mail
    return Entry(source, person.mail, person.first, person.last, name, filtered=filtered, last_id=last_id)
