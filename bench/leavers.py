"""People who leave: each has one account in each of the five systems, and one in Slack."""

from __future__ import annotations

from typing import TypeVar
from uuid import uuid4

from sandbox.slack.people import Person
from sandbox.slack.workspace import Workspace
from sandbox.systems import seed
from sandbox.systems.all import World
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss import seed as huawei
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import Seat, entity
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.directory import Entry
from sandbox.systems.rsa_cas.people import ACME_AD
from sandbox.systems.rsa_cas.users import Device, User
from sandbox.systems.seed import SeedPerson
from sandbox.systems.veeam_em import VeeamEm
from sandbox.systems.vspc import Vspc

_FIRST_SEAT = 4_200_000_000
S = TypeVar("S")


def enrol(world: World, workspace: Workspace, count: int) -> dict[str, str]:
    """Put that many people into all systems and into Slack; the answer gives each mail its Huawei account id."""
    return {person.mail: _enrol(world, workspace, person, number) for number, person in enumerate(_people(count))}


def _people(count: int) -> list[SeedPerson]:
    return [
        SeedPerson("Leaver", f"No{number:03}", f"leaver{number:03}@{seed.DOMAIN}") for number in range(1, count + 1)
    ]


def _enrol(world: World, workspace: Workspace, person: SeedPerson, number: int) -> str:
    workspace.add_person(Person(f"U0LEAVER{number:03}", person.login, person.name, person.mail))
    _the(world, VeeamEm).state.add(rf"{seed.NETBIOS}\{person.login}", "Portal User")
    _in_vspc(_the(world, Vspc), person)
    _the(world, LivePerson).state.users.add(
        entity(Seat(_FIRST_SEAT + number, person.mail, person.mail, person.login, person.mail))
    )
    _in_rsa(_the(world, RsaCas), person)
    row = _the(world, HuaweiHss).state.add_row(f"sandbox-{person.login}", huawei.ORGANIZATION, huawei.REGION)
    return row.account_id


def _the(world: World, kind: type[S]) -> S:
    return next(simulator for simulator in world.by_kind.values() if isinstance(simulator, kind))


def _in_vspc(vspc: Vspc, person: SeedPerson) -> None:
    acme = next(uid for uid, name in vspc.state.organizations.items() if name == seed.COMPANY)
    name = rf"acme\{person.login}"
    user = vspc.state.add_user(acme, name, "CompanyLocationUser", person.mail, first=person.first, last=person.last)
    vspc.state.add_login(user, "Sso", "sign-on at the identity provider")


def _in_rsa(rsa: RsaCas, person: SeedPerson) -> None:
    who = (person.mail, person.first, person.last)
    user = User(str(uuid4()), *who, ACME_AD, person.mail, rsa.clock.now(), devices=[Device(str(uuid4()), "Phone")])
    rsa.state.cloud.users[user.id] = user
    rsa.state.cloud.directory.entries.append(Entry(ACME_AD, *who, person.mail, last_id=user.id))
