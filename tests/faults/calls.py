"""The calls of a removal's life, system by system: where a fault can befall it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """A part of the life. `BETWEEN` reads follow a step that is not the last, `CONFIRM` reads the last one."""

    LOOK = "look"
    READ = "read"
    STEP = "step"
    BETWEEN = "between"
    CONFIRM = "confirm"
    SEARCH = "search"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its name for people, when it is made, and how it looks on the wire (`path` is a pattern).

    `step` counts the steps of a removal from 1; it is 0 for calls that are no steps. `way` is the way of logging on,
    empty for the kind's default.
    """

    kind: str
    name: str
    stage: Stage
    method: str
    path: str
    step: int = 0
    way: str = ""


_GUID = "[0-9a-f-]{36}"
_S = Stage

_EM: Final = (
    ("log on", _S.LOOK, "POST", "/sessionMngr/"),
    ("list", _S.LOOK, "GET", "/security/accounts$"),
    ("account", _S.LOOK, "GET", "format=Entity"),
    ("roles", _S.LOOK, "GET", "/roles$"),
    ("log on again", _S.READ, "POST", "/sessionMngr/"),
    ("read", _S.READ, "GET", "format=Entity"),
    ("read roles", _S.READ, "GET", "/roles$"),
    ("delete", _S.STEP, "DELETE", "/security/accounts/"),
    ("confirm", _S.CONFIRM, "GET", "format=Entity"),
    ("confirm by list", _S.CONFIRM, "GET", "/security/accounts$"),
    ("search again", _S.SEARCH, "GET", "/security/accounts$"),
    ("log out", _S.CLOSE, "DELETE", "/logonSessions/"),
)
_VSPC: Final = (
    ("whose key", _S.LOOK, "GET", "/users/me$"),
    ("search users", _S.LOOK, "GET", r"/users\?filter"),
    ("identities", _S.LOOK, "GET", f"/users/{_GUID}/logins$"),
    ("search identities", _S.LOOK, "GET", r"/users/logins\?filter"),
    ("rules", _S.LOOK, "GET", "/localUserRule"),
    ("read", _S.READ, "GET", f"/users/{_GUID}$"),
    ("read identities", _S.READ, "GET", f"/users/{_GUID}/logins$"),
    ("whose key again", _S.READ, "GET", "/users/me$"),
    ("delete identity", _S.STEP, "DELETE", r"/logins/\d+$"),
    ("read between", _S.BETWEEN, "GET", f"/users/{_GUID}$"),
    ("delete identity 2", _S.STEP, "DELETE", r"/logins/\d+$"),
    ("delete user", _S.STEP, "DELETE", f"/users/{_GUID}$"),
    ("confirm", _S.CONFIRM, "GET", f"/users/{_GUID}$"),
    ("confirm by identities", _S.CONFIRM, "GET", r"/users/logins\?filter"),
    ("search again", _S.SEARCH, "GET", r"/users\?filter"),
)
_LIVEPERSON: Final = (
    ("host", _S.LOOK, "GET", "/accountConfigReadWrite/baseURI"),
    ("token host", _S.LOOK, "GET", "/sentinel/baseURI"),
    ("token", _S.LOOK, "POST", "/app/token"),
    ("list", _S.LOOK, "GET", r"/le-users/users\?"),
    ("host again", _S.READ, "GET", "/accountConfigReadWrite/baseURI"),
    ("token again", _S.READ, "POST", "/app/token"),
    ("read", _S.READ, "GET", r"/le-users/users/\d+\?"),
    ("delete", _S.STEP, "DELETE", r"/le-users/users/\d+\?"),
    ("confirm", _S.CONFIRM, "GET", r"/le-users/users/\d+\?"),
    ("search again", _S.SEARCH, "GET", r"/le-users/users\?"),
)
_HUAWEI: Final = (
    ("list", _S.LOOK, "GET", "/setting/account/accounts"),
    ("read", _S.READ, "GET", "/setting/account/accounts"),
    ("delete", _S.STEP, "DELETE", "/setting/account/accounts"),
    ("confirm", _S.CONFIRM, "GET", "/setting/account/accounts"),
    ("whole sight", _S.SEARCH, "GET", "/setting/account/admin"),
)
_RSA: Final = (
    ("token", _S.LOOK, "POST", "/oauth/token"),
    ("look up", _S.LOOK, "POST", "/v1/users/lookup"),
    ("search", _S.LOOK, "POST", "/v2/users/search"),
    ("devices", _S.LOOK, "GET", "/devices"),
    ("token again", _S.READ, "POST", "/oauth/token"),
    ("read", _S.READ, "POST", "/v1/users/lookup"),
    ("read devices", _S.READ, "GET", "/devices"),
    ("disable", _S.STEP, "PUT", "/userStatus"),
    ("read between", _S.BETWEEN, "POST", "/v1/users/lookup"),
    ("delete", _S.STEP, "DELETE", f"/v1/users/{_GUID}$"),
    ("confirm", _S.CONFIRM, "POST", "/v1/users/lookup"),
    ("confirm by devices", _S.CONFIRM, "GET", "/devices"),
    ("search again", _S.SEARCH, "POST", "/v2/users/search"),
)


def calls_of(kind: str, rows: tuple[tuple[str, Stage, str, str], ...], way: str = "") -> tuple[Call, ...]:
    """Return the calls of these rows, with their steps counted."""
    made, steps = [], 0
    for name, stage, method, path in rows:
        steps += stage is Stage.STEP
        made.append(Call(kind, name, stage, method, path, steps if stage is Stage.STEP else 0, way))
    return tuple(made)


CALLS: Final = {
    "veeam_em": calls_of("veeam_em", _EM),
    "vspc": calls_of("vspc", _VSPC),
    "liveperson": calls_of("liveperson", _LIVEPERSON),
    "huawei_hss": calls_of("huawei_hss", _HUAWEI),
    "rsa_cas": calls_of("rsa_cas", _RSA),
}
"""By kind, in the order of the life."""
