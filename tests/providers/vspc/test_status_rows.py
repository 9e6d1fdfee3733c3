"""Every row of the console's status table, under its name."""

from __future__ import annotations

import json
from typing import Any

from sandbox.systems.vspc import Vspc
from tests.faults.calls import Stage
from tests.providers.rows import Made, answers, befalls, ends, given, happens, meets, once, refuses, table

BY_PASSWORD = {"api_key": None, "username": r"provider\svc-offboard", "password": "vspc-sandbox-password"}
IDENTITIES = {"remove": "identities"}


def said(code: int, kind: str = "logical", **more: object) -> str:
    return json.dumps({"errors": [{"message": "It is in use.", "type": kind, "code": code, **more}]})


def _dana(system: Any) -> Any:  # noqa: ANN401  # the simulator of this kind
    return next(user for user in system.state.users.values() if user.name == r"acme\dana")


def _gone(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.remove_user(_dana(system).uid)


def _switched(**switches: object) -> Made:
    def prepare(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
        for name, value in switches.items():
            setattr(system.state.switches, name, value)

    return given(prepare)


def _tokens_end(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    for token in system.state.tokens.values():
        token.expires = 0.0


def _needs_a_code(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    bot = next(user for user in system.state.users.values() if user.name == r"provider\svc-offboard")
    bot.mfa_code = "123456"


def _forced(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.switches.request_id_forces_async = True


def _void(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.tokens.clear()


@table(
    ("find: no user, no identity", given(who="noa@acme.test"), "absent"),
    ("several users", given(who="robin@acme.test"), "manual"),
    (
        "a weak match",
        given(lambda system: setattr(_dana(system), "mail", None)),
        "manual",
    ),
    ("identity delete 200 data:true, confirmed", given(), "removed"),
    ("identity delete 200, only identities wanted", given(more=IDENTITIES), "manual"),
    ("200 but data false", answers("delete identity", 200, '{"data": false}', for_good=True), "failed"),
    ("200 but data missing", answers("delete identity", 200, "{}", for_good=True), "failed"),
    ("200 but errors filled", answers("delete identity", 200, said(409), for_good=True), "failed"),
    ("202, succeeds", _switched(request_id_forces_async=True), "removed"),
    ("202, failed", _switched(request_id_forces_async=True, action_outcome="failed"), "refused"),
    ("202, cancelled", _switched(request_id_forces_async=True, action_outcome="canceled"), "refused"),
    ("202, takes longer than we look", _switched(request_id_forces_async=True, action_seconds=40), "removed"),
    ("202, time-out", _switched(request_id_forces_async=True, action_seconds=1e6), "failed"),
    (
        "202, the action is lost",
        meets(Stage.STEP, 1, refuses("GET", "/asyncActions/", 404, said(404)), prepare=_forced),
        "removed",
    ),
    ("re-verify 404, lists agree", happens(Stage.READ, _gone), "absent"),
    ("delete 404, lists agree", happens(Stage.STEP, _gone, 1), "absent"),
    ("404 on the user but the identity list still shows it", answers("read", 404, said(404), for_good=True), "failed"),
    ("400 logical", answers("delete user", 400, said(400)), "refused"),
    ("409", answers("delete user", 409, said(409)), "refused"),
    (
        "400 logical on an identity, only identities wanted",
        answers("delete identity", 400, said(400), more=IDENTITIES),
        "refused",
    ),
    ("401, API key", answers("delete identity", 401, said(401, "security")), "failed"),
    ("401, password: refresh once, from re-verify", happens(Stage.STEP, _tokens_end, 1, more=BY_PASSWORD), "removed"),
    (
        "401, password: the refresh is turned down, so log on",
        happens(Stage.STEP, _void, 1, more=BY_PASSWORD),
        "removed",
    ),
    ("401, password: again and again", answers("delete identity", 401, for_good=True, more=BY_PASSWORD), "failed"),
    ("403", answers("delete user", 403, said(403)), "refused"),
    ("type security", answers("delete user", 400, said(400, "security")), "refused"),
    ("403 on a read", answers("search users", 403, said(403)), "not read"),
    ("415", answers("delete user", 415, said(415)), "refused"),
    ("429, retryAfter in the body", answers("delete user", 429, said(429, "transport", retryAfter=25)), "removed"),
    (
        "429, Retry-After in the header",
        meets(Stage.STEP, 3, once(refuses("DELETE", r"/users/[0-9a-f-]{36}$", 429, Retry_After="3"))),
        "removed",
    ),
    ("429 without a time", answers("delete user", 429), "removed"),
    ("429 for good", answers("delete user", 429, for_good=True), "failed"),
    ("520 transport", answers("delete user", 520, said(520, "transport")), "removed"),
    ("520 retryableLogical", answers("delete user", 520, said(520, "retryableLogical")), "removed"),
    ("520 other, gone", befalls("delete user", "status_after", status=520), "removed"),
    ("520 other, present: once more", answers("delete user", 520, said(520)), "removed"),
    ("5xx from a proxy, present again and again", answers("delete user", 502, for_good=True), "failed"),
    ("/token 400", given(more=BY_PASSWORD | {"password": "another"}), "not read"),
    ("/token gives only mfa_token", given(_needs_a_code, more=BY_PASSWORD), "not read"),
    ("a page from a proxy", befalls("delete user", "html"), "removed"),
    ("time-out after sending", befalls("delete user", "effect_without_answer"), "removed"),
    ("TLS failure", given(more={"ca_file": None}), "not read"),
)
async def test_the_row_of_the_page_ends_in_its_word(system: Vspc, made: Made, word: str) -> None:
    await ends(system, made, word)


async def test_a_wrong_password_is_tried_once(system: Vspc) -> None:
    await ends(system, given(more=BY_PASSWORD | {"password": "another"}), "not read")
    assert sum("/token" in entry.path for entry in system.journal.entries) == 1


async def test_what_succeeds_by_password_is_the_same(system: Vspc) -> None:
    await ends(system, given(more=BY_PASSWORD), "removed")
