"""The vendor's own client against our cloud: it was not written by us, and finds what it expects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]  # it ships no types
from huaweicloudsdkcore.exceptions.exceptions import (  # type: ignore[import-untyped]  # it ships no types
    ClientRequestException,
    ServerResponseException,
    SslHandShakeException,
)
from huaweicloudsdkcore.http.http_config import HttpConfig  # type: ignore[import-untyped]  # it ships no types
from huaweicloudsdkcore.region.region import Region  # type: ignore[import-untyped]  # it ships no types
from huaweicloudsdkhss.v5 import (  # type: ignore[import-untyped]  # it ships no types
    AddAccountsRequestInfo,
    BatchAddAccountsRequest,
    BatchAddAccountsRequestInfo,
    DeleteAccountRequest,
    DeleteAccountRequestInfo,
    HssClient,
    ListAccountsRequest,
    ListOrganizationTreeRequest,
    ValidateAdminRequest,
)

from sandbox.systems.faults import Fault
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss import seed as acme
from sandbox.systems.huawei_hss.state import Key, Row
from sandbox.systems.tls import Tls

# It asks for the time in a way that newer versions of Python advise against.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning:huaweicloudsdkcore")

DANA = "sandbox-dana"
EVERYWHERE = "all_granted_eps"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
async def cloud(tls: Tls) -> AsyncIterator[HuaweiHss]:
    simulator = HuaweiHss(limits=False)
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await hang_up(simulator)
    await simulator.stop()


async def hang_up(cloud: HuaweiHss) -> None:
    """End every connection at once: the vendor's client leaves some open, and does not say goodbye on the others."""
    server = cloud._runner.server if cloud._runner is not None else None
    for connection in server.connections if server is not None else ():
        if connection.transport is not None:
            connection.transport.abort()
    for _ in range(4):
        await asyncio.sleep(0)


@asynccontextmanager
async def sdk(
    cloud: HuaweiHss,
    *,
    secret: str = acme.SECRET_KEY,
    access: str = acme.ACCESS_KEY,
    project: str | None = acme.PROJECT,
    token: str | None = None,
    trusted: bool = True,
) -> AsyncIterator[HssClient]:
    """Give the vendor's client for this cloud. Without a project it asks IAM for it, by the region's name."""
    credentials = BasicCredentials(access, secret, project).with_iam_endpoint(cloud.url)
    if token is not None:
        credentials.with_security_token(token)
    config = HttpConfig(ssl_ca_cert=cloud.ca_file if trusted else None, timeout=20)
    builder = HssClient.new_builder().with_http_config(config).with_credentials(credentials)
    client = await asyncio.to_thread(builder.with_region(Region(acme.REGION, cloud.url)).build)
    try:
        yield client
    finally:
        client.get_http_client().executor.shutdown()
        client.close()


async def call(method: Callable[[Any], Any], request: object) -> Any:  # noqa: ANN401 - the vendor's client has no types
    return await asyncio.to_thread(method, request)


async def listed(client: HssClient, limit: int = 200, offset: int = 0, where: str = EVERYWHERE) -> list[Any]:
    request = ListAccountsRequest(limit=limit, offset=offset, enterprise_project_id=where)
    return list((await call(client.list_accounts, request)).data_list)


def row(cloud: HuaweiHss, name: str = DANA) -> Row:
    return next(one for one in cloud.state.rows if (one.account_name, one.organization_id) == (name, acme.ORGANIZATION))


def deletion(of: Row) -> DeleteAccountRequest:
    body = DeleteAccountRequestInfo(of.organization_id, of.account_id, of.project_id)
    return DeleteAccountRequest(enterprise_project_id=EVERYWHERE, body=body)


async def refused(method: Callable[[Any], Any], request: object) -> tuple[int, str]:
    """Return status and code of the refusal as the client understood them; each has named its request."""
    with pytest.raises(ClientRequestException) as caught:
        await call(method, request)
    assert caught.value.request_id
    return caught.value.status_code, caught.value.error_code


async def test_its_list_is_every_row_with_every_field(cloud: HuaweiHss) -> None:
    async with sdk(cloud) as client:
        found = await listed(client)

    assert [(one.organization_id, one.account_id, one.project_id) for one in found] == [
        one.triple for one in cloud.state.rows
    ]
    assert [one.to_dict() for one in found] == [one.json() for one in cloud.state.rows]


async def test_its_pages_are_those_that_it_asks_for(cloud: HuaweiHss) -> None:
    async with sdk(cloud) as client:
        first, second = await listed(client, 10), await listed(client, 10, 10)

    ids = [one.project_id for one in (*first, *second)]
    assert ids == [one.project_id for one in cloud.state.rows[:20]]
    assert len(first) == 10


async def test_it_sees_the_default_enterprise_project_alone_unless_it_asks_for_all(cloud: HuaweiHss) -> None:
    async with sdk(cloud) as client:
        default, every = await listed(client, where="0"), await listed(client)

    assert len(default) == len(every) - 1


async def test_it_takes_an_account_off_and_nothing_else(cloud: HuaweiHss) -> None:
    before, dana = cloud.standing(), row(cloud)
    async with sdk(cloud) as client:
        answer = await call(client.delete_account, deletion(dana))
        after = await listed(client)

    assert answer.status_code == 200
    assert dana.project_id not in {one.project_id for one in after}
    assert before - cloud.standing() == {f"{DANA}/{acme.REGION}"}


async def test_it_reads_a_second_deletion_as_not_found(cloud: HuaweiHss) -> None:
    dana = row(cloud)
    async with sdk(cloud) as client:
        await call(client.delete_account, deletion(dana))

        assert await refused(client.delete_account, deletion(dana)) == (400, "HSS.0011")


async def test_it_can_put_an_account_back(cloud: HuaweiHss) -> None:
    dana = row(cloud)
    info = AddAccountsRequestInfo(dana.organization_id, dana.account_id, DANA)
    async with sdk(cloud) as client:
        await call(client.delete_account, deletion(dana))
        request = BatchAddAccountsRequest(body=BatchAddAccountsRequestInfo([info]))
        answer = await call(client.batch_add_accounts, request)

    assert answer.is_all_legal_count is True
    assert cloud.of("dana@acme.test") == {f"{DANA}/{acme.REGION}"}


async def test_it_is_told_whether_its_key_is_an_administrators(cloud: HuaweiHss) -> None:
    cloud.state.keys["AKREADER"] = Key("reader-secret", "reader-user")
    async with sdk(cloud) as ours, sdk(cloud, access="AKREADER", secret="reader-secret") as readers:
        said = [await call(client.validate_admin, ValidateAdminRequest()) for client in (ours, readers)]
        denied = await refused(readers.list_accounts, ListAccountsRequest(limit=10))

    assert [one.is_admin_account for one in said] == [True, False]
    assert denied == (400, "HSS.0013")


async def test_it_reads_the_organizations_tree(cloud: HuaweiHss) -> None:
    async with sdk(cloud) as client:
        tree = await call(client.list_organization_tree, ListOrganizationTreeRequest(is_refresh=True))

    assert {one.id for one in tree.data_list} == set(cloud.state.members)


async def test_without_a_project_it_asks_iam_for_it(cloud: HuaweiHss) -> None:
    async with sdk(cloud, project=None) as client:
        found = await listed(client)

    assert len(found) == len(cloud.state.rows)
    assert any(entry.path.startswith("/v3/projects") for entry in cloud.journal.entries)


async def test_a_temporary_key_needs_its_token(cloud: HuaweiHss) -> None:
    cloud.state.keys["AKTEMPORARY"] = Key("temporary-secret", "svc-user", token="temp+token==")
    async with (
        sdk(cloud, access="AKTEMPORARY", secret="temporary-secret", token="temp+token==") as whole,
        sdk(cloud, access="AKTEMPORARY", secret="temporary-secret") as bare,
    ):
        assert len(await listed(whole)) == len(cloud.state.rows)
        assert await refused(bare.list_accounts, ListAccountsRequest(limit=10)) == (401, "APIGW.0301")


async def test_five_wrong_signatures_lock_the_key_for_five_minutes(cloud: HuaweiHss) -> None:
    request = ListAccountsRequest(limit=10)
    async with sdk(cloud, secret="wrong") as wrong, sdk(cloud) as right:
        for _ in range(5):
            assert await refused(wrong.list_accounts, request) == (401, "APIGW.0301")

        assert await refused(right.list_accounts, request) == (401, "APIGW.0301")


async def test_a_clock_that_is_off_is_refused(cloud: HuaweiHss) -> None:
    cloud.clock.forward(16 * 60)
    async with sdk(cloud) as client:
        assert await refused(client.list_accounts, ListAccountsRequest(limit=10)) == (401, "APIGW.0303")


async def test_the_sixth_list_of_a_minute_is_too_many(cloud: HuaweiHss) -> None:
    cloud.limits = True
    request = ListAccountsRequest(limit=10)
    async with sdk(cloud) as client:
        for _ in range(5):
            await call(client.list_accounts, request)
        with pytest.raises(ClientRequestException) as caught:
            await call(client.list_accounts, request)

    assert caught.value.status_code == 429  # its transport takes this status in, and the vendor's code with it
    assert [entry.status for entry in cloud.journal.entries] == [200] * 5 + [429]


async def test_a_fault_of_the_servers_is_one_to_it_too(cloud: HuaweiHss) -> None:
    cloud.faults.add(Fault("status", status=503, body='{"error_code": "HSS.0041", "error_msg": "busy"}'))
    async with sdk(cloud) as client:
        with pytest.raises(ServerResponseException) as caught:
            await call(client.list_accounts, ListAccountsRequest(limit=10))

        assert caught.value.status_code == 503


async def test_it_does_not_trust_our_certificate_unless_it_is_told_to(cloud: HuaweiHss) -> None:
    async with sdk(cloud, trusted=False) as client:
        with pytest.raises(SslHandShakeException):
            await call(client.list_accounts, ListAccountsRequest(limit=10))
