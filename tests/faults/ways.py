"""The other ways of logging on: what they call to log on, and a removal that is carried by what they got."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.systems.huawei_hss import seed as huawei
from sandbox.systems.huawei_hss.state import Key
from sandbox.systems.liveperson.state import LpState
from sandbox.systems.rsa_cas.state import RsaState
from sandbox.systems.vspc import seed as vspc
from tests.faults.calls import Call, Stage, calls_of

_S = Stage
_LP: Final = LpState()
_SIGNED: Final = _LP.signatures.key
_TEMPORARY: Final = {"access_key": "AKTEMP1", "secret_key": "temporary-secret", "security_token": "temporary/token=="}


@dataclass(frozen=True, slots=True)
class Way:
    """One way that is not its kind's default, by the settings that choose it and what the simulator needs for it."""

    kind: str
    name: str
    rows: tuple[tuple[str, Stage, str, str], ...]
    settings: Callable[[], Mapping[str, object]]
    prepare: Callable[[Any], object] = lambda _: None

    @property
    def title(self) -> str:
        return f"{self.kind} by {self.name}"

    @property
    def calls(self) -> tuple[Call, ...]:
        return calls_of(self.kind, self.rows, self.name)


def _rsa_key() -> dict[str, object]:
    key = RsaState().key
    nothing = dict.fromkeys(("issuer", "client_id", "private_key"))
    return {**nothing, "access_id": key.access_id, "access_key": key.private_key}


_LP_NOTHING: Final = dict.fromkeys(("client_id", "client_secret"))

WAYS: Final = (
    Way(
        "vspc",
        "password",
        (
            ("token", _S.LOOK, "POST", "/token$"),
            ("token again", _S.READ, "POST", "/token$"),
            ("delete identity", _S.STEP, "DELETE", r"/logins/\d+$"),
        ),
        lambda: {"api_key": None, "username": vspc.SERVICE, "password": vspc.PASSWORD},
    ),
    Way(
        "liveperson",
        "signed requests",
        (
            ("host", _S.LOOK, "GET", "/accountConfigReadWrite/baseURI"),
            ("list", _S.LOOK, "GET", r"/le-users/users\?"),
            ("read", _S.READ, "GET", r"/le-users/users/\d+\?"),
            ("delete", _S.STEP, "DELETE", r"/le-users/users/\d+\?"),
        ),
        lambda: {
            **_LP_NOTHING,
            "consumer_key": _SIGNED.consumer_key,
            "consumer_secret": _SIGNED.consumer_secret,
            "access_token": _SIGNED.access_token,
            "access_token_secret": _SIGNED.access_token_secret,
        },
    ),
    Way(
        "liveperson",
        "log-on",
        (
            ("log-on host", _S.LOOK, "GET", "/agentVep/baseURI"),
            ("log on", _S.LOOK, "POST", r"/login\?v="),
            ("log on again", _S.READ, "POST", r"/login\?v="),
            ("delete", _S.STEP, "DELETE", r"/le-users/users/\d+\?"),
            ("log out", _S.CLOSE, "POST", "/logout$"),
        ),
        lambda: {**_LP_NOTHING, "username": _LP.login.log_on.username, "password": _LP.login.log_on.password},
    ),
    Way(
        "huawei_hss",
        "token",
        (
            ("token", _S.LOOK, "POST", "/v3/auth/tokens"),
            ("delete", _S.STEP, "DELETE", "/setting/account/accounts"),
        ),
        lambda: {
            **dict.fromkeys(("access_key", "secret_key")),
            "iam_user": huawei.SERVICE,
            "iam_password": huawei.PASSWORD,
            "iam_domain": huawei.DOMAIN_NAME,
        },
    ),
    Way(
        "huawei_hss",
        "temporary keys",
        (
            ("list", _S.LOOK, "GET", "/setting/account/accounts"),
            ("delete", _S.STEP, "DELETE", "/setting/account/accounts"),
        ),
        lambda: _TEMPORARY,
        lambda system: system.state.keys.update(AKTEMP1=Key("temporary-secret", "svc-user", "temporary/token==")),
    ),
    Way(
        "rsa_cas",
        "legacy key",
        (
            ("look up", _S.LOOK, "POST", "/v1/users/lookup"),
            ("disable", _S.STEP, "PUT", "/userStatus"),
            ("delete", _S.STEP, "DELETE", "/v1/users/[0-9a-f-]{36}$"),
        ),
        _rsa_key,
    ),
)
