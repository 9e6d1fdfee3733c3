"""What the seed promises, over all systems: whose account is whose, and what is there to be mistaken for it."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.systems import seed
from sandbox.systems.all import SIMULATORS
from sandbox.systems.frame import Simulator
from sandbox.systems.huawei_hss.seed import ORGANIZATION, assigned
from sandbox.systems.liveperson.users import ADMINISTRATOR, BOT, HUMAN, SYSTEM, profiles
from sandbox.systems.rsa_cas.people import ENTRA
from sandbox.systems.rsa_cas.users import Status
from sandbox.systems.veeam_em.state import ADMINISTRATOR as PORTAL_ADMINISTRATOR

Found = list[str]
Accounts = Callable[[Any, str], Found]


def em_accounts(state: Any, mail: str) -> Found:  # noqa: ANN401 - each system's state is its own
    """Users whose name is the log-in in Acme's Windows domain, or the address."""
    login, _, domain = mail.partition("@")
    names = {mail, rf"{seed.NETBIOS}\{login}".lower()} if domain == seed.DOMAIN else {mail}
    people = [one for one in state.accounts.values() if one.type in {"User", "ExternalUser"}]
    return [one.id for one in people if one.name.lower() in names]


def vspc_accounts(state: Any, mail: str) -> Found:  # noqa: ANN401 - the same
    return [one.uid for one in state.users.values() if (one.mail or "").lower() == mail]


def lp_accounts(state: Any, mail: str) -> Found:  # noqa: ANN401 - the same
    keys = [(one["id"], {str(one["loginName"]).lower(), str(one["email"]).lower()}) for one in state.users.living()]
    return [str(user) for user, held in keys if mail in held]


def hss_accounts(state: Any, mail: str) -> Found:  # noqa: ANN401 - the same
    mine = assigned(state).get(mail)
    return [row.account_id for row in state.rows if row.account_id == mine]


def rsa_accounts(state: Any, mail: str) -> Found:  # noqa: ANN401 - the same
    return [one.id for one in state.cloud.users.values() if one.email.lower() == mail]


EXACTLY: dict[str, Accounts] = {
    "veeam_em": em_accounts,
    "vspc": vspc_accounts,
    "liveperson": lp_accounts,
    "huawei_hss": hss_accounts,
    "rsa_cas": rsa_accounts,
}
"""How each system is searched for one address without guessing."""


def seeded(kind: str) -> Simulator:
    (simulator,) = (each() for each in SIMULATORS if each.kind == kind)
    simulator.seed()
    return simulator


def count(mail: str) -> dict[str, int]:
    """Return how many accounts of the person each system has, systems without any left out."""
    found = {kind: len(search(seeded(kind).state, mail)) for kind, search in EXACTLY.items()}
    return {kind: many for kind, many in found.items() if many}


def test_every_simulator_is_searched_here() -> None:
    assert {each.kind for each in SIMULATORS} == EXACTLY.keys()


def test_dana_has_exactly_one_account_in_every_system() -> None:
    assert count(seed.DANA.mail) == dict.fromkeys(EXACTLY, 1)


def test_sam_has_one_account_in_two_systems() -> None:
    assert count(seed.SAM.mail) == {"veeam_em": 1, "liveperson": 1}


def test_noa_has_none() -> None:
    assert count(seed.NOA.mail) == {}


def test_robin_has_two_accounts_with_one_address_in_three_systems() -> None:
    assert count(seed.ROBIN.mail) == {"vspc": 2, "liveperson": 2, "rsa_cas": 2}


@pytest.mark.parametrize("person", [seed.OTHER_DANA, seed.JORDANA])
def test_those_who_look_like_dana_are_people_of_their_own_wherever_addresses_are(person: seed.SeedPerson) -> None:
    systems = count(person.mail)
    assert {kind for kind in systems if kind != "veeam_em"} == {"vspc", "liveperson", "rsa_cas"}
    assert systems["veeam_em"] >= 1


@pytest.mark.parametrize("kind", EXACTLY)
def test_a_search_by_part_of_the_name_finds_more_than_danas_own(kind: str) -> None:
    system = seeded(kind)
    alike = {handle for handle in system.standing() if seed.DANA.login in handle.lower()}
    assert len(alike - system.of(seed.DANA.mail)) >= 2


@pytest.mark.parametrize("kind", EXACTLY)
def test_one_handle_belongs_to_one_person(kind: str) -> None:
    handles = [handle for owned in seeded(kind).owned.values() for handle in owned]
    assert len(handles) == len(set(handles))


@pytest.mark.parametrize("kind", EXACTLY)
def test_every_seeding_makes_the_same_handles(kind: str) -> None:
    assert seeded(kind).standing() == seeded(kind).standing()


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("veeam_em", r"ACME\svc-offboard"),
        ("vspc", r"provider\svc-offboard"),
        ("liveperson", "svc-offboard@acme.test"),
        ("huawei_hss", "iam svc-offboard"),
    ],
)
def test_the_bots_own_account_is_there_to_be_spared(kind: str, own: str) -> None:
    assert own in seeded(kind).standing()


@pytest.mark.parametrize(
    ("kind", "group"),
    [("veeam_em", r"ACME\Dana Frost [Group]"), ("vspc", r"rule ACME\Dana Frost")],
)
def test_a_group_bears_danas_name(kind: str, group: str) -> None:
    assert group in seeded(kind).standing()


def test_one_person_is_enterprise_managers_last_administrator() -> None:
    accounts = seeded("veeam_em").state.accounts.values()
    people = [one.name for one in accounts if PORTAL_ADMINISTRATOR in one.roles and one.type == "User"]
    assert people == [rf"{seed.NETBIOS}\{seed.KEEPER.login}"]


def test_a_company_has_an_owner() -> None:
    roles = {one.mail: one.role for one in seeded("vspc").state.users.values()}
    assert roles[seed.KEEPER.mail] == "CompanyOwner"


def test_danas_user_has_more_than_one_identity() -> None:
    state = seeded("vspc").state
    (dana,) = vspc_accounts(state, seed.DANA.mail)
    assert len(state.logins_of(dana)) == 2


def test_liveperson_has_a_tombstone_with_danas_log_in() -> None:
    stones = [one for one in seeded("liveperson").state.users.rows.values() if one["deleted"]]
    assert [one["loginName"] for one in stones] == [seed.DANA.mail]


def test_liveperson_has_bots_system_users_and_programs_that_log_in_as_people() -> None:
    living = seeded("liveperson").state.users.living()
    assert {(one["userTypeId"], one["isApiUser"]) for one in living} == {
        (HUMAN, False),
        (HUMAN, True),
        (BOT, True),
        (SYSTEM, False),
    }


def test_liveperson_has_danas_address_where_it_is_no_key() -> None:
    living = seeded("liveperson").state.users.living()
    elsewhere = [one for one in living if seed.DANA.mail in {one["nickname"], *str(one["description"]).split()}]
    assert [one["loginName"] for one in elsewhere] == ["cover.desk"]


def test_liveperson_has_one_administrator_who_is_a_person() -> None:
    administrators = [one for one in seeded("liveperson").state.users.living() if ADMINISTRATOR in profiles(one)]
    assert [one["loginName"] for one in administrators] == [seed.KEEPER.mail]


def test_huaweis_list_shows_dana_beyond_its_first_page_only() -> None:
    state = seeded("huawei_hss").state
    (dana,) = hss_accounts(state, seed.DANA.mail)
    assert len(state.rows) > 10
    assert dana not in {row.account_id for row in state.rows[:10]}


def test_huawei_has_danas_account_name_in_another_organization_and_another_case() -> None:
    state = seeded("huawei_hss").state
    named = [(row.account_name, row.organization_id == ORGANIZATION) for row in state.rows]
    alike = [one for one in named if one[0].lower() == "sandbox-dana"]
    assert sorted(alike) == [("sandbox-Dana", True), ("sandbox-dana", False), ("sandbox-dana", True)]


def test_huawei_has_a_log_in_of_danas_that_is_not_the_assigned_account() -> None:
    users = seeded("huawei_hss").state.users.values()
    assert [user.name for user in users if user.mail == seed.DANA.mail] == ["dana"]


def test_rsa_has_more_users_than_one_page_of_a_search() -> None:
    assert len(seeded("rsa_cas").state.cloud.search("@")) > 25


def test_rsa_has_danas_local_part_as_somebody_elses_user_name() -> None:
    users = seeded("rsa_cas").state.cloud.users.values()
    assert [one.email for one in users if one.username == seed.DANA.login] == [seed.OTHER_DANA.mail]


def test_rsa_has_users_that_go_another_way() -> None:
    users = list(seeded("rsa_cas").state.cloud.users.values())
    assert any(one.source == ENTRA for one in users)
    assert {one.mark is not None for one in users if one.status is Status.DISABLED} == {True, False}


def test_rsa_would_copy_sam_in_for_whoever_asks_for_unsynchronised_users() -> None:
    system = seeded("rsa_cas")
    assert system.of(seed.SAM.mail) == frozenset()
    system.state.cloud.lookup(system.clock.now(), email=seed.SAM.mail, unsynched=True)
    assert len(system.of(seed.SAM.mail)) == 1
