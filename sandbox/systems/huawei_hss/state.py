"""What the service and IAM remember: managed accounts, the organization's tree, users, keys and tokens."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

TOKEN_LIFE: Final = 24 * 3600.0
"""A token lives 24 hours ("Obtaining a User Token Through Password Authentication")."""

LOCK: Final = 300.0
FAILURES: Final = 5
"""A key is locked for five minutes after five bad signatures in a row (gateway FAQ)."""


@dataclass(slots=True)
class Row:
    """One line of the multi-account list: an account in one project.

    `lists_left` counts the lists that still show a row after its deletion, where the service is slow.
    """

    account_name: str
    account_id: str
    organization_id: str
    project_id: str
    project_name: str
    host_num: int = 0
    enterprise_project: str = "0"
    lists_left: int | None = None

    @property
    def triple(self) -> tuple[str, str, str]:
        return (self.organization_id, self.account_id, self.project_id)

    def json(self) -> Json:
        return {
            "account_name": self.account_name,
            "account_id": self.account_id,
            "organization_id": self.organization_id,
            "project_id": self.project_id,
            "project_name": self.project_name,
            "host_num": self.host_num,
            "vulnerability_num": self.host_num * 4,
            "baseline_num": self.host_num,
            "intrusion_num": 0,
        }


@dataclass(slots=True)
class Member:
    """A node of the organization's tree; `kind` is `unit` or `account`."""

    id: str
    name: str
    parent: str
    kind: str = "account"
    delegated: bool = True


@dataclass(slots=True)
class IamUser:
    """A person's or a program's log-in in the master account. `root` may never be deleted."""

    id: str
    name: str
    mail: str = ""
    password: str | None = None
    enabled: bool = True
    root: bool = False
    is_administrator: bool = False


@dataclass(slots=True)
class Key:
    """An access key; `token` is the security token that a temporary key needs beside it."""

    secret: str
    user: str
    token: str | None = None
    failures: int = 0
    locked_until: float = 0.0


@dataclass(slots=True)
class Token:
    """`scope` is `project` or `domain`."""

    user: str
    scope: str
    expires: float


@dataclass(slots=True)
class Switches:
    """Where the pages are silent: what a repeated delete gets, which status a success has, how slow lists are."""

    silent_second_delete: bool = False
    delete_status: int = 200
    lists_that_still_show: int = 0


@dataclass(slots=True)
class HssState:
    rows: list[Row] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    cached_members: dict[str, Member] | None = None
    users: dict[str, IamUser] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    switches: Switches = field(default_factory=Switches)

    def add_row(self, name: str, organization: str, project_name: str, **more: Any) -> Row:  # noqa: ANN401 - the rest of Row's fields
        """A new row; the same name in another project is the same account unless `account_id` says otherwise."""
        known = next((row.account_id for row in self.rows if row.account_name == name), uuid.uuid4().hex)
        account = more.pop("account_id", known)
        row = Row(name, account, organization, uuid.uuid4().hex, project_name, **more)
        self.rows.append(row)
        return row

    def user_named(self, name: str) -> IamUser | None:
        return next((user for user in self.users.values() if user.name == name), None)

    def listed(self) -> list[Row]:
        """What one list shows: the rows, and for a while those that were deleted where the service is slow."""
        shown = list(self.rows)
        for row in shown:
            if row.lists_left is not None:
                row.lists_left -= 1
        self.rows = [row for row in shown if row.lists_left is None or row.lists_left > 0]
        return shown
