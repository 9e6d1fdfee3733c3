"""What Enterprise Manager remembers: accounts with their roles, people who may log on, sessions and tasks."""

import base64
import uuid
from dataclasses import dataclass, field
from typing import Final

IDLE: Final = 900.0
"""A session ends after 15 minutes without a request ("HTTP Authentication")."""

ROLES: Final = {
    "Portal Administrator": "5f37a46b-9ce2-40f4-8a62-b45b079257fc",
    "Portal User": "d19a3d33-cb77-4ffe-94e6-001432483a4e",
    "VM Restore Operator": "c11c0c38-ba8b-49c7-bf70-fc2058fff1e2",
    "File Restore Operator": "f84a8b62-49b8-4d0c-b25b-92321b52bab6",
    "Microsoft Exchange Restore Operator": "f83e4c81-0815-452f-9377-9d573dd9d481",
}
"""Role ids are the same on every server ("/security/roles", samples)."""

ADMINISTRATOR: Final = "Portal Administrator"


@dataclass(slots=True)
class EmAccount:
    """An account: a name with roles, no password and no address. `type` is User, Group, ExternalUser, ExternalGroup."""

    id: str
    name: str
    type: str
    roles: list[str]
    restore_all: bool = True


@dataclass(slots=True)
class Session:
    """A log-on. `token` travels in the header, `id` in the log-out's path; neither tells the other."""

    id: str
    token: str
    user: str
    used: float


@dataclass(slots=True)
class Task:
    """Work that a 202 promised; it is done when it is first looked at."""

    id: str
    account: str
    looked: int = 0


@dataclass(slots=True)
class Switches:
    """Where the vendor's pages are silent or disagree. A status of 0 allows the act."""

    bare_is_entity: bool = False
    malformed_id: int = 404
    last_administrator: int = 0
    own_account: int = 0
    delete_status: int = 204


@dataclass(slots=True)
class EmState:
    accounts: dict[str, EmAccount] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    switches: Switches = field(default_factory=Switches)

    def add(self, name: str, *roles: str, type_: str = "User", id_: str | None = None) -> EmAccount:
        """Assign roles to a name; a name that comes back gets a new id."""
        account = EmAccount(id_ or str(uuid.uuid4()), name, type_, list(roles))
        self.accounts[account.id] = account
        return account

    def named(self, name: str) -> EmAccount | None:
        wanted = name.lower()
        return next((account for account in self.accounts.values() if account.name.lower() == wanted), None)

    def open_session(self, user: str, now: float) -> Session:
        token = base64.b64encode(uuid.uuid4().bytes).decode()
        session = Session(str(uuid.uuid4()), token, user, now)
        self.sessions[token] = session
        return session

    def session(self, token: str, now: float) -> Session | None:
        """The live session of this token, its idle clock set back."""
        session = self.sessions.get(token)
        if session is None:
            return None
        if now - session.used >= IDLE:
            del self.sessions[token]
            return None
        session.used = now
        return session

    def roles_of(self, user: str) -> frozenset[str]:
        """What a log-in holds itself and through the groups that it is in; `members` has lower-case log-ins."""
        names = {user.lower()} | {group.lower() for group, inside in self.members.items() if user.lower() in inside}
        return frozenset(role for one in self.accounts.values() if one.name.lower() in names for role in one.roles)

    def is_administrator(self, user: str) -> bool:
        return ADMINISTRATOR in self.roles_of(user)

    def is_last_administrator(self, account: EmAccount) -> bool:
        """Whether no other person holds the role directly; groups do not count."""
        people = ("User", "ExternalUser")
        holders = [one.id for one in self.accounts.values() if ADMINISTRATOR in one.roles and one.type in people]
        return holders == [account.id]
