"""Enterprise Manager's accounts at acme.test: name, type and roles."""

from typing import Final

from sandbox.systems import seed
from sandbox.systems.veeam_em.state import ADMINISTRATOR, EmState

SERVICE: Final = rf"{seed.NETBIOS}\svc-offboard"
PASSWORD: Final = "em-sandbox-password"  # noqa: S105 - a simulator's made-up password

_USER: Final = ("Portal User",)
_RESTORE: Final = ("VM Restore Operator", "File Restore Operator")

ACCOUNTS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    (r"BUILTIN\Administrators", "Group", (ADMINISTRATOR,)),
    (SERVICE, "User", _USER),
    (r"ACME\petra", "User", (ADMINISTRATOR,)),  # the last person who is one
    (r"ACME\dana", "User", _USER),
    (r"ACME\sam", "User", _RESTORE),
    (r"OTHER\dana", "User", _USER),  # Dana's log-in in another domain
    ("dana@other.test", "ExternalUser", _USER),
    ("jordana@acme.test", "ExternalUser", _USER),
    (r"ACME\jordana", "User", _RESTORE),
    (r"ACME\Dana Frost", "Group", _RESTORE),  # a group that bears her name
    ("robin@acme.test", "ExternalGroup", _USER),  # a group that bears an address
    (r"ACME\Backup Operators", "Group", _RESTORE),
    ("All staff & guests", "ExternalGroup", _USER),
    ("femi", "User", _USER),  # a bare name, as Windows allows
)


def fill(state: EmState) -> dict[str, frozenset[str]]:
    """Put the accounts in; the answer tells which handles are whose."""
    for name, type_, roles in ACCOUNTS:
        state.add(name, *roles, type_=type_)
    for person in seed.BYSTANDERS:
        state.add(rf"{seed.NETBIOS}\{person.login}", *_USER)
    for person in seed.ODDLY_SPELT:
        state.add(person.mail, *_USER, type_="ExternalUser")
    state.passwords[SERVICE.lower()] = PASSWORD
    state.members[r"BUILTIN\Administrators"] = frozenset({SERVICE.lower()})
    return {seed.DANA.mail: frozenset({r"ACME\dana"}), seed.SAM.mail: frozenset({r"ACME\sam"})}
