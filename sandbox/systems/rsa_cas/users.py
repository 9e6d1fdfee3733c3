"""What the service knows of a user, and how it writes it down (User Details API; Authenticator Details API)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Status(StrEnum):
    """`userStatus`; the two values of the User Status API."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


class SourceType(StrEnum):
    """Where users come from. The type is never in an answer: clients see the source's name alone."""

    DIRECTORY = "directory"
    LOCAL = "local"
    SCIM = "scim"


@dataclass(frozen=True, slots=True)
class Source:
    """An identity source; `name` is a free display name."""

    name: str
    type: SourceType


@dataclass(frozen=True, slots=True)
class Device:
    """A registered authenticator."""

    id: str
    name: str
    browser: bool = False


@dataclass(slots=True)
class Mark:
    """A pending deletion: when it was asked for (epoch seconds) and by whom."""

    at: float
    by: str


@dataclass(slots=True)
class User:
    """One user. Times are epoch seconds; `username` is `principalUsername`."""

    id: str
    email: str
    first: str
    last: str
    source: Source
    username: str
    synced: float
    status: Status = Status.ENABLED
    mark: Mark | None = None
    sms: str = ""
    devices: list[Device] = field(default_factory=list)


def details(user: User) -> dict[str, object]:
    """Return the user object of lookup, search and synchronize. A phone number is there only if the user has one."""
    mark = user.mark
    phone = {"smsNumber": user.sms} if user.sms else {}
    return {
        "id": user.id,
        "emailAddress": user.email,
        "firstName": user.first,
        "lastName": user.last,
        "creationDate": "2024-05-02T08:15:30.000Z",
        "identitySource": user.source.name,
        "userStatus": user.status.value,
        "highRiskUser": False,
        "markDeleted": mark is not None,
        "markDeletedAt": instant(mark.at) if mark else None,
        "markDeletedBy": mark.by if mark else None,
        **dict.fromkeys(("isTokenLocked", "isSmsLocked", "isVoiceLocked"), False),
        **dict.fromkeys(("isFingerprintLocked", "isApproveLocked"), False),
        "lastSyncTime": instant(user.synced),
        "emergencyAccessStatus": "Disabled",
        **dict.fromkeys(("emergencyTokencodeId", "emergencyTokencodeExpiration", "emergencyTokencodeLastUse")),
        "offlineEmergencyAccessStatus": "Disabled",
        "offlineEmergencyTokencodeExpiration": None,
        "monthLastAuthenticated": "Jan 2026",
        "principalUsername": user.username,
        "alternateUsername": "",
        "primaryUniqueIdentifier": user.id,
        **phone,
    }


def device_details(device: Device) -> dict[str, object]:
    return {"id": device.id, "name": device.name, "type": "Browser" if device.browser else "Mobile"}


def instant(epoch: float) -> str:
    """Return a time as the service writes it: UTC, milliseconds, `Z`."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
