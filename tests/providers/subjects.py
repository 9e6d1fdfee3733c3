"""Every kind of system with its simulator: what all providers are tried on alike, and what may not suffer from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.ports import Provider
from providers import huawei_hss, liveperson, rsa_cas, veeam_em, vspc
from providers.http import Door
from providers.kind import Kind
from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Simulator
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss import seed as huawei_seed
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson import people as liveperson_people
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas import people as rsa_people
from sandbox.systems.veeam_em import VeeamEm
from sandbox.systems.vspc import Vspc

Sleep = Callable[[float], Awaitable[None]]
Things = Mapping[object, object]
"""What a system holds, each thing under a name of its own."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind. `accounts` are the simulator's accounts by the id that a provider knows them by.

    `dana` is the id of Dana's one account in the seeded state, `others` whatever else must survive; `hand` builds a
    provider that goes by the simulator's clock and waits with the `sleep` that it is given.
    """

    kind: Kind
    simulator: type[Simulator]
    hand: Callable[[Simulator, Any, Door, Sleep], Provider]
    accounts: Callable[[Any], Things]
    dana: Callable[[Any], str]
    others: Callable[[Any], Things]

    @property
    def name(self) -> str:
        return self.kind.name

    def new(self, clock: MovableClock | None = None) -> Simulator:
        """Return a seeded simulator without rate limits."""
        simulator = self.simulator(clock=clock, limits=False)
        simulator.seed()
        return simulator

    def settings(self, simulator: Simulator, **more: object) -> Any:  # noqa: ANN401  # each kind has a model of its own
        return self.kind.settings.model_validate(simulator.settings() | more)


def _vspc_accounts(state: Any) -> Things:  # noqa: ANN401  # the state of one kind of simulator
    return {user.uid: (user, state.logins_of(user.uid)) for user in state.users.values()}


def _huawei_accounts(state: Any) -> Things:  # noqa: ANN401  # the state of one kind of simulator
    rows: dict[object, list[object]] = {}
    for row in state.rows:
        if row.lists_left is None:
            rows.setdefault(row.account_id, []).append(row)
    return rows


def _liveperson_accounts(state: Any) -> Things:  # noqa: ANN401  # the state of one kind of simulator
    return {str(user_id): user for user_id, user in state.users.rows.items() if not user["deleted"]}


def _named(**kinds: Mapping[Any, object]) -> Things:
    return {(kind, name): thing for kind, things in kinds.items() for name, thing in things.items()}


SUBJECTS: Final = (
    Subject(
        veeam_em.KIND,
        VeeamEm,
        lambda _, settings, door, __: veeam_em.VeeamEmProvider("em", settings, door),
        lambda state: state.accounts,
        lambda state: state.named(r"ACME\dana").id,
        lambda state: _named(password=state.passwords, members=state.members),
    ),
    Subject(
        vspc.KIND,
        Vspc,
        lambda _, settings, door, sleep: vspc.VspcProvider("vspc", settings, door, sleep),
        _vspc_accounts,
        lambda state: next(user.uid for user in state.users.values() if user.name == r"acme\dana"),
        lambda state: _named(organization=state.organizations, rule=state.rules),
    ),
    Subject(
        liveperson.KIND,
        LivePerson,
        lambda _, settings, door, __: liveperson.LivePersonProvider("lp", settings, door),
        _liveperson_accounts,
        lambda _: str(liveperson_people.DANA_ID),
        lambda _: {},
    ),
    Subject(
        huawei_hss.KIND,
        HuaweiHss,
        lambda system, settings, door, _: huawei_hss.HuaweiHssProvider("hss", settings, door, system.clock.now),
        _huawei_accounts,
        lambda state: huawei_seed.assigned(state)["dana@acme.test"],
        lambda state: _named(member=state.members, user=state.users),
    ),
    Subject(
        rsa_cas.KIND,
        RsaCas,
        lambda system, settings, door, _: rsa_cas.RsaCasProvider("rsa", settings, door, system.clock.now),
        lambda state: state.cloud.users,
        lambda _: rsa_people.DANA_ID,
        lambda state: _named(entry=dict(enumerate(state.cloud.directory.entries))),
    ),
)

BY_KIND: Final = {subject.name: subject for subject in SUBJECTS}
