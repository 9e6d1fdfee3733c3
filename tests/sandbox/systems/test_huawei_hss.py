"""The multi-account list: read in pages, rows taken off one by one, and nothing else touched."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.faults import Fault
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss.seed import OTHER_ORGANIZATION, REGION
from sandbox.systems.tls import Tls
from tests.sandbox.systems.hss_client import ACCOUNTS, HssClient
from tests.sandbox.systems.still import StillClock

DANA = "sandbox-dana"


@pytest.fixture
async def cloud(tls: Tls) -> AsyncIterator[HuaweiHss]:
    simulator = HuaweiHss(clock=StillClock(), limits=False)
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
def client(cloud: HuaweiHss, http: aiohttp.ClientSession) -> HssClient:
    return HssClient(http, cloud)


async def test_an_account_is_listed_taken_off_and_gone(cloud: HuaweiHss, client: HssClient) -> None:
    rows = (await client.page()).json()["data_list"]
    (listed,) = [row for row in rows if row["account_id"] == client.row(DANA).account_id]
    assert (listed["account_name"], listed["project_name"], listed["host_num"]) == (DANA, REGION, 2)
    deleted = await client.delete(client.row(DANA))
    assert (deleted.status, deleted.body, deleted.headers["Content-Length"]) == (200, b"", "0")
    assert listed not in (await client.page()).json()["data_list"]
    assert cloud.of("dana@acme.test") == frozenset()
    assert cloud.journal.reread_around(listed["account_id"])


async def test_only_the_row_goes_and_neither_member_nor_user(cloud: HuaweiHss, client: HssClient) -> None:
    before = cloud.standing()
    await client.delete(client.row(DANA))
    assert before - cloud.standing() == {f"{DANA}/{REGION}"}
    assert {f"member {DANA}", "iam dana"} <= cloud.standing()


async def test_ten_rows_are_a_page_and_danas_stands_on_the_second(client: HssClient) -> None:
    everywhere = ("enterprise_project_id", "all_granted_eps")
    first = (await client.call("GET", ACCOUNTS, everywhere)).json()
    assert len(first["data_list"]) == 10
    assert first["total_num"] > 10
    account = client.row(DANA).account_id
    assert account not in {row["account_id"] for row in first["data_list"]}


async def test_pages_beyond_the_end_are_empty_and_tell_the_true_total(cloud: HuaweiHss, client: HssClient) -> None:
    reply = (await client.page(offset=2000)).json()
    assert reply == {"total_num": len(cloud.state.rows), "data_list": []}


async def test_more_than_two_hundred_rows_need_a_second_page(cloud: HuaweiHss, client: HssClient) -> None:
    for number in range(300):
        cloud.state.add_row(f"more-{number}", OTHER_ORGANIZATION, REGION)
    first, second = [(await client.page(200, at)).json() for at in (0, 200)]
    assert (len(first["data_list"]), first["total_num"]) == (200, len(cloud.state.rows))
    assert len(second["data_list"]) == len(cloud.state.rows) - 200


async def test_a_deletion_between_pages_shifts_the_rows(cloud: HuaweiHss, client: HssClient) -> None:
    first = (await client.page(10, 0)).json()["data_list"]
    await client.delete(cloud.state.rows[0])
    second = (await client.page(10, 10)).json()["data_list"]
    seen = {row["project_id"] for row in [*first, *second]}
    assert cloud.state.rows[9].project_id not in seen


@pytest.mark.parametrize("query", [("limit", "9"), ("limit", "201"), ("offset", "-1"), ("offset", "2000001")])
async def test_a_page_out_of_range_is_an_invalid_parameter(query: tuple[str, str], client: HssClient) -> None:
    reply = await client.call("GET", ACCOUNTS, query)
    assert (reply.status, reply.code) == (400, "HSS.0001")


async def test_without_a_word_only_the_default_enterprise_project_is_seen(client: HssClient) -> None:
    default = (await client.call("GET", ACCOUNTS, ("limit", "200"))).json()["total_num"]
    assert default == (await client.page()).json()["total_num"] - 1


async def test_a_second_delete_is_a_400_with_its_own_code_or_silent(cloud: HuaweiHss, client: HssClient) -> None:
    dana = client.row(DANA)
    await client.delete(dana)
    again = await client.delete(dana)
    assert (again.status, again.code) == (400, "HSS.0011")
    cloud.state.switches.silent_second_delete = True
    assert (await client.delete(dana)).status == 200


@pytest.mark.parametrize("name", ["organization_id", "account_id", "project_id"])
async def test_all_three_ids_are_needed_and_must_name_one_row(name: str, cloud: HuaweiHss, client: HssClient) -> None:
    before = cloud.standing()
    assert (await client.delete(client.row(DANA), **{name: ""})).code == "HSS.0001"
    other = dict(zip(("organization_id", "account_id", "project_id"), cloud.state.rows[0].triple, strict=True))
    other["organization_id"] = OTHER_ORGANIZATION
    assert (await client.delete(client.row(DANA), **{name: other[name]})).code == "HSS.0011"
    assert cloud.standing() == before


async def test_one_account_in_two_projects_goes_one_row_at_a_time(cloud: HuaweiHss, client: HssClient) -> None:
    first, second = client.row("sandbox-robin"), client.row("sandbox-robin", "ap-southeast-3")
    assert first.account_id == second.account_id
    await client.delete(first)
    assert f"sandbox-robin/{REGION}" not in cloud.standing()
    assert "sandbox-robin/ap-southeast-3" in cloud.standing()


async def test_names_that_differ_in_case_or_organization_are_other_accounts(client: HssClient) -> None:
    ids = {
        client.row(DANA).account_id,
        client.row("sandbox-Dana").account_id,
        client.row(DANA, organization=OTHER_ORGANIZATION).account_id,
    }
    assert len(ids) == 3


async def test_what_is_no_json_cannot_be_parsed(client: HssClient) -> None:
    assert (await client.call("DELETE", ACCOUNTS)).code == "HSS.0002"
    assert (await client.call("DELETE", ACCOUNTS, body=["a"])).code == "HSS.0002"


async def test_a_slow_service_shows_a_deleted_row_a_little_longer(cloud: HuaweiHss, client: HssClient) -> None:
    cloud.state.switches.lists_that_still_show = 2
    dana = client.row(DANA)
    await client.delete(dana)
    assert cloud.of("dana@acme.test") == frozenset()
    shown = [dana.json() in (await client.page()).json()["data_list"] for _ in range(3)]
    assert shown == [True, True, False]


async def test_success_can_be_a_204(cloud: HuaweiHss, client: HssClient) -> None:
    cloud.state.switches.delete_status = 204
    assert (await client.delete(client.row(DANA))).status == 204


async def test_an_account_can_be_put_back(cloud: HuaweiHss, client: HssClient) -> None:
    dana = client.row(DANA)
    await client.delete(dana)
    back = {"organization_id": dana.organization_id, "account_id": dana.account_id, "account_name": DANA}
    assert (await client.call("POST", ACCOUNTS, body={"data_list": [back]})).json() == {"is_all_legal_count": True}
    assert cloud.of("dana@acme.test") == {f"{DANA}/{REGION}"}
    twice = await client.call("POST", ACCOUNTS, body={"data_list": [back]})
    assert twice.json() == {"is_all_legal_count": False}


async def test_the_organizations_tree_is_cached_until_it_is_renewed(cloud: HuaweiHss, client: HssClient) -> None:
    path = "/v5/setting/account/organization-tree"
    before = (await client.call("GET", path)).json()["total_num"]
    cloud.state.members.popitem()
    assert (await client.call("GET", path)).json()["total_num"] == before
    assert (await client.call("GET", path, ("is_refresh", "true"))).json()["total_num"] == before - 1


async def test_every_reply_names_its_request(client: HssClient) -> None:
    ids = {(await client.page()).headers["X-request-id"] for _ in range(3)}
    assert len(ids) == 3


async def test_a_wrong_path_is_the_gateways_404(client: HssClient) -> None:
    reply = await client.call("GET", "/v5/setting/account/acounts")
    assert (reply.status, reply.code) == (404, "APIGW.0101")


async def test_an_act_whose_answer_was_lost_has_happened(cloud: HuaweiHss, client: HssClient) -> None:
    cloud.faults.add(Fault("reset_after", "DELETE"))
    client.http._retry_connection = False
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.delete(client.row(DANA))
    assert cloud.of("dana@acme.test") == frozenset()
