"""RSA's two kinds of token: what proves a client, what a token is worth, and for how long."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.people import DANA_ID
from sandbox.systems.tls import Tls
from tests.sandbox.systems.rsa_client import ALL_SCOPES, Client
from tests.sandbox.systems.still import StillClock

FORBIDDEN = "Server failed to process provided access token"


@pytest.fixture
async def tenant(tls: Tls) -> AsyncIterator[RsaCas]:
    simulator = RsaCas(clock=StillClock())
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
def client(tenant: RsaCas, http: aiohttp.ClientSession) -> Client:
    return Client(http, tenant)


async def refused(client: Client) -> bool:
    """Say whether the bearer is answered with the captured body for bad tokens."""
    status, body = await client.lookup("dana@acme.test")
    return status == 403 and body["message"] == FORBIDDEN and body["path"].endswith("/v1/users/lookup")


async def test_a_signed_assertion_gets_a_token_for_an_hour(tenant: RsaCas, client: Client) -> None:
    status, body = await client.token(client.assertion())
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    client.bearer = body["access_token"]
    assert (await client.lookup("dana@acme.test"))[0] == 200
    tenant.clock.forward(3600)
    assert await refused(client)


async def test_an_rsa_key_signs_with_rs256(tenant: RsaCas, client: Client) -> None:
    tenant.state.oauth.key_type = "RSA"
    assert (await client.token(client.assertion("RS256")))[0] == 200


async def test_an_assertion_is_good_once(client: Client) -> None:
    assertion = client.assertion()
    assert (await client.token(assertion))[0] == 200
    assert await client.token(assertion) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://elsewhere.test/oauth/token"},
        {"exp": 1_789_999_999},
        {"exp": "soon"},
        {"jti": None},
    ],
)
async def test_an_assertion_that_says_something_else_proves_nobody(client: Client, change: dict[str, Any]) -> None:
    assert (await client.token(client.assertion(**change)))[1] == {"error": "invalid_client"}


async def test_an_assertion_signed_with_another_key_proves_nobody(client: Client) -> None:
    claims = jwt.decode(client.assertion(), options={"verify_signature": False})
    forged = jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256")
    assert (await client.token(forged))[0] == 401


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
        ({"scope": "rsa.user.read rsa.everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
async def test_a_token_request_that_lacks_something_is_refused(
    client: Client, change: dict[str, str], error: str
) -> None:
    assert await client.token(client.assertion(), **change) == (400, {"error": error})


async def test_the_status_for_a_client_that_is_nobody_can_be_switched(tenant: RsaCas, client: Client) -> None:
    tenant.state.oauth.bad_client_status = 400
    assert await client.token("no assertion at all") == (400, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("lacking", "method", "path", "body"),
    [
        ("rsa.user.read", "POST", "lookup", {"email": "dana@acme.test"}),
        ("rsa.user.read", "POST", "search", {"emailLike": "dana"}),
        ("rsa.user.manage", "PUT", f"{DANA_ID}/userStatus", {"userStatus": "Disabled"}),
        ("rsa.user.manage", "POST", f"{DANA_ID}/sync", None),
        ("rsa.user.delete", "DELETE", DANA_ID, None),
        ("rsa.user.delete.soft", "PUT", f"{DANA_ID}/markDeleted", {"markDeleted": True}),
        ("rsa.authenticator.mobile.read", "GET", f"{DANA_ID}/devices", None),
    ],
)
async def test_each_call_needs_its_scope(
    tenant: RsaCas, client: Client, lacking: str, method: str, path: str, body: object
) -> None:
    await client.log_on(" ".join(scope for scope in ALL_SCOPES.split() if scope != lacking))
    status, answer = await client.call(method, f"/v1/users/{path}", json=body)
    assert (status, answer["code"]) == (403, "403 FORBIDDEN")
    assert not any(entry.effect for entry in tenant.journal.entries)


async def test_a_token_that_was_taken_back_is_refused(tenant: RsaCas, client: Client) -> None:
    await client.log_on()
    tenant.state.oauth.revoke_all()
    assert await refused(client)


async def test_a_self_signed_token_opens_the_api_for_an_hour_and_a_minute(tenant: RsaCas, client: Client) -> None:
    client.bearer = client.self_signed()
    assert (await client.lookup("dana@acme.test"))[0] == 200
    tenant.clock.forward(3659)
    assert (await client.lookup("dana@acme.test"))[0] == 200
    tenant.clock.forward(1)
    assert await refused(client)


async def test_a_self_signed_token_may_write_its_times_as_strings(client: Client) -> None:
    now = int(client.rsa.clock.now())
    client.bearer = client.self_signed(exp=str(now + 600))
    assert (await client.lookup("dana@acme.test"))[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "somebody"},
        {"aud": "https://elsewhere.test/AdminInterface/restapi"},
        {"exp": 1_790_003_601},
        {"exp": 1_789_999_900, "iat": 1_789_999_800},
        {"iat": 1_790_000_061},
        {"iat": None},
        {"typ": "at+jwt"},
        {"algorithm": "RS384"},
    ],
)
async def test_a_self_signed_token_that_breaks_a_rule_is_refused_with_403(
    client: Client, change: dict[str, Any]
) -> None:
    client.bearer = client.self_signed(**change)
    assert await refused(client)


async def test_the_audience_is_compared_byte_for_byte(tenant: RsaCas, client: Client) -> None:
    tenant.url_ends_in_v1 = True
    assert str(tenant.settings()["url"]).endswith("/AdminInterface/restapi/v1")
    client.bearer = client.self_signed(aud=tenant.admin_url.removesuffix("/v1"))
    assert await refused(client)
    client.bearer = client.self_signed()
    assert (await client.lookup("dana@acme.test"))[0] == 200


async def test_a_token_signed_with_another_key_is_refused(client: Client) -> None:
    claims = jwt.decode(client.self_signed(), options={"verify_signature": False})
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client.bearer = jwt.encode(claims, other, algorithm="RS256", headers={"typ": "JWT"})
    assert await refused(client)


async def test_a_call_without_a_token_is_refused_with_403(client: Client) -> None:
    assert await refused(client)


async def test_a_key_whose_role_may_only_read_deletes_nobody(tenant: RsaCas, client: Client) -> None:
    tenant.state.key.scopes = frozenset({"rsa.user.read"})
    client.bearer = client.self_signed()
    assert (await client.lookup("dana@acme.test"))[0] == 200
    assert (await client.delete(DANA_ID))[1]["code"] == "403 FORBIDDEN"


async def test_both_kinds_of_token_have_settings_that_reach_the_tenant(tenant: RsaCas) -> None:
    oauth = tenant.settings()
    tenant.way = "key"
    legacy = tenant.settings()
    assert oauth.keys() == {"provider", "url", "ca_file", "issuer", "client_id", "private_key"}
    assert legacy.keys() == {"provider", "url", "ca_file", "access_id", "access_key"}


async def test_calls_that_come_too_fast_are_refused_until_a_second_has_passed(tenant: RsaCas, client: Client) -> None:
    await client.log_on()
    statuses = [(await client.lookup("dana@acme.test"))[0] for _ in range(41)]
    assert statuses == [200] * 39 + [429] * 2
    tenant.clock.forward(1)
    assert (await client.lookup("dana@acme.test"))[0] == 200
    tenant.limits = False
    assert {(await client.lookup("dana@acme.test"))[0] for _ in range(41)} == {200}
