"""What the vendor's own pages print, answered to the adapter and compared with the simulator.

The user is the example of *Cloud Administration User Details API*, the deletion that of *Delete User Now API*, the
claims those of *Authentication for the Cloud Administration APIs*; signatures are checked without the library that
makes them.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.model import SentState
from providers.http import Door
from providers.rsa_cas import RsaCasProvider, Settings
from providers.rsa_cas.writes import DELETE, DISABLE
from sandbox.systems.rsa_cas.keys import KeyType, legacy_key, oauth_key
from sandbox.systems.rsa_cas.people import DANA_ID
from sandbox.systems.rsa_cas.server import RsaCas
from sandbox.systems.rsa_cas.users import details
from tests.providers.leavers import leaver
from tests.providers.wire import Wire, reply

ID: Final = "f85b6e95-f41f-45b4-bc84-559fead6460c"
USER: Final[dict[str, object]] = {
    "id": ID,
    "emailAddress": "user.one@mycompany.com",
    "firstName": "User",
    "lastName": "One",
    "creationDate": "2018-08-31T19:10:30.045Z",
    "identitySource": "My Company AD",
    "userStatus": "Enabled",
    "markDeleted": False,
    "highRiskUser": False,
    "markDeletedAt": None,
    "markDeletedBy": None,
}
"""As printed in 2019, as far as the user's state goes; newer fields are missing, as on a tenant of that age."""
AT: Final = 1_764_000_000


def told(content: object) -> bytes:
    return reply(200, json.dumps(content).encode())


NO_SUCH: Final = reply(404, b'{"code": "404 NOT_FOUND", "description": "User not found"}')
"""As captured, for a look-up by a user name that is an address."""


async def test_the_printed_answers_lead_to_the_printed_requests() -> None:
    disabled = {"id": ID, "userStatus": "Disabled"}
    script = (told(USER), NO_SUCH, told([USER]), *[told([])] * 2, told([]), told(disabled), reply(200, b""))
    async with Wire(*script).up() as wire:
        settings = legacy(f"{wire.url}/AdminInterface/restapi")
        door = Door(ca_file=None, timeout=5, concurrency=1)
        hand = RsaCasProvider("rsa", settings, door, lambda: AT)
        (account,) = (await hand.find(leaver("user.one@mycompany.com"))).accounts
        assert (await hand.do(account, DISABLE, "key")).state is SentState.ACCEPTED
        assert (await hand.do(account, DELETE, "key")).state is SentState.ACCEPTED
        await door.aclose()

    assert (account.id, account.handle) == (ID, "user.one@mycompany.com")
    lookup, *_, disabling, deletion = wire.requests
    assert lookup.startswith("POST /AdminInterface/restapi/v1/users/lookup HTTP/1.1\r\n")
    assert json.loads(lookup.partition("\r\n\r\n")[2])["email"] == "user.one@mycompany.com"
    assert disabling.startswith(f"PUT /AdminInterface/restapi/v1/users/{ID}/userStatus HTTP/1.1\r\n")
    assert json.loads(disabling.partition("\r\n\r\n")[2]) == {"userStatus": "Disabled"}
    assert deletion.startswith(f"DELETE /AdminInterface/restapi/v1/users/{ID} HTTP/1.1\r\n")
    assert "\r\nContent-Type: application/json\r\n" in deletion
    head, claims = verified(deletion.partition("Bearer ")[2].partition("\r\n")[0], legacy_key())
    assert head == {"typ": "JWT", "alg": "RS256"}
    assert claims == {"sub": "an-access-id", "iat": AT, "exp": AT + 900, "aud": settings.url}


@pytest.mark.parametrize(("key_type", "algorithm"), [("EC", "ES256"), ("RSA", "RS256")])
async def test_the_assertion_is_signed_as_the_standard_says(key_type: KeyType, algorithm: str) -> None:
    token = told({"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
    script = (token, told(USER), NO_SUCH, *[told([])] * 5)
    async with Wire(*script).up() as wire:
        settings = Settings.model_validate(
            {
                "provider": "rsa_cas",
                "url": f"{wire.url}/AdminInterface/restapi",
                "issuer": f"{wire.url}/oauth",
                "client_id": "a client",
                "private_key": oauth_key(key_type),
            }
        )
        door = Door(ca_file=None, timeout=5, concurrency=1)
        await RsaCasProvider("rsa", settings, door, lambda: AT).find(leaver("user.one@mycompany.com"))
        await door.aclose()

    asked = wire.requests[0]
    assert asked.startswith("POST /oauth/token HTTP/1.1\r\n")
    (assertion,) = parse_qs(asked.partition("\r\n\r\n")[2])["client_assertion"]
    head, claims = verified(assertion, oauth_key(key_type))
    assert head["alg"] == algorithm
    assert claims["iss"] == claims["sub"] == "a client"
    assert claims["aud"] == f"{settings.issuer}/token"


def test_the_simulators_user_has_all_fields_that_are_printed_and_of_the_same_types(system: RsaCas) -> None:
    user = details(system.state.cloud.users[DANA_ID])
    assert set(USER) - set(user) == set()
    assert [name for name in USER if type(user[name]) is not type(USER[name])] == []


def legacy(url: str) -> Settings:
    entry = {"provider": "rsa_cas", "url": url, "access_id": "an-access-id", "access_key": legacy_key()}
    return Settings.model_validate(entry)


def verified(token: str, private_pem: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a compact JWS (RFC 7515); raises where the signature is not the key's."""
    head, claims, signature = token.split(".")
    key = load_pem_private_key(private_pem.encode(), password=None).public_key()
    signed, made = f"{head}.{claims}".encode(), _bytes(signature)
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(made, signed, padding.PKCS1v15(), SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        pair = utils.encode_dss_signature(int.from_bytes(made[:32]), int.from_bytes(made[32:]))
        key.verify(pair, signed, ec.ECDSA(SHA256()))
    return json.loads(_bytes(head)), json.loads(_bytes(claims))


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
