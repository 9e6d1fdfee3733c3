"""Every row of Enterprise Manager's status table, under its name."""

from __future__ import annotations

from typing import Any

from sandbox.systems.veeam_em import VeeamEm
from tests.faults.calls import Stage
from tests.providers.rows import Made, answers, befalls, ends, given, happens, table

MESSAGE = '{"Message": "This account is in use.", "StatusCode": 400}'
NOWHERE = '{"Message": "The resource does not exist.", "StatusCode": 404}'


def _gone(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.accounts.pop(system.state.named(r"ACME\dana").id)


def _forgotten(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.sessions.clear()


def _switched(**switches: object) -> Made:
    def prepare(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
        for name, value in switches.items():
            setattr(system.state.switches, name, value)

    return given(prepare)


@table(
    ("find: no match", given(who="noa@acme.test"), "absent"),
    ("find: only a group", given(who="robin@acme.test"), "manual"),
    ("find: only a bare name", given(who="femi", more={"domains": {}}), "manual"),
    (
        "find: only an unknown type",
        given(lambda system: system.state.add("noa@acme.test", "Portal User", type_="New"), "noa@acme.test"),
        "manual",
    ),
    ("delete 204, confirm 404 and not listed", given(), "removed"),
    ("delete 204, still listed after a short wait", befalls("delete", "ok_without_effect"), "failed"),
    ("delete 200", _switched(delete_status=200), "removed"),
    ("delete 202", _switched(delete_status=202), "removed"),
    ("delete 202, still there", answers("delete", 202, '{"State": "Running"}'), "failed"),
    ("re-verify 404, the list agrees", happens(Stage.READ, _gone), "absent"),
    ("delete 404, the list agrees", happens(Stage.STEP, _gone, 1), "absent"),
    ("re-verify 404, but the list still shows the GUID", answers("read", 404, NOWHERE, for_good=True), "failed"),
    ("delete 404, but the list still shows the GUID", answers("delete", 404, NOWHERE), "failed"),
    ("401 at a read: log on again once", happens(Stage.READ, _forgotten), "removed"),
    ("401 at the delete: log on again, from re-verify", happens(Stage.STEP, _forgotten, 1), "removed"),
    ("a second 401", answers("delete", 401, for_good=True), "failed"),
    ("a second 401, at a read", answers("read", 401, for_good=True), "failed"),
    ("401 at logon", given(more={"password": "another"}), "not read"),
    ("403 on the list", answers("list", 403, for_good=True), "not read"),
    ("403 on a read", answers("read", 403, for_good=True), "failed"),
    ("403 on the delete", answers("delete", 403, for_good=True), "refused"),
    ("400", answers("delete", 400, MESSAGE), "refused"),
    ("405", answers("delete", 405), "manual"),
    ("501", answers("delete", 501), "manual"),
    ("500, gone", befalls("delete", "status_after", status=500), "removed"),
    ("500, present: once more", answers("delete", 500), "removed"),
    ("500, present again and again", answers("delete", 500, for_good=True), "failed"),
    ("503", answers("delete", 503), "removed"),
    ("connect error before sending", befalls("delete", "refuse"), "removed"),
    ("timeout after sending", befalls("delete", "effect_without_answer"), "removed"),
    ("reset after sending", befalls("delete", "reset_after"), "removed"),
    ("429 from a proxy", answers("delete", 429), "removed"),
    ("TLS verification fails", given(more={"ca_file": None}), "not read"),
    ("a body that cannot be parsed", befalls("confirm", "malformed", for_good=True), "unconfirmed"),
    ("a list that cannot be parsed", befalls("list", "malformed", for_good=True), "not read"),
    ("a page from a proxy", befalls("delete", "html"), "removed"),
    ("a page from a proxy for good", befalls("delete", "html", for_good=True), "failed"),
)
async def test_the_row_of_the_page_ends_in_its_word(system: VeeamEm, made: Made, word: str) -> None:
    await ends(system, made, word)


async def test_after_400_the_servers_words_are_kept(system: VeeamEm) -> None:
    assert "in use" in (await ends(system, answers("delete", 400, MESSAGE), "refused")).says


async def test_a_wrong_password_is_tried_once(system: VeeamEm) -> None:
    await ends(system, given(more={"password": "another"}), "not read")
    assert sum("/sessionMngr/" in entry.path for entry in system.journal.entries) == 1
