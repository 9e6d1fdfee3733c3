"""The console at a provider with three client companies: organization, user name, role, address, identities."""

from typing import Final

from sandbox.systems import seed
from sandbox.systems.vspc.state import ADMINISTRATOR, VspcState

SERVICE: Final = r"provider\svc-offboard"
PASSWORD: Final = "vspc-sandbox-password"  # noqa: S105 - a simulator's made-up password
API_KEY: Final = "vspc-sandbox-api-key-5f0c2e"

_PLAIN: Final = "CompanyLocationUser"
_SSO: Final = ("Sso", "sign-on at the identity provider")
_SCRIPT: Final = ("ApiKey", "report script")

_Row = tuple[str, str, str, str | None, tuple[tuple[str, str], ...]]

USERS: Final[tuple[_Row, ...]] = (
    ("Acme", r"acme\dana", _PLAIN, "dana@acme.test", (_SCRIPT, _SSO)),
    ("Other", r"other\dana", _PLAIN, "dana@other.test", (_SSO,)),  # Dana's local part in another company
    ("Acme", r"acme\jordana", _PLAIN, "jordana@acme.test", (_SSO,)),
    ("Acme", r"acme\dana-backup", _PLAIN, "dana+backup@acme.test", (_SCRIPT,)),  # another address
    ("Acme", r"acme\robin", _PLAIN, "robin@acme.test", (_SSO,)),  # one address,
    ("Globex", r"globex\robin", "CompanyAdministrator", "robin@acme.test", (_SCRIPT,)),  # two companies
    ("Acme", seed.PIA.mail, _PLAIN, seed.SUCCESSOR, (_SSO,)),  # a seat that was handed to a successor
    *(("Acme", rf"acme\x{place}", _PLAIN, person.mail, (_SSO,)) for place, person in enumerate(seed.ODDLY_SPELT)),
    ("Acme", r"acme\petra", "CompanyOwner", "petra@acme.test", (_SSO,)),  # an owner goes with its company only
    ("Acme", r"acme\kiosk", "CompanySubtenant", None, ()),  # no address, no identity
    ("Globex", r"globex\tenant", "CompanyTenant", "hello@globex.test", ()),
)


def fill(state: VspcState) -> dict[str, frozenset[str]]:
    """Put everybody in; the answer tells which handles are whose."""
    organizations = {name: state.add_organization(name) for name in ("Provider", "Acme", "Other", "Globex")}
    for organization, name, role, mail, identities in USERS:
        user = state.add_user(organizations[organization], name, role, mail)
        for provider, description in identities:
            key = f"key-of-{name}" if provider == "ApiKey" else None
            state.add_login(user, provider, description, key=key)
    _bystanders(state, organizations["Acme"])
    _provider(state, organizations["Provider"])
    return {person.mail: _handles(state, person.mail) for person in (seed.DANA, seed.ROBIN)}


def _bystanders(state: VspcState, acme: str) -> None:
    for person in seed.BYSTANDERS:
        name = rf"acme\{person.login}"
        user = state.add_user(acme, name, _PLAIN, person.mail.upper(), first=person.first, last=person.last)
        state.add_login(user, *_SSO)


def _provider(state: VspcState, organization: str) -> None:
    """The bot's own user and key, and the Windows users and groups of the administrator portal."""
    bot = state.add_user(organization, SERVICE, ADMINISTRATOR, "svc-offboard@provider.test", password=PASSWORD)
    state.add_login(bot, "ApiKey", "offboarding", key=API_KEY)
    state.add_user(organization, r"provider\operator", "PortalOperator", "operator@provider.test")
    state.add_rule(r"ACME\Backup Operators", "Group")
    state.add_rule(r"ACME\Dana Frost", "Group")  # a group that bears her name
    state.add_rule(r"ACME\hiro", "User")


def _handles(state: VspcState, mail: str) -> frozenset[str]:
    mine = [user for user in state.users.values() if user.mail == mail]
    logins = [f"{user.name}#{login.id}" for user in mine for login in state.logins_of(user.uid)]
    return frozenset([*(user.name for user in mine), *logins])
