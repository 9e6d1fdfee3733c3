"""Every row of Huawei Cloud's status table, under its name."""

from __future__ import annotations

from typing import Any

from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss import seed as people
from tests.faults.calls import Stage
from tests.providers.huawei_hss.asking import DANA_ID
from tests.providers.rows import Made, answers, befalls, ends, given, happens, meets, once, refuses, table

BY_TOKEN = {
    "access_key": None,
    "secret_key": None,
    "iam_domain": people.DOMAIN_NAME,
    "iam_user": people.SERVICE,
    "iam_password": people.PASSWORD,
}


def said(code: str) -> str:
    return f'{{"error_code": "{code}", "error_msg": "No."}}'


def _gone(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.rows = [row for row in system.state.rows if row.account_id != DANA_ID]


def _tokens_end(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.tokens.clear()


def _nothing(system: Any) -> None:  # noqa: ANN401  # the simulator of this kind
    system.state.switches.delete_status = 204


@table(
    ("200", given(), "removed"),
    ("204", given(_nothing), "removed"),
    ("400 HSS.0011, a listing confirms absence", happens(Stage.STEP, _gone, 1), "absent"),
    ("400 HSS.0011, still listed", answers("delete", 400, said("HSS.0011")), "failed"),
    ("400 HSS.0013", answers("delete", 400, said("HSS.0013")), "refused"),
    ("400 HSS.0010", answers("delete", 400, said("HSS.0010")), "refused"),
    ("403", answers("delete", 403), "refused"),
    ("400 other", answers("delete", 400, said("HSS.0001")), "refused"),
    ("400 unparsable", answers("delete", 400, "<html>"), "refused"),
    ("401 in token mode: a new token, once", happens(Stage.STEP, _tokens_end, 1, more=BY_TOKEN), "removed"),
    ("401 in token mode, again", answers("delete", 401, said("APIGW.0301"), for_good=True, more=BY_TOKEN), "failed"),
    ("401 in AK/SK mode", answers("delete", 401), "failed"),
    ("401 APIGW.0301", answers("delete", 401, said("APIGW.0301")), "failed"),
    ("401 APIGW.0303", answers("delete", 401, said("APIGW.0303")), "failed"),
    ("404 of the gateway", answers("delete", 404, said("APIGW.0101")), "failed"),
    ("405", answers("delete", 405), "refused"),
    ("413", answers("delete", 413), "refused"),
    ("429", answers("delete", 429), "removed"),
    (
        "429 with Retry-After",
        meets(Stage.STEP, 1, once(refuses("DELETE", "/setting/account/accounts", 429, Retry_After="7"))),
        "removed",
    ),
    ("APIGW.0308", answers("delete", 429, said("APIGW.0308")), "removed"),
    ("429 for good", answers("delete", 429, for_good=True), "failed"),
    ("500, re-listed and gone", befalls("delete", "status_after", status=500), "removed"),
    ("500, re-listed and still there", answers("delete", 500), "removed"),
    ("502", answers("delete", 502), "removed"),
    ("503", answers("delete", 503), "removed"),
    ("504", answers("delete", 504), "removed"),
    ("503 again and again", answers("delete", 503, for_good=True), "failed"),
    ("connect refused before sending", befalls("delete", "refuse"), "removed"),
    ("time-out after sending", befalls("delete", "effect_without_answer"), "removed"),
    ("connection lost after sending", befalls("delete", "reset_after"), "removed"),
    ("2xx with an odd body, done", befalls("delete", "status_after", status=200), "removed"),
    ("2xx with an odd body, not done", befalls("delete", "malformed"), "failed"),
    ("2xx with a proxy's page", befalls("delete", "html"), "removed"),
    ("2xx with a proxy's page for good", befalls("delete", "html", for_good=True), "failed"),
    ("not in the mapping: no call", given(who="noa@acme.test"), "not looked at: nothing is assigned"),
    ("re-verify: gone", happens(Stage.READ, _gone), "absent"),
    ("re-verify: a protected account", given(more={"protected_accounts": ["sandbox-dana"]}), "refused"),
)
async def test_the_row_of_the_page_ends_in_its_word(system: HuaweiHss, made: Made, word: str) -> None:
    await ends(system, made, word)


async def test_after_a_wrong_signature_the_key_is_left_alone(system: HuaweiHss) -> None:
    await ends(system, answers("delete", 401, said("APIGW.0301")), "failed")
    assert system.journal.entries[-1].method == "DELETE"


async def test_a_wrong_clock_is_named(system: HuaweiHss) -> None:
    made = answers("list", 401, said("APIGW.0303"), for_good=True)
    assert "clock" in (await ends(system, made, "not read")).says


async def test_the_vendors_code_is_kept(system: HuaweiHss) -> None:
    assert "HSS.0001" in (await ends(system, answers("delete", 400, said("HSS.0001")), "refused")).says
