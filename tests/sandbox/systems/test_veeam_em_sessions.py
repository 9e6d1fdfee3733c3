"""Enterprise Manager's log-on: Basic once, then a session that dies of idleness."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.tls import Tls
from sandbox.systems.veeam_em import VeeamEm
from tests.sandbox.systems.em_client import HEADER, EmClient
from tests.sandbox.systems.still import StillClock


@pytest.fixture
async def em(tls: Tls) -> AsyncIterator[VeeamEm]:
    simulator = VeeamEm(clock=StillClock())
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
def client(em: VeeamEm, http: aiohttp.ClientSession) -> EmClient:
    return EmClient(http, em)


async def _status(client: EmClient) -> int:
    return (await client.call("GET", "/security/accounts")).status


async def test_the_entry_page_needs_no_log_on(client: EmClient) -> None:
    page = (await client.call("GET", "/")).json()
    assert any(link["Href"].endswith("/sessionMngr/?v=latest") for link in page["Links"])


async def test_a_log_on_gives_a_token_that_is_not_the_sessions_id(client: EmClient) -> None:
    reply = await client.log_on()
    assert reply.status == 201
    assert reply.headers[HEADER] != reply.json()["SessionId"]
    assert reply.headers["Set-Cookie"] == f"{HEADER}={reply.headers[HEADER]}; Path=/api;"
    assert reply.json()["UserName"] == r"ACME\svc-offboard"


async def test_wrong_credentials_are_asked_for_again(client: EmClient) -> None:
    for user, password in ((None, "wrong"), (r"ACME\dana", "none set")):
        reply = await client.log_on(user, password)
        assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, "Basic Realm=RestSvc")
    reply = await client.call("POST", "/sessionMngr/?v=latest", Authorization="Bearer x")
    assert reply.status == 401


async def test_a_version_that_does_not_exist_is_refused(client: EmClient) -> None:
    assert (await client.log_on(path="?v=v9_9")).status == 400
    assert (await client.log_on(path="?v=v1_7")).status == 201


async def test_credentials_on_a_later_call_open_nothing(client: EmClient) -> None:
    basic = aiohttp.encode_basic_auth(r"ACME\svc-offboard", "em-sandbox-password")
    assert (await client.call("GET", "/security/accounts", Authorization=basic)).status == 401


async def test_a_session_lives_while_it_is_used_and_dies_after_15_idle_minutes(em: VeeamEm, client: EmClient) -> None:
    await client.log_on()
    em.clock.forward(899)
    assert await _status(client) == 200
    em.clock.forward(899)
    assert await _status(client) == 200
    em.clock.forward(900)
    assert await _status(client) == 401


async def test_the_log_out_takes_the_sessions_id_and_not_the_token(client: EmClient) -> None:
    await client.log_on()
    assert (await client.call("DELETE", f"/logonSessions/{client.token.rstrip('=')}")).status == 404
    assert (await client.call("DELETE", f"/logonSessions/{client.session}")).status == 204
    assert await _status(client) == 401


async def test_the_cookie_wins_over_the_header(client: EmClient) -> None:
    await client.log_on()
    assert (await client.call("GET", "/security/accounts", Cookie=f"{HEADER}=stale")).status == 401


async def test_an_open_session_is_listed(client: EmClient) -> None:
    await client.log_on()
    listed = (await client.call("GET", "/logonSessions")).json()["LogonSessions"]
    assert [one["SessionId"] for one in listed] == [client.session]


async def test_a_portal_user_may_log_on_but_not_look(em: VeeamEm, client: EmClient) -> None:
    em.state.passwords[r"acme\dana"] = "hers"
    assert (await client.log_on(r"ACME\dana", "hers")).status == 201
    for path in ("", "/roles", "/accounts"):
        assert (await client.call("GET", f"/security{path}")).status == 403


async def test_rights_come_through_a_group_and_go_with_it(em: VeeamEm, client: EmClient) -> None:
    await client.log_on()
    assert await _status(client) == 200
    em.state.members.clear()
    assert await _status(client) == 403
