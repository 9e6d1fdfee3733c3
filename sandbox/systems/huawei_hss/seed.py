"""Acme's cloud: the accounts under central security management, the organization and the IAM users."""

from typing import Final

from sandbox.systems import seed
from sandbox.systems.huawei_hss.state import HssState, IamUser, Key, Member, Row

REGION: Final = "eu-west-101"
PROJECT: Final = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
DOMAIN: Final = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
DOMAIN_NAME: Final = "acme-master"
ORGANIZATION: Final = "o-00000000000000000000000000000001"
OTHER_ORGANIZATION: Final = "o-00000000000000000000000000000002"

ACCESS_KEY: Final = "AKSANDBOX0123456789A"
SECRET_KEY: Final = "sandboxSecretKey0123456789abcdefABCDEF01"  # noqa: S105 - a simulator's made-up secret
SERVICE: Final = "svc-offboard"
PASSWORD: Final = "iam-sandbox-password"  # noqa: S105 - a simulator's made-up password

_ROWS: Final[tuple[tuple[str, str, str, int], ...]] = (
    ("acme-master", ORGANIZATION, REGION, 12),  # must never go
    ("acme-prod", ORGANIZATION, REGION, 48),
    ("sandbox-Dana", ORGANIZATION, REGION, 1),  # another account, another case
    ("sandbox-jordana", ORGANIZATION, REGION, 0),
    ("sandbox-dana-field", ORGANIZATION, REGION, 2),
    ("sandbox-dana", OTHER_ORGANIZATION, REGION, 3),  # the same name in another organization
    ("sandbox-robin", ORGANIZATION, REGION, 1),
    ("sandbox-robin", ORGANIZATION, "ap-southeast-3", 0),  # one account, two projects
)


_SPELT_BY_THE_OPERATOR: Final = (seed.OEZLEM, seed.BLANK, seed.PLUS, seed.IDN)
"""The cloud accounts themselves know no address: the odd spellings stand in the operator's `accounts`."""


def fill(state: HssState) -> dict[str, frozenset[str]]:
    """Put everything in; the answer tells which handles are whose. Dana's row stands beyond the first page of ten."""
    for name, organization, project, hosts in _ROWS:
        state.add_row(name, organization, project, host_num=hosts)
    for person in seed.BYSTANDERS:
        state.add_row(f"sandbox-{_plain(person.login)}", ORGANIZATION, REGION)
    for person in _SPELT_BY_THE_OPERATOR:
        state.add_row(f"sandbox-{_plain(person.last.lower())}", ORGANIZATION, REGION)
    state.rows[-1].enterprise_project = "4f6a1f0e-7c1b-4f27-9a35-5f6f0c6b7d11"
    dana = Row("sandbox-dana", "a1b2c3d4e5f60718293a4b5c6d7e8f90", ORGANIZATION, "dd" * 16, REGION, 2)
    state.rows.append(dana)
    _organization(state)
    _people(state)
    return {seed.DANA.mail: frozenset({handle(dana)})}


def _organization(state: HssState) -> None:
    state.members["ou-people"] = Member("ou-people", "People", ORGANIZATION, "unit")
    for row in state.rows:
        if row.organization_id == ORGANIZATION:
            state.members[row.account_id] = Member(row.account_id, row.account_name, "ou-people")


def _people(state: HssState) -> None:
    """The master account's own users: deleting a managed account must not touch them."""
    users = (
        IamUser("root-user", DOMAIN_NAME, "cloud@acme.test", root=True, is_administrator=True),
        IamUser("svc-user", SERVICE, password=PASSWORD, is_administrator=True),
        IamUser("reader-user", "svc-reader", password=PASSWORD),
        IamUser("dana-user", "dana", seed.DANA.mail),
        IamUser("other-dana-user", "dana.field", seed.OTHER_DANA.mail),
        IamUser("alma-user", "alma", "alma@acme.test", enabled=False),
    )
    state.users.update({user.id: user for user in users})
    state.keys[ACCESS_KEY] = Key(SECRET_KEY, "svc-user")


def assigned(state: HssState) -> dict[str, str]:
    """Whose cloud account is whose, by the operator's word: mail → account id."""
    by_name = {row.account_name: row.account_id for row in state.rows if row.organization_id == ORGANIZATION}
    people = {seed.DANA.mail: "sandbox-dana", "hiro@acme.test": "sandbox-hiro", seed.KEEPER.mail: "acme-master"}
    people |= {person.mail: f"sandbox-{_plain(person.last.lower())}" for person in _SPELT_BY_THE_OPERATOR}
    return {mail: by_name[name] for mail, name in people.items() if name in by_name}


def handle(row: Row) -> str:
    return f"{row.account_name}/{row.project_name}" + ("" if row.organization_id == ORGANIZATION else " [other]")


def _plain(login: str) -> str:
    """Account names are letters, digits, hyphen and underscore."""
    return "".join(letter if letter.isalnum() else "-" for letter in login)
