"""What is said of each kind so that one suite can try all of them: who is there, and what goes on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from bot.model import Account, Leaver
from bot.ports import Provider
from providers.http import Door, limit
from sandbox.systems.faults import Fault
from sandbox.systems.frame import Simulator
from sandbox.systems.huawei_hss import seed as huawei
from sandbox.systems.rsa_cas.people import LEGACY_AD
from sandbox.systems.rsa_cas.users import User
from tests.providers.leavers import leaver
from tests.providers.subjects import BY_KIND, Subject

Act = Callable[[Any, str], object]
"""Something done to a simulator about the account of this id."""

DANA: Final = leaver("dana@acme.test")
_MANY: Final = 450


@dataclass(frozen=True, slots=True)
class Terms:
    """One kind's own facts.

    `steps` are the names of a removal's steps in the vendor's order; `lists` is what the list or search looks like on
    the wire and `write` the first step. `many` puts the leaver's accounts behind more than one page and `gone` takes an
    account away. `several` finds two accounts, `nobody` none, each with the settings that are needed for it; `near` are
    settings with which somebody near the leaver is there.
    """

    kind: str
    steps: tuple[str, ...]
    lists: str
    write: str
    many: Act
    gone: Act
    several: Leaver
    nobody: Leaver = field(default_factory=lambda: leaver("noa@acme.test"))
    own: Callable[[Any], Mapping[str, object]] = lambda _: {}
    prepare: Callable[[Any], object] = lambda _: None

    @property
    def subject(self) -> Subject:
        return BY_KIND[self.kind]


@dataclass(slots=True)
class Bench:
    """One running system of a kind, and the providers that look at it."""

    terms: Terms
    system: Simulator
    door: Door
    _hands: list[Provider] = field(default_factory=list)

    @property
    def dana(self) -> str:
        """The id of Dana's account, as long as nobody has taken it away."""
        return self.terms.subject.dana(self.system.state)

    def hand(self) -> Provider:
        """Return a new provider."""
        settings = self.terms.subject.settings(self.system, **self.terms.own(self.system))
        self._hands.append(self.terms.subject.hand(self.system, settings, self.door, self._nap))
        return self._hands[-1]

    async def account(self, hand: Provider) -> Account:
        """Return Dana's account as it is found."""
        (found,) = (await hand.find(DANA)).accounts
        return found

    async def aclose(self) -> None:
        for hand in self._hands:
            await hand.aclose()
        await self.door.aclose()

    async def _nap(self, seconds: float) -> None:
        self.system.clock.forward(seconds)


@asynccontextmanager
async def bench_of(terms: Terms, system: Simulator) -> AsyncIterator[Bench]:
    """Give a bench over a simulator that runs; it is closed at the end."""
    limit._shared.clear()
    door = terms.subject.kind.door(terms.subject.settings(system, timeout=20.0))
    bench = Bench(terms, system, door)
    door._sleep = bench._nap
    try:
        yield bench
    finally:
        await bench.aclose()


def _many_names(system: Any, dana: str) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    last = system.state.accounts.pop(dana)
    for number in range(_MANY):
        system.state.add(f"ACME\\desk{number}", "Portal User")
    system.state.accounts[dana] = last


def _many_users(system: Any, dana: str) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    last = system.state.users.pop(dana)
    for number in range(_MANY):
        system.state.add_user(last.organization, f"acme\\desk{number}", "CompanyLocationUser", "desk@acme.test")
    system.state.users[dana] = last
    # A console that takes no filter has to be read to its end.
    body = '{"errors": [{"message": "no filter", "type": "logical", "code": 400}]}'
    kind = {"Content-Type": "application/json"}
    system.faults.add(Fault("status", "GET", "filter=", times=999, status=400, body=body, headers=kind))


def _many_agents(system: Any, dana: str) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    rows = system.state.users.rows
    last = rows.pop(int(dana))
    for number in range(1, _MANY):
        rows[number] = {**last, "id": number, "loginName": f"desk{number}", "email": f"desk{number}@acme.test"}
    rows[int(dana)] = last


def _many_rows(system: Any, dana: str) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    rows = system.state.rows
    last = next(row for row in rows if row.account_id == dana)
    rows.remove(last)
    for number in range(_MANY):
        system.state.add_row(f"desk-{number}", huawei.ORGANIZATION, huawei.REGION)
    rows.append(last)


def _many_alike(system: Any, dana: str) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    for number in range(60):
        new = f"00000000-0000-4000-8000-0000000000{number:02}"
        mail = f"a{number:02}.dana@acme.test"
        system.state.cloud.users[new] = User(new, mail, "A", "B", LEGACY_AD, mail, 0.0)


def _no_rows(system: Any, account: str) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    system.state.rows = [row for row in system.state.rows if row.account_id != account]


def _two_of_dana(system: Any) -> dict[str, object]:  # noqa: ANN401  # each simulator has accounts of its own
    own = huawei.assigned(system.state)
    named = {row.account_name: row.account_id for row in system.state.rows}
    return {
        "accounts": {**own, "d.frost@acme.test": named["sandbox-robin"], "dana@other.test": named["sandbox-dana-field"]}
        | {"noa@acme.test": "f" * 32},
    }


TERMS: Final = (
    Terms(
        "veeam_em",
        ("delete",),
        lists="/security/accounts$",
        write="/security/accounts/",
        many=_many_names,
        gone=lambda system, account: system.state.accounts.pop(account),
        several=leaver("hiro@acme.test"),
        prepare=lambda system: system.state.add("hiro@acme.test", "Portal User", type_="ExternalUser"),
    ),
    Terms(
        "vspc",
        ("identity:41", "identity:42", "user"),
        lists=r"/users\?",
        write=r"/logins/\d+$",
        many=_many_users,
        gone=lambda system, account: system.state.remove_user(account),
        several=leaver("robin@acme.test"),
    ),
    Terms(
        "liveperson",
        ("delete",),
        lists=r"/le-users/users\?",
        write=r"/le-users/users/\d+\?",
        many=_many_agents,
        gone=lambda system, account: system.state.users.delete([int(account)], system.clock.now()),
        several=leaver("robin@acme.test"),
    ),
    Terms(
        "huawei_hss",
        (f"delete {'dd' * 16}",),
        lists="/setting/account/accounts",
        write="/setting/account/accounts",
        many=_many_rows,
        gone=_no_rows,
        several=leaver("dana@acme.test", "d.frost@acme.test"),
        own=_two_of_dana,
    ),
    Terms(
        "rsa_cas",
        ("disable", "delete"),
        lists="/v2/users/search",
        write="/userStatus",
        many=_many_alike,
        gone=lambda system, account: system.state.cloud.users.pop(account),
        several=leaver("robin@acme.test"),
    ),
)
