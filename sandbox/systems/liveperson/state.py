"""All that one LivePerson account remembers, and the switches for what the vendor's pages leave open."""

from dataclasses import dataclass, field

from sandbox.systems.liveperson.login import Login, LogOn
from sandbox.systems.liveperson.oauth1 import ApiKey, Signatures
from sandbox.systems.liveperson.people import SERVICE_ID
from sandbox.systems.liveperson.sentinel import App, Sentinel
from sandbox.systems.liveperson.users import Users


@dataclass(slots=True)
class Switches:
    """Every value here is inferred, or the pages contradict one another about it; tests try both sides.

    `stale_status` is 412 or 409. A shown tombstone is 200 with `deleted: true`, else 404. The list's default `select`
    is four fields or all. `quoted` puts numbers and booleans in quotation marks.
    """

    stale_status: int = 412
    tombstone_is_shown: bool = False
    list_shows_all: bool = False
    quoted: bool = False


@dataclass(slots=True)
class LpState:
    """The account's users and the three ways in: `sentinel` (OAuth 2), `signatures` (OAuth 1.0a), `login`."""

    users: Users = field(default_factory=Users)
    switches: Switches = field(default_factory=Switches)
    sentinel: Sentinel = field(default_factory=lambda: Sentinel(App("lp-client", "lp-client-secret")))
    signatures: Signatures = field(
        default_factory=lambda: Signatures(
            ApiKey("lp-consumer", "lp-consumer-secret", "lp-access", "lp-access-secret"),
        ),
    )
    login: Login = field(
        default_factory=lambda: Login(LogOn("svc-offboard@acme.test", "lp-password", SERVICE_ID)),
    )
