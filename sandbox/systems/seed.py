"""The people of acme.test, the same in every system, and what is there to be mistaken for them."""

from dataclasses import dataclass
from typing import Final

COMPANY: Final = "Acme"
DOMAIN: Final = "acme.test"
NETBIOS: Final = "ACME"


@dataclass(frozen=True, slots=True)
class SeedPerson:
    """One person; `login` is the local part, `mail` the whole address."""

    first: str
    last: str
    mail: str

    @property
    def login(self) -> str:
        return self.mail.partition("@")[0]

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


DANA: Final = SeedPerson("Dana", "Frost", "dana@acme.test")
"""Has exactly one account in each system."""

SAM: Final = SeedPerson("Sam", "Rivera", "sam@acme.test")
"""Has one in Veeam Enterprise Manager and one in LivePerson."""

NOA: Final = SeedPerson("Noa", "Blank", "noa@acme.test")
"""Has none anywhere."""

OTHER_DANA: Final = SeedPerson("Dana", "Field", "dana@other.test")
"""A trap: Dana's local part at another company."""

JORDANA: Final = SeedPerson("Jordana", "Pike", "jordana@acme.test")
"""A trap: her address ends in Dana's."""

ROBIN: Final = SeedPerson("Robin", "Vale", "robin@acme.test")
"""A trap: two accounts with one address in VSPC, LivePerson and RSA."""

KEEPER: Final = SeedPerson("Petra", "Holm", "petra@acme.test")
"""A trap: the last administrator or the owner, wherever a system has one."""

OEZLEM: Final = SeedPerson("Özlem", "Kaya", "ÖZLEM.Kaya@acme.test")
"""A trap: stored in capitals outside ASCII; she writes özlem.kaya@acme.test."""

BLANK: Final = SeedPerson("Lee", "Blank", "lee.blank@acme.test ")
"""A trap: stored with a blank behind."""

ZERO: Final = SeedPerson("Mia", "Zero", "mia\u200b.zero@acme.test")
"""A trap: stored with a character that nobody sees."""

PLUS: Final = SeedPerson("Kim", "Plus", "kim.plus+veeam@acme.test")
"""A trap: stored with a sub-address."""

IDN: Final = SeedPerson("Jo", "Bücher", "jo@xn--bcher-kva.test")
"""A trap: stored with the domain's other spelling; the address is jo@bücher.test."""

ODDLY_SPELT: Final = (OEZLEM, BLANK, ZERO, PLUS, IDN)
"""People whose address the systems store in another spelling than it is written in."""

PIA: Final = SeedPerson("Pia", "Seat", "pia.seat@acme.test")
"""A trap: her log-in is her address still, and the own mail of that account is her successor's."""

SUCCESSOR: Final = "sam.seat@acme.test"
"""A trap: the own mail of whoever took over Petra's seat, whose log-in still is petra@acme.test."""

BYSTANDERS: Final = (
    SeedPerson("Alma", "Berg", "alma@acme.test"),
    SeedPerson("Bilal", "Haddad", "bilal@acme.test"),
    SeedPerson("Chiara", "Neri", "chiara@acme.test"),
    SeedPerson("Émile", "Roux", "emile@acme.test"),
    SeedPerson("Femi", "Adeyemi", "femi@acme.test"),
    SeedPerson("Grete", "Lund", "grete@acme.test"),
    SeedPerson("Hiro", "Tanaka", "hiro@acme.test"),
    SeedPerson("Ines", "O'Hara", "ines.o'hara@acme.test"),
    SeedPerson("Jonas", "Weiß", "jonas@acme.test"),
    SeedPerson("Kavya", "Rao", "kavya@acme.test"),
)
"""Ordinary people, so that the lists are not tiny."""
