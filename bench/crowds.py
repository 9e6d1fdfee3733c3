"""Systems with very many users, seeded into the simulators' state; one leaver is among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.systems.liveperson.people import Seat, entity
from sandbox.systems.liveperson.state import LpState
from sandbox.systems.vspc.state import VspcState

LEAVER = "wanted.person@many.test"
_FIRST_SEAT = 5_000_000_000
_PLAIN = "CompanyLocationUser"


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many users a system of this kind gets, and how they get into it: the leaver stands in the middle."""

    kind: str
    label: str
    users: int
    fill: Callable[[Any, int], None]


def _into_liveperson(state: LpState, count: int) -> None:
    users = state.users
    for number, mail in enumerate(_mails(count - len(users.living()))):
        users.add(entity(Seat(_FIRST_SEAT + number, mail, mail, f"Agent {number}")))


def _into_vspc(state: VspcState, count: int) -> None:
    organization = state.add_organization("Many")
    for mail in _mails(count - len(state.users)):
        state.add_user(organization, rf"many\{mail.partition('@')[0]}", _PLAIN, mail, first="Some", last="Body")


def _mails(count: int) -> list[str]:
    mails = [f"user{number:05}@many.test" for number in range(count)]
    mails[count // 2] = LEAVER
    return mails


CROWDS = (
    Crowd("liveperson", "LivePerson", 20_000, _into_liveperson),
    Crowd("vspc", "Veeam Service Provider Console", 50_000, _into_vspc),
)
