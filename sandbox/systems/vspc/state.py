"""What the console remembers: organizations, users with their identities, tokens, actions and earlier answers."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

ACCESS_LIFE: Final = 3600.0
"""An access token lives one hour ("OAuth 2.0 Authentication")."""

REFRESH_LIFE: Final = 48 * 3600.0
"""As the sample refresh token's span suggests."""

ADMINISTRATOR: Final = "PortalAdministrator"
OWNERS: Final = frozenset({"CompanyOwner", "ResellerOwner"})


@dataclass(slots=True)
class User:
    """A person. `mail` is free text of the profile; `password` and `mfa_code` serve the password log-on."""

    uid: str
    organization: str
    name: str
    role: str
    mail: str | None = None
    first: str = ""
    last: str = ""
    status: str = "Enabled"
    password: str | None = None
    mfa_code: str | None = None
    backup_job_uses_it: bool = False


@dataclass(slots=True)
class Login:
    """An identity: one way for its user to authenticate. `key` is the secret of an API key.

    `user_name` is the log-in name where it is another than the user's.
    """

    id: int
    user: str
    provider: str
    description: str
    identifier: str
    created: str = "2026-03-02T09:15:00Z"
    read_only: bool = False
    status: str = "enabled"
    key: str | None = None
    user_name: str | None = None


@dataclass(slots=True)
class Rule:
    """A Windows user or group of the administrator portal."""

    id: int
    name: str
    type: str
    role: str = "PortalOperator"
    enabled: bool = True


@dataclass(slots=True)
class Token:
    access: str
    refresh: str
    user: str
    expires: float
    refresh_expires: float
    read_only: bool = False
    login: int | None = None


@dataclass(slots=True)
class Action:
    """Work that a 202 promised. It is carried out when `due` comes; `status` and `error` tell how it went."""

    id: str
    initiator: str
    operation: str
    user: str
    login: int | None
    due: float
    status: str = "running"
    error: Json | None = None
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """An answer kept for the same request id."""

    until: float
    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Switches:
    """Where the vendor's pages are silent. A status of 0 allows the act.

    `action_outcome` is what becomes of asynchronous work, after `action_seconds`; `max_per_minute` and
    `max_parallel` are made up, since the vendor publishes no numbers.
    """

    ignores_offset: bool = False
    says_skip: bool = False
    request_id_forces_async: bool = False
    action_outcome: str = "succeed"
    action_seconds: float = 1.0
    owner: int = 400
    own_user: int = 400
    last_administrator: int = 400
    last_identity: int = 0
    cascades: bool = True
    max_per_minute: int = 600
    max_parallel: int = 16


@dataclass(slots=True)
class VspcState:
    organizations: dict[str, str] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    logins: dict[int, Login] = field(default_factory=dict)
    rules: dict[int, Rule] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    mfa_tokens: dict[str, str] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    replays: dict[tuple[str, str], Replay] = field(default_factory=dict)
    switches: Switches = field(default_factory=Switches)
    last_id: int = 40

    def add_organization(self, name: str) -> str:
        uid = str(uuid.uuid4())
        self.organizations[uid] = name
        return uid

    def add_user(self, organization: str, name: str, role: str, mail: str | None = None, **more: Any) -> User:  # noqa: ANN401 - the rest of User's fields
        user = User(str(uuid.uuid4()), organization, name, role, mail, **more)
        self.users[user.uid] = user
        return user

    def add_login(self, user: User, provider: str, description: str, **more: Any) -> Login:  # noqa: ANN401 - the rest of Login's fields
        self.last_id += 1
        login = Login(self.last_id, user.uid, provider, description, str(uuid.uuid4()), **more)
        self.logins[login.id] = login
        return login

    def add_rule(self, name: str, type_: str) -> Rule:
        self.last_id += 1
        self.rules[self.last_id] = Rule(self.last_id, name, type_)
        return self.rules[self.last_id]

    def sign_in_by_sso(self, user: User) -> Login | None:
        """What a mapping rule does while the identity provider lets the person in: a new identity, owners excepted."""
        if user.role in OWNERS or user.uid not in self.users:
            return None
        return self.add_login(user, "Sso", "sign-on at the identity provider")

    def logins_of(self, user: str) -> list[Login]:
        return [login for login in self.logins.values() if login.user == user]

    def is_last_administrator(self, user: User) -> bool:
        return [one.uid for one in self.users.values() if one.role == ADMINISTRATOR] == [user.uid]

    def remove_user(self, uid: str) -> None:
        """The user goes, with their tokens and (where it cascades) identities."""
        del self.users[uid]
        self.revoke(uid)
        if self.switches.cascades:
            self.logins = {id_: login for id_, login in self.logins.items() if login.user != uid}

    def revoke(self, uid: str, login: int | None = None) -> None:
        self.tokens = {
            access: token
            for access, token in self.tokens.items()
            if token.user != uid or (login is not None and token.login != login)
        }
