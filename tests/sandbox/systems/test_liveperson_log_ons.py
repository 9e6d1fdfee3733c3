"""LivePerson's other two ways in: signed requests (OAuth 1.0a) and the Login Service."""

import hmac
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import aiohttp
import pytest

from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.oauth1 import base_string
from sandbox.systems.liveperson.people import DANA_ID
from sandbox.systems.tls import Tls
from tests.sandbox.systems.liveperson_client import ACCOUNT, USERS, Client
from tests.sandbox.systems.still import StillClock

LIST = f"{USERS}?v=4.0&select=%24all"


@pytest.fixture
async def liveperson(tls: Tls) -> AsyncIterator[LivePerson]:
    simulator = LivePerson(clock=StillClock())
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
def client(liveperson: LivePerson, http: aiohttp.ClientSession) -> Client:
    return Client(http, liveperson)


def percent(text: str) -> str:
    return quote(text, safe="-._~")


def signed(liveperson: LivePerson, method: str, path: str, **change: str) -> dict[str, str]:
    """Return the header of a signed request, computed from RFC 5849; `change` is applied before signing."""
    key = liveperson.state.signatures.key
    oauth = {
        "oauth_consumer_key": key.consumer_key,
        "oauth_token": key.access_token,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(liveperson.clock.now())),
        "oauth_nonce": secrets.token_hex(8),
        "oauth_version": "1.0",
    } | change
    address = urlsplit(liveperson.url + path)
    pairs = sorted((percent(n), percent(v)) for n, v in [*parse_qsl(address.query), *oauth.items()])
    text = percent("&".join(f"{name}={value}" for name, value in pairs))
    base = f"{method}&{percent(f'{address.scheme}://{address.netloc}{address.path}')}&{text}"
    secret = f"{percent(key.consumer_secret)}&{percent(key.access_token_secret)}"
    oauth["oauth_signature"] = b64encode(hmac.new(secret.encode(), base.encode(), sha1).digest()).decode()
    parts = ", ".join(f'{percent(name)}="{percent(value)}"' for name, value in oauth.items())
    return {"Authorization": f"OAuth {parts}"}


# --- OAuth 1.0a ---------------------------------------------------------------------------------------------------


def test_the_base_string_of_the_rfc_is_rebuilt() -> None:
    pairs = [("b5", "=%3D"), ("a3", "a"), ("c@", ""), ("a2", "r b"), ("c2", ""), ("a3", "2 q")]
    expected = (
        "POST&http%3A%2F%2Fexample.com%2Frequest"
        "&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D"
    )
    assert base_string("post", "http://example.com/request", pairs) == expected


async def test_a_signed_request_is_admitted(liveperson: LivePerson, client: Client) -> None:
    client.headers = signed(liveperson, "GET", LIST)
    status, body, _ = await client.call("GET", LIST)
    assert status == 200
    assert any(one["id"] == DANA_ID for one in body)


async def test_a_signed_request_is_good_once(liveperson: LivePerson, client: Client) -> None:
    client.headers = signed(liveperson, "GET", LIST)
    assert (await client.call("GET", LIST))[0] == 200
    assert (await client.call("GET", LIST))[0] == 401


@pytest.mark.parametrize("path", [f"{USERS}?v=5.0&select=%24all", f"{USERS}?v=4.0", f"{USERS}/{DANA_ID}?v=4.0"])
async def test_a_signature_holds_for_its_path_and_query_alone(
    liveperson: LivePerson, client: Client, path: str
) -> None:
    client.headers = signed(liveperson, "GET", LIST)
    assert (await client.call("GET", path))[0] == 401


async def test_a_signature_for_reading_does_not_delete(liveperson: LivePerson, client: Client) -> None:
    path = f"{USERS}/{DANA_ID}?v=4.0"
    client.headers = signed(liveperson, "GET", path)
    assert (await client.call("DELETE", path))[0] == 401
    client.headers = signed(liveperson, "DELETE", path)
    assert (await client.call("DELETE", path))[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"oauth_consumer_key": "other"},
        {"oauth_token": "other"},
        {"oauth_signature_method": "PLAINTEXT"},
        {"oauth_timestamp": "1789999699"},
        {"oauth_timestamp": "now"},
    ],
)
async def test_a_signature_with_wrong_parameters_is_refused(
    liveperson: LivePerson, client: Client, change: dict[str, str]
) -> None:
    client.headers = signed(liveperson, "GET", LIST, **change)
    assert (await client.call("GET", LIST))[0] == 401


async def test_a_key_without_the_privilege_users_is_forbidden(liveperson: LivePerson, client: Client) -> None:
    liveperson.state.signatures.key.may_see_users = False
    client.headers = signed(liveperson, "GET", LIST)
    assert (await client.call("GET", LIST))[0] == 403


# --- Login Service ------------------------------------------------------------------------------------------------


async def log_in(client: Client, query: str = "?v=1.3", **change: str) -> tuple[int, Any, str]:
    user = client.liveperson.state.login.log_on
    body = {"username": user.username, "password": user.password} | change
    return await client.bare(f"/api/account/{ACCOUNT}/login{query}", "POST", json=body)


async def session_call(client: Client, verb: str, csrf: str) -> tuple[int, Any, str]:
    cookie = {"Cookie": f"Session_id={client.liveperson.state.login.sessions[0].cookie}"}
    return await client.call("POST", f"/api/account/{ACCOUNT}/{verb}", headers=cookie, json={"csrf": csrf})


async def test_a_log_in_gives_a_bearer_that_opens_the_users_api(liveperson: LivePerson, client: Client) -> None:
    status, body, _ = await log_in(client)
    assert (status, body["sessionTTl"]) == (200, "28800000")
    assert body["config"]["userId"] == str(liveperson.state.login.log_on.user_id)
    client.headers = {"Authorization": f"Bearer {body['bearer']}"}
    assert (await client.call("GET", LIST))[0] == 200


async def test_a_log_in_sets_the_session_cookie(liveperson: LivePerson, http: aiohttp.ClientSession) -> None:
    user = liveperson.state.login.log_on
    body = {"username": user.username, "password": user.password}
    async with http.post(f"{liveperson.url}/api/account/{ACCOUNT}/login?v=1.3", json=body) as response:
        assert response.cookies["Session_id"].value == liveperson.state.login.sessions[0].cookie


async def test_a_wrong_password_is_answered_in_the_envelope(client: Client) -> None:
    status, body, _ = await log_in(client, password="guess")
    assert status == 401
    assert body["error"].keys() == {"time", "message", "internalCode", "responseStatus"}


async def test_a_log_in_without_its_version_or_from_a_blocked_user_is_refused(client: Client) -> None:
    assert (await log_in(client, query=""))[0] == 400
    client.liveperson.state.login.log_on.blocked = True
    assert (await log_in(client))[0] == 451


async def test_a_session_ends_when_nobody_refreshes_it(liveperson: LivePerson, client: Client) -> None:
    body = (await log_in(client))[1]
    client.headers = {"Authorization": f"Bearer {body['bearer']}"}
    liveperson.clock.forward(590)
    assert (await session_call(client, "refresh", body["csrf"]))[0] == 200
    liveperson.clock.forward(590)
    assert (await client.call("GET", LIST))[0] == 200
    liveperson.clock.forward(10)
    assert (await client.call("GET", LIST))[0] == 401


async def test_a_log_out_needs_the_sessions_own_csrf_and_ends_it(client: Client) -> None:
    body = (await log_in(client))[1]
    client.headers = {"Authorization": f"Bearer {body['bearer']}"}
    assert (await session_call(client, "logout", "another"))[0] == 401
    assert (await client.call("GET", LIST))[0] == 200
    assert (await session_call(client, "logout", body["csrf"]))[0] == 200
    assert (await client.call("GET", LIST))[0] == 401


async def test_settings_describe_each_way_in(liveperson: LivePerson) -> None:
    common = {"provider", "account", "domain_api", "hosts", "ca_file"}
    assert liveperson.settings().keys() == common | {"client_id", "client_secret"}
    liveperson.way = "login"
    assert liveperson.settings().keys() == common | {"username", "password"}
    liveperson.way = "oauth1"
    keys = {"consumer_key", "consumer_secret", "access_token", "access_token_secret"}
    assert liveperson.settings().keys() == common | keys
