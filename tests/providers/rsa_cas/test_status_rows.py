"""Every row of RSA's status table, under its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.people import DANA_ID
from sandbox.systems.rsa_cas.users import Status
from tests.faults.calls import Stage
from tests.providers.rows import Made, answers, befalls, ends, given, happens, meets, refuses, table

NO_SUCH = '{"code": "404 NOT_FOUND", "description": "User not found"}'
NOT_ALLOWED = '{"code": "403 FORBIDDEN", "description": "Not authorized to perform the request."}'
SAID_NO = '{"code": "409 CONFLICT", "description": "A synchronisation is running."}'
BAD_TOKEN = '{"status": 403, "message": "Server failed to process provided access token", "path": "/x"}'
NEW_ID = "99999999-0000-4000-8000-000000000001"
MARK = {"remove": "mark"}


def _dana(system: Any) -> Any:  # noqa: ANN401  # the simulator of this kind
    return system.state.cloud.users[DANA_ID]


def _gone(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.cloud.users.pop(DANA_ID)


def _readdressed(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    _dana(system).email = "other@acme.test"


def _replaced(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    old = system.state.cloud.users.pop(DANA_ID)
    system.state.cloud.users[NEW_ID] = replace(old, id=NEW_ID)


def _given_away(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.cloud.users[NEW_ID] = replace(_dana(system), id=NEW_ID)
    _readdressed(system)


def _disabled(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    _dana(system).status = Status.DISABLED


def _enabled(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    _dana(system).status = Status.ENABLED


def _marked(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.cloud.mark(DANA_ID, system.clock.now(), wanted=True, by="somebody")


def _kept_in_bin(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.cloud.switches.marked_blocks_delete = True


def _revoked(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.oauth.revoke_all()


@table(
    ("token: 400", answers("token", 400), "not read"),
    ("token: 401", answers("token", 401), "not read"),
    ("any: 401, a new token once", answers("read", 401), "removed"),
    ("any: 403 with the bad-token body, a new token once", answers("delete", 403, BAD_TOKEN), "removed"),
    ("any: 403 with the bad-token body again", answers("delete", 403, BAD_TOKEN, for_good=True), "failed"),
    ("any: a token that was revoked", happens(Stage.STEP, _revoked, 2), "removed"),
    ("any: 403 otherwise, at a read", answers("look up", 403, NOT_ALLOWED), "not read"),
    ("any: 403 otherwise, at a step", answers("delete", 403, NOT_ALLOWED), "refused"),
    ("lookup: 404 with the body, the search agrees", given(who="noa@acme.test"), "absent"),
    ("lookup: 404 with the body, the search does not agree", answers("look up", 404, NO_SUCH), "removed"),
    ("lookup: 404 without that body", answers("look up", 404), "not read"),
    ("lookup: 400", answers("look up", 400, for_good=True), "not read"),
    ("lookup: 415", answers("look up", 415, for_good=True), "not read"),
    ("lookup: 200, the address differs", happens(Stage.READ, _readdressed), "changed"),
    ("lookup: 200, the id differs and the old one is there", happens(Stage.READ, _given_away), "changed"),
    ("lookup: 200, the id differs and the old one is gone", happens(Stage.READ, _replaced), "absent"),
    ("search: more than one exact match", given(who="robin@acme.test"), "manual"),
    ("disable: 200", given(), "removed"),
    ("disable: 404", happens(Stage.STEP, _gone, 1), "absent"),
    ("disable: 400", answers("disable", 400), "refused"),
    ("disable: 405", answers("disable", 405), "manual"),
    ("disable: 409, now disabled: go on", happens(Stage.STEP, _disabled, 1), "removed"),
    ("disable: 409 again and again", answers("disable", 409, SAID_NO, for_good=True), "refused"),
    ("delete: 200", given(), "removed"),
    ("mark: 200", given(more=MARK), "scheduled"),
    ("delete: 404", happens(Stage.STEP, _gone, 2), "removed"),
    ("mark: 404", happens(Stage.STEP, _gone, 2, more=MARK), "removed"),
    ("delete: 405, SCIM", given(who="priya@acme.test"), "manual"),
    ("mark: 405, SCIM", given(who="priya@acme.test", more=MARK), "manual"),
    ("delete: 409, enabled again: disable and once more", happens(Stage.STEP, _enabled, 2), "removed"),
    ("delete: 409, disabled", answers("delete", 409, SAID_NO, for_good=True), "refused"),
    ("delete: 409, in the bin", happens(Stage.STEP, _marked, 2, prepare=_kept_in_bin), "scheduled"),
    ("mark: 409, already marked", happens(Stage.STEP, _marked, 2, more=MARK), "scheduled"),
    (
        "mark: 409 again and again",
        meets(Stage.STEP, 2, refuses("PUT", "/markDeleted", 409, SAID_NO), more=MARK),
        "refused",
    ),
    ("any: 429 at a read", answers("read", 429), "removed"),
    ("any: 429 at a step", answers("delete", 429), "removed"),
    ("any read: 500", answers("read", 500), "removed"),
    ("any read: 502", answers("read", 502), "removed"),
    ("any read: 503", answers("read", 503), "removed"),
    ("any read: 504", answers("read", 504), "removed"),
    ("any read: timeout", befalls("read", "delay"), "removed"),
    ("PUT: 500, done", befalls("disable", "status_after", status=500), "removed"),
    ("PUT: timeout", befalls("disable", "effect_without_answer"), "removed"),
    ("PUT: cut connection", befalls("disable", "reset_after"), "removed"),
    ("PUT: a page from a proxy", befalls("disable", "html"), "removed"),
    ("DELETE: a page from a proxy", befalls("delete", "html"), "removed"),
    ("DELETE: a page from a proxy for good", befalls("delete", "html", for_good=True), "failed"),
    ("DELETE: 503, done", befalls("delete", "status_after", status=503), "removed"),
    ("DELETE: 503, not done: once more", answers("delete", 503), "removed"),
    ("DELETE: 503 again and again", answers("delete", 503, for_good=True), "failed"),
    ("DELETE: timeout", befalls("delete", "effect_without_answer"), "removed"),
    ("DELETE: cut connection", befalls("delete", "reset_after"), "removed"),
    ("confirm: lookup 404", given(), "removed"),
    ("confirm: 200, same id", befalls("delete", "ok_without_effect"), "failed"),
    ("confirm: 200, other id", happens(Stage.CONFIRM, lambda system: system.synchronize()), "removed"),
    ("confirm: 403", answers("confirm", 403, NOT_ALLOWED, for_good=True), "unconfirmed"),
    ("confirm: 429 after retries", answers("confirm", 429, for_good=True), "unconfirmed"),
    ("confirm: 5xx after retries", answers("confirm", 500, for_good=True), "unconfirmed"),
)
async def test_the_row_of_the_page_ends_in_its_word(system: RsaCas, made: Made, word: str) -> None:
    await ends(system, made, word)


async def test_the_scope_that_is_needed_is_named(system: RsaCas) -> None:
    assert "rsa.user.delete" in (await ends(system, answers("delete", 403, NOT_ALLOWED), "refused")).says


async def test_a_user_of_a_scim_source_is_said_to_be_disabled_and_where_to_go(system: RsaCas) -> None:
    ending = await ends(system, given(who="priya@acme.test"), "manual")
    assert "disabled in RSA but not deleted" in ending.says
    assert "Entra ID" in ending.says


async def test_who_was_added_again_is_named_as_what_is_left(system: RsaCas) -> None:
    ending = await ends(system, happens(Stage.CONFIRM, lambda one: one.synchronize()), "removed")
    assert ending.left.startswith("A new account under the same keys stands there.")
