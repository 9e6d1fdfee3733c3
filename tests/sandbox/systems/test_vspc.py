"""The console's users and identities: found, read, deleted."""

import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.faults import Fault, What
from sandbox.systems.tls import Tls
from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc.state import Login
from tests.sandbox.systems.still import StillClock
from tests.sandbox.systems.vspc_client import VspcClient, equals

DANA = r"acme\dana"


@pytest.fixture
async def console(tls: Tls) -> AsyncIterator[Vspc]:
    simulator = Vspc(clock=StillClock())
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
def client(console: Vspc, http: aiohttp.ClientSession) -> VspcClient:
    return VspcClient(http, console)


async def test_a_user_is_found_by_address_and_goes_with_every_identity(console: Vspc, client: VspcClient) -> None:
    (dana,) = (await client.get("/users", filter=equals("profile.email", "dana@acme.test"))).data
    assert (dana["userName"], dana["status"], dana["role"]) == (DANA, "Enabled", "CompanyLocationUser")
    path = f"/users/{dana['instanceUid']}"
    first, second = (await client.get(f"{path}/logins")).data
    assert (first["userUid"], first["companyName"], first["status"]) == (dana["instanceUid"], "Acme", "enabled")
    for login in (first, second):
        assert (await client.delete(f"{path}/logins/{login['id']}")).data is True
    assert console.of("dana@acme.test") == {DANA}
    gone = await client.delete(path)
    assert (gone.status, gone.data) == (200, None)
    assert (await client.get(path)).status == 404
    assert console.of("dana@acme.test") == frozenset()
    assert console.journal.reread_around(dana["instanceUid"])


async def test_deleting_one_identity_leaves_the_user_and_the_other_identity(console: Vspc, client: VspcClient) -> None:
    before, one = console.standing(), client.logins(DANA)[0]
    await client.delete(f"/users/{one.user}/logins/{one.id}")
    assert before - console.standing() == {f"{DANA}#{one.id}"}


async def test_a_second_delete_is_not_found(client: VspcClient) -> None:
    one = client.logins(DANA)[0]
    replies = [await client.delete(f"/users/{one.user}/logins/{one.id}") for _ in range(2)]
    assert [reply.status for reply in replies] == [200, 404]
    assert (replies[1].error["type"], replies[1].error["code"]) == ("logical", 404)


async def test_an_identity_is_found_only_under_its_own_user(client: VspcClient) -> None:
    other = client.user(r"acme\jordana")
    path = f"/users/{other.uid}/logins/{client.logins(DANA)[0].id}"
    assert (await client.get(path)).status == 404
    assert (await client.delete(path)).status == 404


async def test_deleting_a_user_takes_its_identities_along(console: Vspc, client: VspcClient) -> None:
    dana = client.user(DANA)
    await client.delete(f"/users/{dana.uid}")
    assert console.state.logins_of(dana.uid) == []
    assert (await client.get("/users/logins", filter=equals("userUid", dana.uid))).data == []


async def test_identities_can_outlive_their_user_where_the_switch_says_so(console: Vspc, client: VspcClient) -> None:
    console.state.switches.cascades = False
    dana = client.user(DANA)
    await client.delete(f"/users/{dana.uid}")
    left = (await client.get("/users/logins", filter=equals("userUid", dana.uid))).data
    assert len(left) == 2
    assert "userName" not in left[0]


async def test_an_address_in_two_companies_finds_both_users(client: VspcClient) -> None:
    found = (await client.get("/users", filter=equals("profile.email", "robin@acme.test"))).data
    assert {user["userName"] for user in found} == {r"acme\robin", r"globex\robin"}
    assert len({user["organizationUid"] for user in found}) == 2


async def test_a_filter_minds_case_unless_told_otherwise(client: VspcClient) -> None:
    strict = equals("profile.email", "hiro@acme.test")
    assert (await client.get("/users", filter=strict)).data == []
    loose = equals("profile.email", "hiro@acme.test", collation="ignorecase")
    assert [user["userName"] for user in (await client.get("/users", filter=loose)).data] == [r"acme\hiro"]


async def test_contains_finds_too_many_and_in_finds_each_named(client: VspcClient) -> None:
    part = [{"property": "profile.email", "operation": "contains", "value": "dana@acme.test"}]
    assert {user["userName"] for user in (await client.get("/users", filter=part)).data} == {DANA, r"acme\jordana"}
    each = [{"property": "userName", "operation": "in", "value": [DANA, r"other\dana"]}]
    assert len((await client.get("/users", filter=each)).data) == 2


@pytest.mark.parametrize(
    "expression",
    [
        "[{",
        '{"property": "userName"}',
        '[{"property": "shoeSize", "operation": "equals", "value": 1}]',
        '[{"property": "userName", "operation": "resembles", "value": "x"}]',
        '[{"property": "userName", "operation": "equals", "collation": "klingon", "value": "x"}]',
    ],
)
async def test_a_filter_that_is_not_understood_is_refused_by_name(expression: str, client: VspcClient) -> None:
    reply = await client.get("/users", filter=expression)
    assert (reply.status, reply.error["parameterName"]) == (400, "filter")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"offset": -1}, {"limit": "many"}])
async def test_a_page_out_of_range_is_refused(query: dict[str, object], client: VspcClient) -> None:
    reply = await client.get("/users", **query)
    assert (reply.status, reply.error["parameterName"]) == (400, next(iter(query)))


async def test_pages_tell_how_many_there_are(console: Vspc, client: VspcClient) -> None:
    first = (await client.get("/users", limit=5)).json()
    total = len(console.state.users)
    assert first["meta"]["pagingInfo"] == {"total": total, "count": 5, "offset": 0}
    rest = (await client.get("/users", limit=500, offset=5)).json()
    seen = {user["instanceUid"] for user in [*first["data"], *rest["data"]]}
    assert seen == set(console.state.users)


async def test_a_server_can_ignore_the_offset_and_call_it_skip(console: Vspc, client: VspcClient) -> None:
    console.state.switches.ignores_offset = True
    console.state.switches.says_skip = True
    pages = [(await client.get("/users", limit=5, offset=at)).json() for at in (0, 5)]
    assert pages[0]["data"] == pages[1]["data"]
    assert "skip" in pages[0]["meta"]["pagingInfo"]


async def test_older_clients_see_the_owner_under_another_name(client: VspcClient) -> None:
    one = client.logins(DANA)[0]
    path = f"/users/{one.user}/logins/{one.id}"
    client.version = "3.4"
    old = (await client.get(path)).data
    assert (old["userId"], old["scopes"]) == (one.user, "rest")
    assert "userUid" not in old
    plain = (await client.get(f"/users/{one.user}")).data
    assert plain["role"] == "Unknown"


async def test_secrets_of_identities_are_not_shown(console: Vspc, client: VspcClient) -> None:
    everything = (await client.get("/users/logins")).body.decode()
    keys = [login.key for login in console.state.logins.values() if login.key]
    assert keys
    assert not [key for key in keys if key in everything]


async def test_organizations_have_users_and_keys_of_their_own(client: VspcClient) -> None:
    acme = client.user(DANA).organization
    names = {user["userName"] for user in (await client.get(f"/organizations/{acme}/users")).data}
    assert DANA in names
    assert r"globex\robin" not in names
    keys = (await client.get(f"/organizations/{acme}/keys")).data
    assert {key["identityProviderName"] for key in keys} == {"ApiKey"}


async def test_the_rules_of_the_administrator_portal_are_listed_and_can_be_deleted(client: VspcClient) -> None:
    rules = (await client.get("/users/serviceProvider/localUserRule")).data
    assert {rule["type"] for rule in rules} == {"User", "Group"}
    path = f"/users/serviceProvider/localUserRule/{rules[0]['id']}"
    assert (await client.get(path)).data == rules[0]
    assert [(await client.delete(path)).status, (await client.get(path)).status] == [200, 404]


@pytest.mark.parametrize("name", [r"acme\petra", r"provider\svc-offboard"])
async def test_an_owner_and_oneself_are_refused(name: str, console: Vspc, client: VspcClient) -> None:
    reply = await client.delete(f"/users/{client.user(name).uid}")
    assert reply.status == 400
    assert name in console.standing()


async def test_a_subtenant_in_use_is_a_conflict(client: VspcClient) -> None:
    kiosk = client.user(r"acme\kiosk")
    kiosk.backup_job_uses_it = True
    assert (await client.delete(f"/users/{kiosk.uid}")).status == 409


async def test_the_last_identity_is_refused_where_the_switch_says_so(console: Vspc, client: VspcClient) -> None:
    console.state.switches.last_identity = 409
    first, second = client.logins(DANA)
    assert (await client.delete(f"/users/{first.user}/logins/{first.id}")).status == 200
    assert (await client.delete(f"/users/{first.user}/logins/{second.id}")).status == 409


@pytest.mark.parametrize("path", ["/users/me2", "/users/not-a-uuid/logins", "/nothing"])
async def test_a_wrong_path_is_refused(path: str, client: VspcClient) -> None:
    assert (await client.get(path)).status in {400, 404}


async def test_an_identity_can_be_disabled_and_described_by_a_patch(client: VspcClient) -> None:
    one = client.logins(DANA)[0]
    path = f"/users/{one.user}/logins/{one.id}"
    off = [{"op": "replace", "path": "/status", "value": "disabled"}]
    assert (await client.call("PATCH", path, body=off)).data["status"] == "disabled"
    odd = [{"op": "replace", "path": "/userUid", "value": str(uuid.uuid4())}]
    reply = await client.call("PATCH", path, body=odd)
    assert (reply.status, reply.error["failedJsonPatch"]) == (400, odd[0])


async def test_a_sign_on_at_the_identity_provider_brings_an_identity_back(console: Vspc, client: VspcClient) -> None:
    for one in client.logins(DANA):
        await client.delete(f"/users/{one.user}/logins/{one.id}")
    assert console.of("dana@acme.test") == {DANA}
    assert console.state.sign_in_by_sso(client.user(DANA)) is not None
    assert len((await client.get(f"/users/{client.user(DANA).uid}/logins")).data) == 1
    assert console.state.sign_in_by_sso(client.user(r"acme\petra")) is None


async def test_a_delete_without_effect_says_true_and_keeps_the_identity(console: Vspc, client: VspcClient) -> None:
    console.faults.add(Fault("ok_without_effect", "DELETE"))
    one = client.logins(DANA)[0]
    path = f"/users/{one.user}/logins/{one.id}"
    assert (await client.delete(path)).data is True
    assert (await client.get(path)).status == 200


async def test_a_server_fault_can_come_before_or_after_the_effect(console: Vspc, client: VspcClient) -> None:
    first, second = client.logins(DANA)
    faults: list[tuple[What, Login]] = [("status", first), ("status_after", second)]
    for what, one in faults:
        console.faults.add(Fault(what, "DELETE", status=520, body='{"errors": [{"type": "unspecified"}]}'))
        assert (await client.delete(f"/users/{one.user}/logins/{one.id}")).status == 520
    assert client.logins(DANA) == [first]
