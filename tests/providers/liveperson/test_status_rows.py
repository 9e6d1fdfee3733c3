"""Every row of LivePerson's status table, under its name."""

from __future__ import annotations

import json
from typing import Any

from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import DANA_ID, ROBIN_IDS
from sandbox.systems.liveperson.state import LpState
from tests.faults.calls import Stage
from tests.providers.rows import Made, answers, befalls, ends, given, happens, meets, once, refuses, table

DEPENDANTS = '{"type": "user-dependencies", "message": "The user has open shifts."}'
ELSEWHERE = '{"service": "accountConfigReadWrite", "account": "50000001", "baseURI": "evil.test"}'
SILENT = json.dumps({"id": DANA_ID, "loginName": "dana@acme.test", "email": "dana@acme.test"})

SERVICE = LpState().login.log_on
BY_USER = {"client_id": None, "client_secret": None, "username": SERVICE.username, "password": SERVICE.password}
ANOTHER = BY_USER | {"password": "another"}
LOG_ON = r"/login\?v="


def _gone(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.users.delete([DANA_ID], system.clock.now())


def _renamed(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.users.edit(DANA_ID, system.clock.now(), loginName="dana2@acme.test")


def _others_edited(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.users.edit(ROBIN_IDS[0], system.clock.now(), nickname="Rob")


def _tokens_end(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.clock.forward(7200)


def _shown(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.switches.tombstone_is_shown = True


def _conflicts(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.switches.stale_status = 409


def _nameless(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.users.edit(ROBIN_IDS[0], system.clock.now(), loginName="", email="")


@table(
    ("domain: 200 good host", given(), "removed"),
    ("domain: 400", answers("host", 400), "not read"),
    ("domain: 401", answers("host", 401), "not read"),
    ("domain: 404", answers("host", 404), "not read"),
    ("domain: 200 bad host", answers("host", 200, ELSEWHERE, for_good=True), "not read"),
    ("token: 400", answers("token", 400), "not read"),
    ("token: 401", answers("token", 401), "not read"),
    ("token: 429", answers("token", 429), "removed"),
    ("token: 429 for good", answers("token", 429, for_good=True), "not read"),
    ("token: 451", answers("token", 451), "not read"),
    ("login: 401", given(more=ANOTHER), "not read"),
    ("login: 400", meets(Stage.LOOK, 0, refuses("POST", LOG_ON, 400), more=BY_USER), "not read"),
    ("login: 429", meets(Stage.LOOK, 0, once(refuses("POST", LOG_ON, 429)), more=BY_USER), "removed"),
    ("login: 429 for good", meets(Stage.LOOK, 0, refuses("POST", LOG_ON, 429), more=BY_USER), "not read"),
    ("login: 451", meets(Stage.LOOK, 0, refuses("POST", LOG_ON, 451), more=BY_USER), "not read"),
    ("any: 401, a new token once", answers("delete", 401), "removed"),
    ("any: 401 twice", answers("delete", 401, for_good=True), "failed"),
    ("any: a token that ended", happens(Stage.STEP, _tokens_end, 1), "removed"),
    ("any: 403 on the list", answers("list", 403, for_good=True), "not read"),
    ("any: 403 on a read", answers("read", 403, for_good=True), "failed"),
    ("any: 403 on the delete", answers("delete", 403, for_good=True), "refused"),
    ("list: 200, 0 matches", given(who="noa@acme.test"), "absent"),
    ("list: 200, 2 matches", given(who="robin@acme.test"), "manual"),
    ("list: 200, 0 matches and an entry without a name", given(_nameless, "noa@acme.test"), "not seen with this key"),
    ("list: 304", answers("list", 304, for_good=True), "not read"),
    ("list: 404", answers("list", 404, for_good=True), "not read"),
    ("read one: 404", happens(Stage.READ, _gone), "absent"),
    ("read one: 200 with deleted:true", happens(Stage.READ, _gone, prepare=_shown), "absent"),
    ("read one: 200, differs from preview", happens(Stage.READ, _renamed), "changed"),
    ("read one: no revision", answers("read", 200, SILENT, for_good=True), "changed"),
    ("delete: 200", given(), "removed"),
    ("delete: 202, not done", answers("delete", 202), "failed"),
    ("delete: 204, done", befalls("delete", "status_after", status=204), "removed"),
    ("delete: 404, gone", happens(Stage.STEP, _gone, 1), "absent"),
    ("delete: 404, still there", answers("delete", 404), "failed"),
    ("delete: 410, still there", answers("delete", 410), "failed"),
    ("delete: 410, gone", befalls("delete", "status_after", status=410), "absent"),
    ("delete: 412, stale revision", happens(Stage.STEP, _others_edited, 1), "removed"),
    ("delete: 409, stale revision", happens(Stage.STEP, _others_edited, 1, prepare=_conflicts), "removed"),
    ("delete: 412 again and again", answers("delete", 412, for_good=True), "failed"),
    ("delete: 409 naming dependants", answers("delete", 409, DEPENDANTS), "refused"),
    ("delete: 304, still there: once more", answers("delete", 304), "removed"),
    ("delete: 304 again and again", answers("delete", 304, for_good=True), "failed"),
    ("delete: 400", answers("delete", 400), "refused"),
    ("delete: 405", answers("delete", 405), "refused"),
    ("delete: 406", answers("delete", 406), "refused"),
    ("delete: 415", answers("delete", 415), "refused"),
    ("delete: 428", answers("delete", 428), "refused"),
    ("delete: 429", answers("delete", 429), "removed"),
    ("delete: 500, gone", befalls("delete", "status_after", status=500), "removed"),
    ("delete: 502, still there: once more", answers("delete", 502), "removed"),
    ("delete: 503 again and again", answers("delete", 503, for_good=True), "failed"),
    ("delete: 504, still there: once more", answers("delete", 504), "removed"),
    ("delete: timeout", befalls("delete", "effect_without_answer"), "removed"),
    ("delete: cut connection", befalls("delete", "reset_after"), "removed"),
    ("confirm: 404", given(), "removed"),
    ("confirm: deleted:true", given(_shown), "removed"),
    ("confirm: 200 deleted:false", befalls("delete", "ok_without_effect"), "failed"),
    ("confirm: 401 after retries", answers("confirm", 401, for_good=True), "unconfirmed"),
    ("confirm: 403", answers("confirm", 403, for_good=True), "unconfirmed"),
    ("confirm: 429 after retries", answers("confirm", 429, for_good=True), "unconfirmed"),
    ("confirm: 5xx after retries", answers("confirm", 500, for_good=True), "unconfirmed"),
    ("a page from a proxy, still there: once more", befalls("delete", "html"), "removed"),
    ("a page from a proxy again and again", befalls("delete", "html", for_good=True), "failed"),
    ("redirects are not followed", befalls("delete", "redirect"), "failed"),
)
async def test_the_row_of_the_page_ends_in_its_word(system: LivePerson, made: Made, word: str) -> None:
    await ends(system, made, word)


async def test_dependants_are_shown_in_the_vendors_words(system: LivePerson) -> None:
    assert "open shifts" in (await ends(system, answers("delete", 409, DEPENDANTS), "refused")).says


async def test_a_bad_host_never_gets_a_credential(system: LivePerson) -> None:
    await ends(system, answers("host", 200, ELSEWHERE, for_good=True), "not read")
    assert not [entry for entry in system.journal.entries if entry.method != "GET"]
