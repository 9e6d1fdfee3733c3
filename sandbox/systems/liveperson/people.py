"""Who is in the LivePerson account when it opens: the seed people, what could be mistaken for them, and others."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import NAMESPACE_DNS, uuid5

from sandbox.systems.liveperson.users import ADMINISTRATOR, AGENT, AGENT_MANAGER, BOT, HUMAN, SYSTEM, USERS_ONLY, Entity
from sandbox.systems.seed import (
    BYSTANDERS,
    DANA,
    JORDANA,
    KEEPER,
    ODDLY_SPELT,
    OTHER_DANA,
    ROBIN,
    SAM,
    SUCCESSOR,
    SeedPerson,
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One user. `owner` is the mail of the person whose account it is, empty for what belongs to nobody."""

    id: int
    login: str
    email: str
    nickname: str
    owner: str = ""
    profile: int = AGENT
    kind: int = HUMAN
    api_user: bool = False
    deleted: bool = False
    enabled: bool = True
    manages: tuple[int, ...] = ()
    description: str = ""


def _agent(seat_id: int, person: SeedPerson, login: str = "") -> Seat:
    return Seat(seat_id, login or person.mail, person.mail, person.first, person.mail)


DANA_ID: Final = 4100273311
SAM_ID: Final = 4100273312
ROBIN_IDS: Final = (4100273320, 4100273321)
SERVICE_ID: Final = 4100273301
KEEPER_ID: Final = 4100273302

SEATS: Final = (
    _agent(DANA_ID, DANA),
    _agent(SAM_ID, SAM),
    _agent(ROBIN_IDS[0], ROBIN),
    _agent(ROBIN_IDS[1], ROBIN, "robin.night"),
    # What could be mistaken for Dana.
    _agent(4100273313, OTHER_DANA),
    _agent(4100273314, JORDANA),
    Seat(4100273315, "dana", "dana.frost@other.test", "Dana Frost", "dana.frost@other.test"),
    Seat(4100273316, "cover.desk", "cover@acme.test", "dana@acme.test", description="covers for dana@acme.test"),
    Seat(4100111111, "dana@acme.test", "dana@acme.test", "Dana", deleted=True),
    # What is no person, or must not go.
    Seat(SERVICE_ID, "svc-offboard@acme.test", "svc-offboard@acme.test", "Offboarding", profile=USERS_ONLY),
    replace(_agent(KEEPER_ID, KEEPER), profile=ADMINISTRATOR, email=SUCCESSOR),  # the last one, handed to a successor
    Seat(4100273303, "billing-bot", "bots@acme.test", "Billing bot", kind=BOT, api_user=True),
    Seat(4100273304, "crm-sync", "crm@acme.test", "CRM", api_user=True),
    Seat(4100273305, "lp-system", "system@acme.test", "System", kind=SYSTEM),
    Seat(4100273306, "frontdesk", "", "Front desk"),
    # Whose names are stored in another spelling.
    *(_agent(4100273360 + place, person) for place, person in enumerate(ODDLY_SPELT)),
    # Others.
    Seat(4100273330, "kim@acme.test", "kim@acme.test", "Kim", "kim@acme.test", AGENT_MANAGER, manages=(4100100001,)),
    Seat(4100273331, "Alex.Stone@Acme.test", "alex.stone@ACME.test", "Alex", "alex.stone@acme.test"),
    Seat(4100273332, "omar", "omar@acme.test", "Omar", "omar@acme.test"),
    Seat(4100273333, "lee@acme.test", "lee@acme.test", "Lee", "lee@acme.test", enabled=False),
    *(_agent(4100273340 + place, person) for place, person in enumerate(BYSTANDERS)),
)


def entity(seat: Seat) -> Entity:
    """Return the seat as the service stores it (Users API, Appendix: entity structure)."""
    member = {"memberOf": {"agentGroupId": 4100100001, "assignmentDate": "2024-03-05 09:12:44"}}
    return {
        "id": seat.id,
        "pid": str(uuid5(NAMESPACE_DNS, f"{seat.id}.acme.test")),
        "deleted": seat.deleted,
        "loginName": seat.login,
        "email": seat.email,
        "fullName": f"{seat.nickname}, in full",
        "nickname": seat.nickname,
        "isEnabled": seat.enabled,
        "disabledManually": not seat.enabled,
        "userTypeId": seat.kind,
        "isApiUser": seat.api_user,
        "allowedAppKeys": "4f6b1c" if seat.api_user else "",
        "profileIds": [seat.profile],
        "permissionGroups": [2],
        "skillIds": [4100112233] if seat.profile == AGENT else [],
        "lobIds": [],
        **(member if seat.profile == AGENT else {}),
        "managerOf": [{"agentGroupId": group, "assignmentDate": "2024-03-05 09:12:44"} for group in seat.manages],
        "maxChats": 3,
        "maxAsyncChats": 10,
        "description": seat.description,
        "mobileNumber": "",
        "employeeId": f"E{seat.id % 10000}",
        "changePwdNextLogin": False,
        "lastPwdChangeDate": "2025-09-01 08:00:00",
        "dateUpdated": "2025-10-01 08:00:00",
    }


def owned() -> dict[str, frozenset[str]]:
    """Return the log-ins of each person's own accounts, by mail."""
    mails = {seat.owner for seat in SEATS if seat.owner}
    return {mail: frozenset(seat.login for seat in SEATS if seat.owner == mail) for mail in mails}
