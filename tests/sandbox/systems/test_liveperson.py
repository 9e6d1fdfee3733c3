"""LivePerson's Users API on its documented path: host, token, list, read, delete, and who may."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import DANA_ID, KEEPER_ID, ROBIN_IDS, SAM_ID
from sandbox.systems.tls import Tls
from tests.sandbox.systems.liveperson_client import ACCOUNT, USERS, Client
from tests.sandbox.systems.still import StillClock


@pytest.fixture
async def liveperson(tls: Tls) -> AsyncIterator[LivePerson]:
    simulator = LivePerson(clock=StillClock())
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def client(liveperson: LivePerson, http: aiohttp.ClientSession) -> Client:
    client = Client(http, liveperson)
    await client.log_on()
    return client


async def test_the_domain_api_names_a_bare_host_for_a_service(liveperson: LivePerson, client: Client) -> None:
    status, body, _ = await client.bare(
        f"/api/account/{ACCOUNT}/service/accountConfigReadWrite/baseURI.json?version=1.0"
    )
    host = liveperson.url.removeprefix("https://")
    assert (status, body) == (200, {"service": "accountConfigReadWrite", "account": ACCOUNT, "baseURI": host})


async def test_the_domain_api_lists_every_service_where_none_is_named(client: Client) -> None:
    status, body, _ = await client.bare(f"/api/account/{ACCOUNT}/service/baseURI.json?version=1.0")
    assert status == 200
    names = {"accountConfigReadOnly", "accountConfigReadWrite", "agentVep", "sentinel"}
    assert {one["service"] for one in body["baseURIs"]} == names


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/account/{ACCOUNT}/service/accountconfigreadwrite/baseURI.json?version=1.0", 404),
        ("/api/account/999/service/sentinel/baseURI.json?version=1.0", 401),
        (f"/api/account/{ACCOUNT}/service/sentinel/baseURI.json", 400),
    ],
)
async def test_the_domain_api_refuses_what_it_does_not_know(client: Client, path: str, status: int) -> None:
    assert (await client.bare(path))[0] == status


async def test_a_token_lasts_an_hour_and_no_longer(liveperson: LivePerson, client: Client) -> None:
    assert (await client.users("GET"))[0] == 200
    liveperson.clock.forward(3599)
    status, body, _ = await client.users("GET")
    assert (status, body["error"]["responseStatus"]) == (401, "UNAUTHORIZED")
    await client.log_on()
    assert (await client.users("GET"))[0] == 200


async def test_a_token_may_become_worthless_in_the_middle_of_a_run(liveperson: LivePerson, client: Client) -> None:
    liveperson.faults.add(Fault("act", "DELETE", act=liveperson.state.sentinel.revoke_all))
    assert (await client.user("DELETE", DANA_ID))[0] == 401
    assert liveperson.of("dana@acme.test")
    await client.log_on()
    assert (await client.user("DELETE", DANA_ID))[0] == 200


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_the_token_server_refuses_a_wrong_request(
    client: Client, change: dict[str, str], status: int, error: str
) -> None:
    got, body, _ = await client.token(**change)
    assert (got, body) == (status, {"error": error})


async def test_the_status_for_a_client_that_is_nobody_can_be_switched(liveperson: LivePerson, client: Client) -> None:
    liveperson.state.sentinel.bad_client_status = 400
    assert (await client.token(client_id="nobody"))[0] == 400


async def test_the_token_server_takes_a_form_and_nothing_else(client: Client) -> None:
    path = f"/sentinel/api/v2/account/{ACCOUNT}/app/token"
    status, body, _ = await client.bare(path, "POST", json={"grant_type": "client_credentials"})
    assert (status, body) == (400, {"error": "invalid_request"})


async def test_the_first_version_of_the_token_endpoint_is_not_there(client: Client) -> None:
    assert (await client.bare(f"/sentinel/api/v1/account/{ACCOUNT}/app/token", "POST"))[0] == 404


async def test_a_caller_without_a_token_is_nobody(client: Client) -> None:
    assert (await client.bare(f"{USERS}?v=4.0"))[0] == 401


async def test_an_application_without_the_scope_is_forbidden(liveperson: LivePerson, client: Client) -> None:
    liveperson.state.sentinel.app.scopes = frozenset()
    await client.log_on()
    assert (await client.users("GET"))[0] == 403


async def test_another_accounts_path_is_not_found(client: Client) -> None:
    assert (await client.call("GET", USERS.replace(ACCOUNT, "999") + "?v=4.0"))[0] == 404


async def test_a_user_is_listed_read_deleted_and_gone(liveperson: LivePerson, client: Client) -> None:
    dana = await client.only("dana@acme.test")
    assert dana["id"] == DANA_ID
    status, read, revision = await client.user("GET", DANA_ID)
    assert (status, read["loginName"]) == (200, "dana@acme.test")
    before = liveperson.standing()
    status, body, later = await client.user("DELETE", DANA_ID, revision=revision)
    assert (status, body["deleted"]) == (200, True)
    assert int(later) == int(revision) + 1
    assert (await client.user("GET", DANA_ID))[0] == 404
    assert before - liveperson.standing() == {"dana@acme.test"}
    assert liveperson.of("dana@acme.test") == frozenset()


async def test_a_second_delete_finds_nobody(client: Client) -> None:
    revision = (await client.user("GET", SAM_ID))[2]
    assert (await client.user("DELETE", SAM_ID, revision=revision))[0] == 200
    assert (await client.user("DELETE", SAM_ID))[0] == 404


async def test_the_journal_tells_reads_from_writes_and_about_whom(liveperson: LivePerson, client: Client) -> None:
    await client.user("GET", DANA_ID)
    await client.user("DELETE", DANA_ID)
    assert not liveperson.journal.reread_around(str(DANA_ID))
    await client.user("GET", DANA_ID)
    told = [(one.method, one.kind, one.status, one.effect) for one in liveperson.journal.of(str(DANA_ID))]
    assert told == [
        ("GET", "read", 200, False),
        ("DELETE", "write", 200, True),
        ("GET", "read", 404, False),
    ]
    assert liveperson.journal.reread_around(str(DANA_ID))


async def test_a_delete_that_only_says_so_keeps_the_user(liveperson: LivePerson, client: Client) -> None:
    liveperson.faults.add(Fault("ok_without_effect", "DELETE"))
    assert (await client.user("DELETE", DANA_ID))[0] == 200
    assert (await client.user("GET", DANA_ID))[0] == 200
    assert liveperson.of("dana@acme.test") == {"dana@acme.test"}


async def test_two_users_share_one_address(client: Client) -> None:
    found = await client.matching("robin@acme.test")
    assert {one["id"] for one in found} == set(ROBIN_IDS)


async def test_bots_api_users_and_system_users_can_be_told(client: Client) -> None:
    listed = await client.listed()
    assert {one["userTypeId"] for one in listed} == {0, 1, 2}
    assert {one["loginName"] for one in listed if one["isApiUser"]} == {"billing-bot", "crm-sync"}


async def test_the_service_lets_even_the_last_administrator_go(liveperson: LivePerson, client: Client) -> None:
    assert (await client.user("DELETE", KEEPER_ID))[0] == 200
    assert "petra@acme.test" not in liveperson.standing()


async def test_calls_that_come_too_fast_are_refused_until_a_second_has_passed(
    liveperson: LivePerson, client: Client
) -> None:
    statuses = [(await client.user("GET", DANA_ID))[0] for _ in range(41)]
    assert statuses == [200] * 40 + [429]
    liveperson.clock.forward(1)
    assert (await client.user("GET", DANA_ID))[0] == 200


async def test_log_ins_that_come_too_fast_are_refused_for_five_seconds(liveperson: LivePerson, client: Client) -> None:
    assert [(await client.token())[0] for _ in range(20)] == [200] * 19 + [429]
    liveperson.clock.forward(5)
    assert (await client.token())[0] == 200


async def test_without_limits_nothing_is_slowed(liveperson: LivePerson, client: Client) -> None:
    liveperson.limits = False
    assert {(await client.user("GET", DANA_ID))[0] for _ in range(60)} == {200}
