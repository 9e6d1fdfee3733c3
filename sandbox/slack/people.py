"""Who and what stands in the workspace at the start: people, channels, user groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TEAM_ID = "T0ACME"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
APP_ID = "A0OFFBOARD"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace. `name` is the handle people type after @; `avatar` is a colour for the page."""

    id: str
    name: str
    real_name: str
    email: str
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    team_id: str = TEAM_ID
    avatar: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation. A direct message with the bot has an id that begins with D."""

    id: str
    name: str
    is_private: bool
    members: tuple[str, ...]
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False

    @property
    def is_im(self) -> bool:
        return self.id.startswith("D")


@dataclass(frozen=True, slots=True)
class Seed:
    """The workspace on its first day. `groups` maps a user-group id to its members, `handles` to its @name."""

    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    groups: Mapping[str, tuple[str, ...]]
    handles: Mapping[str, str] = field(default_factory=dict)
    bot: str = BOT_USER

    def handle_of(self, group: str) -> str:
        return self.handles.get(group, group[2:].lower())


def demo_seed() -> Seed:
    """Acme: a requester, two approvers, an admin, an outsider, three leavers, and the bot."""
    people = (
        Person("U0AMY", "amy", "Amy Ortiz", "amy@acme.test", avatar="#1264a3"),
        Person("U0BEN", "ben", "Ben Sato", "ben@acme.test", avatar="#2f6f4f"),
        Person("U0CHLOE", "chloe", "Chloe Haddad", "chloe@acme.test", avatar="#8a4fbf"),
        Person("U0ROOT", "rosa", "Rosa Root", "rosa@acme.test", avatar="#b5484a"),
        Person("U0OTTO", "otto", "Otto Lind", "otto@acme.test", avatar="#7a6a2f"),
        Person("U0DANA", "dana", "Dana Frost", "dana@acme.test", avatar="#c2571a"),
        Person("U0SAM", "sam", "Sam Rivera", "sam@acme.test", avatar="#1d7d8c"),
        Person("U0NOA", "noa", "Noa Blank", "noa@acme.test", avatar="#5b6770"),
        Person(BOT_USER, "offboard", "Offboard", "", is_bot=True, avatar="#4a154b"),
    )
    at_work = tuple(person.id for person in people)
    cases = ("U0AMY", "U0BEN", "U0CHLOE", "U0ROOT", "U0OTTO", BOT_USER)
    everyone = tuple(user for user in at_work if user != BOT_USER)
    channels = (
        Channel("C0CASES", "offboarding", is_private=True, members=cases),
        Channel("C0GENERAL", "general", is_private=False, members=everyone),
    )
    groups = {"S0SECURITY": ("U0BEN", "U0CHLOE"), "S0HR": ("U0AMY",)}
    return Seed(people, channels, groups, {"S0SECURITY": "security", "S0HR": "hr"})
