"""What somebody else does while a removal is under way, and how the removal must end then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sandbox.systems.faults import Fault
from sandbox.systems.frame import Simulator
from sandbox.systems.huawei_hss import seed as huawei
from sandbox.systems.liveperson.people import DANA_ID as LP_DANA
from sandbox.systems.rsa_cas.people import ACME_AD
from sandbox.systems.rsa_cas.people import DANA_ID as RSA_DANA
from sandbox.systems.rsa_cas.users import Device, Status, User
from tests.faults.calls import Stage
from tests.faults.life import CHANGED, Trouble

Act = Callable[[Any], object]

REMOVED, ABSENT, REFUSED, UNCONFIRMED = "removed", "absent", "refused", "unconfirmed"
COMES_BACK: Final = "comes back after the step, under a new id"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in one system: when, and the word that the removal must end with.

    `page` is a pattern: then it happens while that page is asked for. `prepare` is done before the look.
    """

    kind: str
    name: str
    stage: Stage
    act: Act
    word: str
    step: int = 0
    page: str = ""
    prepare: Act = lambda _: None

    def trouble(self) -> Trouble:
        moment = (self.stage, self.step)
        if not self.page:
            return Trouble(moment, act=self.act, prepare=self.prepare)
        return _Paged(self).trouble()


@dataclass(slots=True)
class _Paged:
    """An act that waits for a page; the simulator is known only when the life has begun."""

    event: Event
    system: Simulator | None = None

    def trouble(self) -> Trouble:
        fault = Fault("act", path=self.event.page, act=self._act)
        return Trouble((self.event.stage, 0), fault, prepare=self._prepare)

    def _prepare(self, system: Simulator) -> None:
        self.system = system
        self.event.prepare(system)

    def _act(self) -> None:
        self.event.act(self.system)


def _em_dana(system: Any) -> Any:  # noqa: ANN401  # each simulator has accounts of its own
    return system.state.named(r"ACME\dana")


def _vspc_dana(system: Any) -> Any:  # noqa: ANN401  # each simulator has accounts of its own
    return next(user for user in system.state.users.values() if user.name == r"acme\dana")


def _hss_dana(system: Any) -> Any:  # noqa: ANN401  # each simulator has accounts of its own
    dana = huawei.assigned(system.state)["dana@acme.test"]
    return next(row for row in system.state.rows if row.account_id == dana)


def _rsa_dana(system: Any) -> Any:  # noqa: ANN401  # each simulator has accounts of its own
    return system.state.cloud.users[RSA_DANA]


def _lp_again(system: Any) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    users = system.state.users
    users.add({**users.rows[LP_DANA], "id": LP_DANA + 7, "pid": "another", "deleted": False})


def _vspc_again(system: Any) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    acme = next(uid for uid, name in system.state.organizations.items() if name == "Acme")
    system.state.add_user(acme, r"acme\dana", "CompanyLocationUser", "dana@acme.test")


def _narrow(system: Any) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    bot = next(user for user in system.state.users.values() if user.name.endswith("svc-offboard"))
    bot.role = "CompanyAdministrator"
    bot.organization = next(uid for uid, name in system.state.organizations.items() if name == "Acme")


def _many_rows(system: Any) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    """Put Dana's row on the second page, at its beginning."""
    rows, dana = system.state.rows, _hss_dana(system)
    rows.remove(dana)
    for number in range(300):
        system.state.add_row(f"desk-{number}", huawei.ORGANIZATION, huawei.REGION)
    rows.insert(200, dana)


def _many_users(system: Any) -> None:  # noqa: ANN401  # each simulator has accounts of its own
    """Fill more than a page with addresses that hold Dana's, all sorted before hers."""
    for number in range(40):
        new = f"00000000-0000-4000-8000-0000000000{number:02}"
        mail = f"a{number:02}.dana@acme.test"
        system.state.cloud.users[new] = User(new, mail, "A", "B", ACME_AD, mail, 0.0)


_HSS_ID: Final = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
_FIRST_FILLER: Final = "00000000-0000-4000-8000-000000000000"
_S = Stage

EVENTS: Final = (
    Event("veeam_em", "is renamed", _S.READ, lambda s: setattr(_em_dana(s), "name", r"ACME\dana2"), CHANGED),
    Event("veeam_em", "gets a role", _S.READ, lambda s: _em_dana(s).roles.append("VM Restore Operator"), CHANGED),
    Event("veeam_em", "is gone", _S.READ, lambda s: s.state.accounts.pop(_em_dana(s).id), ABSENT),
    Event("veeam_em", "goes just before the step", _S.STEP, lambda s: s.state.accounts.pop(_em_dana(s).id), ABSENT, 1),
    Event("veeam_em", COMES_BACK, _S.CONFIRM, lambda s: s.state.add(r"ACME\dana", "Portal User"), REMOVED),
    Event("vspc", "is renamed", _S.READ, lambda s: setattr(_vspc_dana(s), "name", r"acme\dana2"), CHANGED),
    Event("vspc", "gets a role", _S.READ, lambda s: setattr(_vspc_dana(s), "role", "CompanyAdministrator"), CHANGED),
    Event("vspc", "gets an identity", _S.READ, lambda s: s.state.sign_in_by_sso(_vspc_dana(s)), CHANGED),
    Event("vspc", "gets an identity in between", _S.BETWEEN, lambda s: s.state.sign_in_by_sso(_vspc_dana(s)), REFUSED),
    Event("vspc", "is gone", _S.READ, lambda s: s.state.remove_user(_vspc_dana(s).uid), ABSENT),
    Event("vspc", "goes just before the step", _S.STEP, lambda s: s.state.remove_user(_vspc_dana(s).uid), ABSENT, 1),
    Event("vspc", "goes before the last step", _S.STEP, lambda s: s.state.remove_user(_vspc_dana(s).uid), REMOVED, 3),
    Event("vspc", COMES_BACK, _S.CONFIRM, _vspc_again, REMOVED),
    Event("vspc", "our key sees less", _S.SEARCH, _narrow, UNCONFIRMED),
    Event(
        *("liveperson", "is renamed", _S.READ),
        lambda s: s.state.users.edit(LP_DANA, s.clock.now(), loginName="dana2@acme.test"),
        CHANGED,
    ),
    Event(
        *("liveperson", "gets a role", _S.READ),
        lambda s: s.state.users.edit(LP_DANA, s.clock.now(), profileIds=[4100100099, 4100100097]),
        CHANGED,
    ),
    Event("liveperson", "is gone", _S.READ, lambda s: s.state.users.delete([LP_DANA], s.clock.now()), ABSENT),
    Event(
        *("liveperson", "goes just before the step", _S.STEP),
        lambda s: s.state.users.delete([LP_DANA], s.clock.now()),
        ABSENT,
        1,
    ),
    Event("liveperson", "another user is edited before the step", _S.STEP, lambda s: s.state.users.bump(), REMOVED, 1),
    Event("liveperson", COMES_BACK, _S.CONFIRM, _lp_again, REMOVED),
    Event("huawei_hss", "is renamed", _S.READ, lambda s: setattr(_hss_dana(s), "account_name", "dana-2"), CHANGED),
    Event("huawei_hss", "gets hosts", _S.READ, lambda s: setattr(_hss_dana(s), "host_num", 30), CHANGED),
    Event(
        *("huawei_hss", "gets a project", _S.READ),
        lambda s: s.state.add_row("sandbox-dana", huawei.ORGANIZATION, "x", account_id=_hss_dana(s).account_id),
        CHANGED,
    ),
    Event("huawei_hss", "is gone", _S.READ, lambda s: s.state.rows.remove(_hss_dana(s)), ABSENT),
    Event("huawei_hss", "goes just before the step", _S.STEP, lambda s: s.state.rows.remove(_hss_dana(s)), ABSENT, 1),
    Event(
        *("huawei_hss", "comes back after the step, in a new project", _S.CONFIRM),
        lambda s: s.state.add_row("sandbox-dana", huawei.ORGANIZATION, "x", account_id=_HSS_ID),
        REFUSED,
    ),
    Event(
        *("huawei_hss", "our key sees less", _S.SEARCH),
        lambda s: setattr(s.state.users["svc-user"], "is_administrator", False),
        UNCONFIRMED,
    ),
    *(
        Event(
            *("huawei_hss", f"a page shifts ({stage})", stage, lambda s: s.state.rows.pop(0), REMOVED, 0, "offset=199"),
            prepare=_many_rows,
        )
        for stage in (_S.LOOK, _S.READ, _S.CONFIRM)
    ),
    Event("rsa_cas", "gets another address", _S.READ, lambda s: setattr(_rsa_dana(s), "email", "x@acme.test"), CHANGED),
    Event("rsa_cas", "gets a device", _S.READ, lambda s: _rsa_dana(s).devices.append(Device("d", "New")), CHANGED),
    Event("rsa_cas", "is gone", _S.READ, lambda s: s.state.cloud.users.pop(RSA_DANA), ABSENT),
    Event("rsa_cas", "goes just before the step", _S.STEP, lambda s: s.state.cloud.users.pop(RSA_DANA), ABSENT, 1),
    Event("rsa_cas", "goes before the last step", _S.STEP, lambda s: s.state.cloud.users.pop(RSA_DANA), REMOVED, 2),
    Event(
        *("rsa_cas", "gets another address in between", _S.BETWEEN),
        lambda s: setattr(_rsa_dana(s), "email", "x@acme.test"),
        REFUSED,
    ),
    Event(
        *("rsa_cas", "is enabled again before the last step", _S.STEP),
        lambda s: setattr(_rsa_dana(s), "status", Status.ENABLED),
        REMOVED,
        2,
    ),
    Event("rsa_cas", COMES_BACK, _S.CONFIRM, lambda s: s.synchronize(), REMOVED),
    *(
        Event(
            *("rsa_cas", f"a page shifts ({stage})", stage, lambda s: s.state.cloud.users.pop(_FIRST_FILLER)),
            *(REMOVED, 0, "pageNumber=1"),
            prepare=_many_users,
        )
        for stage in (_S.LOOK, _S.SEARCH)
    ),
)
