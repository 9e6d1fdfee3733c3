"""The console's keys, tokens, scopes, limits, repeated request ids and asynchronous work."""

import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.tls import Tls
from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc.seed import API_KEY, PASSWORD, SERVICE
from tests.sandbox.systems.still import StillClock
from tests.sandbox.systems.vspc_client import VspcClient

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


async def _log_on(client: VspcClient, **form: str) -> dict[str, str]:
    reply = await client.token(grant_type="password", username=SERVICE, password=PASSWORD, **form)
    tokens: dict[str, str] = reply.json()
    client.bearer = tokens["access_token"]
    return tokens


async def test_a_key_says_whose_it_is(client: VspcClient) -> None:
    assert (await client.get("/users/me")).data["userName"] == SERVICE
    assert (await client.get("/about")).data["serverVersion"]


async def test_a_wrong_key_is_refused_as_security(client: VspcClient) -> None:
    client.bearer = "nobody's"
    reply = await client.get("/users/me")
    assert (reply.status, reply.error["type"]) == (401, "security")


async def test_a_key_stops_with_its_identity(console: Vspc, client: VspcClient) -> None:
    (own,) = client.logins(SERVICE)
    assert (await client.delete(f"/users/{own.user}/logins/{own.id}")).status == 200
    assert (await client.get("/users/me")).status == 401
    again = console.state.add_login(client.user(SERVICE), "ApiKey", "second", key="second", status="disabled")
    client.bearer = "second"
    assert (await client.get("/users/me")).status == 401
    again.status = "enabled"
    assert (await client.get("/users/me")).status == 200


async def test_a_read_only_key_reads_and_cannot_delete(client: VspcClient) -> None:
    owner = client.user(SERVICE).uid
    made = await client.call("POST", f"/users/{owner}/logins/apikey", isReadAccessOnly=True, description="audit")
    client.bearer = made.data["parameters"]
    path = f"/users/{client.user(DANA).uid}"
    assert [(await client.get(path)).status, (await client.delete(path)).status] == [200, 403]


async def test_a_companys_administrator_sees_that_company_only(client: VspcClient) -> None:
    client.bearer = r"key-of-globex\robin"
    users = (await client.get("/users")).data
    assert {user["userName"] for user in users} == {r"globex\robin", r"globex\tenant"}
    assert (await client.get(f"/users/{client.user(DANA).uid}")).status == 404
    assert (await client.delete(f"/users/{client.user(DANA).uid}")).status == 404


async def test_a_plain_user_may_not_look_at_users(client: VspcClient) -> None:
    client.bearer = rf"key-of-{DANA}"
    assert (await client.get("/users/me")).status == 200
    assert (await client.get("/users")).status == 403
    assert (await client.delete(f"/users/{client.user(DANA).uid}")).status == 403


async def test_a_token_lives_an_hour_and_is_renewed_once(console: Vspc, client: VspcClient) -> None:
    old = await _log_on(client)
    console.clock.forward(3599)
    assert (await client.get("/users/me")).status == 200
    console.clock.forward(1)
    assert (await client.get("/users/me")).status == 401
    new = (await client.token(grant_type="refresh_token", refresh_token=old["refresh_token"])).json()
    client.bearer = new["access_token"]
    assert (await client.get("/users/me")).status == 200
    again = await client.token(grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")


async def test_a_wrong_password_is_a_400_in_oauths_shape(client: VspcClient) -> None:
    reply = await client.token(grant_type="password", username=SERVICE, password="wrong")
    assert (reply.status, reply.json()["error"]) == (400, "invalid_grant")
    assert set(reply.json()) == {"error", "error_description", "error_uri"}
    assert (await client.token(grant_type="guess")).json()["error"] == "unsupported_grant_type"


async def test_with_a_second_factor_the_password_alone_gives_no_access(client: VspcClient) -> None:
    client.user(SERVICE).mfa_code = "123456"
    first = (await client.token(grant_type="password", username=SERVICE, password=PASSWORD)).json()
    assert first["access_token"] is None
    wrong = await client.token(grant_type="mfa", mfa_token=first["mfa_token"], mfa_code="000000")
    assert wrong.status == 400
    right = await client.token(grant_type="mfa", mfa_token=first["mfa_token"], mfa_code="123456")
    client.bearer = right.json()["access_token"]
    assert (await client.get("/users/me")).status == 200


async def test_a_read_only_token_cannot_delete(client: VspcClient) -> None:
    await _log_on(client, readOnly="true")
    assert (await client.delete(f"/users/{client.user(DANA).uid}")).status == 403


async def test_revoking_ends_a_users_tokens_and_leaves_the_keys(client: VspcClient) -> None:
    await _log_on(client)
    assert (await client.delete(f"/users/{client.user(SERVICE).uid}/tokens")).data is True
    assert (await client.get("/users/me")).status == 401
    client.bearer = API_KEY
    assert (await client.get("/users/me")).status == 200


async def test_the_same_request_id_gets_the_same_answer_for_five_minutes(console: Vspc, client: VspcClient) -> None:
    one, same = client.logins(DANA)[0], str(uuid.uuid4())
    path = f"/users/{one.user}/logins/{one.id}"
    assert [(await client.delete(path, same)).status for _ in range(2)] == [200, 200]
    assert [entry.effect for entry in console.journal.writes()] == [True, False]
    fooled = await client.call("GET", path, request_id=same)
    assert fooled.data is True
    console.clock.forward(300)
    assert (await client.delete(path, same)).status == 404


async def test_a_request_id_can_force_work_to_be_done_later(console: Vspc, client: VspcClient) -> None:
    console.state.switches.request_id_forces_async = True
    one, action = client.logins(DANA)[0], str(uuid.uuid4())
    path = f"/users/{one.user}/logins/{one.id}"
    promised = await client.delete(path, action)
    assert (promised.status, promised.headers["Location"].rpartition("/")[2]) == (202, action)
    running = (await client.get(f"/asyncActions/{action}")).data
    assert (running["status"], running["id"]) == ("running", action)
    assert (await client.get(path)).status == 200
    console.clock.forward(1)
    assert (await client.get(f"/asyncActions/{action}")).data["status"] == "succeed"
    assert (await client.get(f"/asyncActions/{action}/result")).data is True
    assert (await client.get(path)).status == 404


async def test_a_finished_action_is_forgotten_in_time(console: Vspc, client: VspcClient) -> None:
    console.state.switches.request_id_forces_async = True
    action = str(uuid.uuid4())
    await client.delete(f"/users/{client.user(DANA).uid}", action)
    console.clock.forward(1)
    assert (await client.get(f"/asyncActions/{action}")).status == 200
    console.clock.forward(300)
    assert (await client.get(f"/asyncActions/{action}")).status == 404


@pytest.mark.parametrize("outcome", ["failed", "canceled"])
async def test_an_action_can_come_to_nothing(outcome: str, console: Vspc, client: VspcClient) -> None:
    console.state.switches.request_id_forces_async = True
    console.state.switches.action_outcome = outcome
    action = str(uuid.uuid4())
    await client.delete(f"/users/{client.user(DANA).uid}", action)
    console.clock.forward(1)
    assert (await client.get(f"/asyncActions/{action}")).data["status"] == outcome
    assert (await client.get(f"/asyncActions/{action}/result")).status == 409
    assert DANA in console.standing()
    assert not console.journal.writes()[0].effect


async def test_an_action_that_is_refused_fails_with_the_reason(console: Vspc, client: VspcClient) -> None:
    console.state.switches.request_id_forces_async = True
    action, owner = str(uuid.uuid4()), client.user(r"acme\petra")
    await client.delete(f"/users/{owner.uid}", action)
    console.clock.forward(1)
    assert (await client.get(f"/asyncActions/{action}/result")).status == 400


async def test_too_many_calls_in_a_minute_are_told_how_long_to_wait(console: Vspc, client: VspcClient) -> None:
    console.state.switches.max_per_minute = 2
    replies = [await client.get("/about") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    error = replies[2].error
    assert (error["type"], error["code"]) == ("transport", 429)
    console.clock.forward(error["retryAfter"])
    assert (await client.get("/about")).status == 200


async def test_the_cap_on_parallel_calls_names_no_time(console: Vspc, client: VspcClient) -> None:
    console.state.switches.max_parallel = 0
    reply = await client.get("/about")
    assert (reply.status, reply.error) == (429, {"type": "transport", "code": 429})
    console.limits = False
    assert (await client.get("/about")).status == 200
