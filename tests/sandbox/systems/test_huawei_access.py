"""Keys, tokens, rights and limits of Huawei's cloud, and the IAM users beside the accounts."""

import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss.seed import PROJECT, REGION
from sandbox.systems.huawei_hss.state import Key
from sandbox.systems.tls import Tls
from tests.sandbox.systems.hss_client import HssClient
from tests.sandbox.systems.still import StillClock

PROJECT_SCOPE: dict[str, object] = {"project": {"name": REGION}}
DOMAIN_SCOPE: dict[str, object] = {"domain": {"name": "acme-master"}}


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


@pytest.fixture
async def roomy(tls: Tls, cloud: HuaweiHss) -> AsyncIterator[HssClient]:
    """A client that reads headers as long as a token."""
    context = ssl.create_default_context(cafile=str(tls.ca_file))
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=context), max_field_size=32768, max_line_size=32768
    ) as http:
        yield HssClient(http, cloud)


async def test_a_wrong_secret_is_a_401_of_the_gateway(client: HssClient) -> None:
    client.secret = "wrong"
    reply = await client.page()
    assert (reply.status, reply.code) == (401, "APIGW.0301")
    assert reply.json()["error_msg"].endswith("verify aksk signature fail")


async def test_an_unknown_key_is_told_apart(client: HssClient) -> None:
    client.access = "AKNOBODY"
    assert (await client.page()).json()["error_msg"].endswith("ak:AKNOBODY,err:ak not exist")


@pytest.mark.parametrize("name", ["host", "x-sdk-date"])
async def test_host_and_date_must_be_signed(name: str, client: HssClient) -> None:
    client.unsigned = (name,)
    assert (await client.page()).status == 401


@pytest.mark.parametrize(("skew", "status"), [(899, 200), (-899, 200), (902, 401), (-902, 401)])
async def test_a_date_more_than_a_quarter_of_an_hour_off_is_refused(
    skew: float, status: int, client: HssClient
) -> None:
    client.skew = skew
    reply = await client.page()
    assert reply.status == status
    assert status == 200 or reply.code == "APIGW.0303"


async def test_five_bad_signatures_lock_the_key_for_five_minutes(cloud: HuaweiHss, client: HssClient) -> None:
    right, client.secret = client.secret, "wrong"
    for _ in range(5):
        await client.page()
    client.secret = right
    locked = await client.page()
    assert (locked.status, locked.json()["error_msg"].endswith("reach the limit,forbidden")) == (401, True)
    cloud.clock.forward(300)
    assert (await client.page()).status == 200


async def test_a_good_signature_between_bad_ones_keeps_the_key_open(client: HssClient) -> None:
    right = client.secret
    for secret in ["wrong"] * 4 + [right] + ["wrong"] * 4:
        client.secret = secret
        await client.page()
    client.secret = right
    assert (await client.page()).status == 200


async def test_a_temporary_key_needs_its_signed_security_token(cloud: HuaweiHss, client: HssClient) -> None:
    cloud.state.keys["AKTEMP"] = Key("temp-secret", "svc-user", "temp+token==")
    client.access, client.secret = "AKTEMP", "temp-secret"
    assert (await client.page()).status == 401
    client.extra = {"x-security-token": "another"}
    assert (await client.page()).status == 401
    client.extra = {"x-security-token": "temp+token=="}
    assert (await client.page()).status == 200


async def test_who_is_no_administrator_gets_a_400_with_its_own_code(cloud: HuaweiHss, client: HssClient) -> None:
    cloud.state.keys["AKREADER"] = Key("reader-secret", "reader-user")
    client.access, client.secret = "AKREADER", "reader-secret"
    replies = [await client.page(), await client.delete(client.row("sandbox-dana"))]
    assert [(reply.status, reply.code) for reply in replies] == [(400, "HSS.0013")] * 2
    admin = await client.call("GET", "/v5/setting/account/admin")
    assert admin.json() == {"is_admin_account": False}
    assert cloud.of("dana@acme.test")


async def test_another_project_is_access_denied(client: HssClient) -> None:
    client.extra = {"x-project-id": "f" * 32}
    reply = await client.page()
    assert (reply.status, reply.code) == (400, "HSS.0010")


async def test_a_token_serves_for_a_day(cloud: HuaweiHss, roomy: HssClient) -> None:
    reply = await roomy.get_token(PROJECT_SCOPE)
    assert reply.status == 201
    assert len(roomy.token) > 8190
    assert reply.json()["token"]["project"] == {"id": PROJECT, "name": REGION}
    assert reply.json()["token"]["expires_at"].endswith(".000000Z")
    assert (await roomy.page()).status == 200
    cloud.clock.forward(24 * 3600)
    expired = await roomy.page()
    assert (expired.status, expired.json()["error_msg"].endswith("decrypt token fail")) == (401, True)


async def test_a_wrong_password_has_iams_nested_shape(roomy: HssClient) -> None:
    reply = await roomy.get_token(PROJECT_SCOPE, password="wrong")
    assert (reply.status, reply.json()["error"]["code"], reply.json()["error"]["title"]) == (401, 401, "Unauthorized")


async def test_a_token_serves_only_its_scope(roomy: HssClient) -> None:
    await roomy.get_token(DOMAIN_SCOPE)
    assert (await roomy.page()).code == "HSS.0010"
    assert (await roomy.call("GET", "/v3/users")).status == 200
    await roomy.get_token(PROJECT_SCOPE)
    assert (await roomy.call("GET", "/v3/users")).status == 400


async def test_a_users_token_dies_with_the_user(cloud: HuaweiHss, roomy: HssClient) -> None:
    await roomy.get_token(PROJECT_SCOPE)
    cloud.state.users["svc-user"].enabled = False
    assert (await roomy.page()).status == 401


async def test_five_calls_a_minute_of_one_api_are_all_there_is(cloud: HuaweiHss, client: HssClient) -> None:
    cloud.limits = True
    statuses = [(await client.page()).status for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    reply = await client.page()
    assert (reply.code, "Retry-After" in reply.headers) == ("APIGW.0308", False)
    assert (await client.delete(client.row("sandbox-dana"))).status == 200
    cloud.clock.forward(60)
    assert (await client.page()).status == 200


async def test_the_project_is_found_by_the_regions_name(client: HssClient) -> None:
    hit = (await client.call("GET", "/v3/projects", ("name", REGION))).json()["projects"]
    assert [project["id"] for project in hit] == [PROJECT]
    assert (await client.call("GET", "/v3/projects", ("name", "elsewhere"))).json()["projects"] == []


async def test_disabled_users_are_listed_only_where_they_are_asked_for(client: HssClient) -> None:
    enabled = (await client.call("GET", "/v3/users")).json()["users"]
    disabled = (await client.call("GET", "/v3/users", ("enabled", "false"))).json()["users"]
    assert [user["name"] for user in disabled] == ["alma"]
    assert "alma" not in {user["name"] for user in enabled}
    assert "email" not in enabled[0]


async def test_a_user_is_read_disabled_and_deleted(cloud: HuaweiHss, client: HssClient) -> None:
    path = "/v3.0/OS-USER/users/dana-user"
    assert (await client.call("GET", path)).json()["user"]["email"] == "dana@acme.test"
    off = await client.call("PUT", path, body={"user": {"enabled": False}})
    assert off.json()["user"]["enabled"] is False
    assert (await client.call("DELETE", "/v3/users/dana-user")).status == 204
    gone = await client.call("GET", path)
    assert (gone.status, gone.code) == (404, "IAM.0004")
    assert "iam dana" not in cloud.standing()


async def test_the_root_user_is_refused(client: HssClient) -> None:
    assert (await client.call("DELETE", "/v3/users/root-user")).status == 403


async def test_a_key_tells_whose_it_is(client: HssClient) -> None:
    reply = await client.call("GET", f"/v3.0/OS-CREDENTIAL/credentials/{client.access}")
    assert reply.json()["credential"]["user_id"] == "svc-user"
