"""Both ways into RSA's Administration API, and what is accepted as configuration."""

from __future__ import annotations

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pydantic import ValidationError

from bot.errors import CredentialsRejected, Forbidden, ProviderError, RateLimited, Unavailable
from bot.model import SentState
from providers.http import Door
from providers.rsa_cas import KIND, RsaCasProvider
from providers.rsa_cas.keys import signing_key
from sandbox.systems.faults import Fault
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.server import Way
from sandbox.systems.rsa_cas.tokens import ALL_SCOPES, DELETE
from tests.providers.raised import raised
from tests.providers.rsa_cas.asking import DANA, LOOKUP, TOKEN, disabled, hand_of, next_step, settings_of, the_account

PKCS8 = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
EC_KEY = ec.generate_private_key(ec.SECP256R1())
EC_PEM = EC_KEY.private_bytes(*PKCS8).decode()
RSA_PEM = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(*PKCS8).decode()


@pytest.mark.parametrize("way", ["oauth", "key"])
async def test_either_way_in_removes_a_user(system: RsaCas, door: Door, way: Way) -> None:
    system.way = way
    hand = hand_of(system, door)
    account = await disabled(hand)
    assert (await next_step(hand, account)).state is SentState.ACCEPTED
    assert await hand.read(account) is None
    assert (await hand.check()).ok


@pytest.mark.parametrize("key_type", ["RSA", "EC"])
async def test_a_key_in_pkcs8_is_loaded_to_choose_its_algorithm(system: RsaCas, door: Door, key_type: str) -> None:
    system.state.oauth.key_type = "RSA" if key_type == "RSA" else "EC"
    assert (await the_account(hand_of(system, door))).handle == "dana@acme.test"


async def test_the_legacy_token_names_the_url_as_written_and_calls_go_without_v1(system: RsaCas, door: Door) -> None:
    system.way, system.url_ends_in_v1 = "key", True
    assert system.admin_url.endswith("/v1")
    assert (await the_account(hand_of(system, door))).handle == "dana@acme.test"
    other = hand_of(system, door, url=system.admin_url + "/")
    assert isinstance(await raised(other.find(DANA)), CredentialsRejected)


async def test_one_token_serves_until_it_nearly_ends(hand: RsaCasProvider, system: RsaCas) -> None:
    await hand.find(DANA)
    await hand.find(DANA)
    assert sum(entry.kind == "auth" for entry in system.journal.entries) == 1
    system.clock.forward(3600 - 30)
    await hand.find(DANA)
    assert sum(entry.kind == "auth" for entry in system.journal.entries) == 2


@pytest.mark.parametrize("way", ["oauth", "key"])
async def test_hours_later_a_new_token_is_made(system: RsaCas, door: Door, way: Way) -> None:
    system.way = way
    hand = hand_of(system, door)
    account = await the_account(hand)
    system.clock.forward(5 * 3600)
    assert await hand.read(account) == account


@pytest.mark.parametrize("status", [400, 401])
async def test_another_clients_key_is_a_rejected_key(system: RsaCas, door: Door, status: int) -> None:
    system.state.oauth.bad_client_status = status
    hand = hand_of(system, door, private_key=EC_PEM)
    error = await raised(hand.find(DANA))
    assert isinstance(error, CredentialsRejected)
    assert "PRIVATE KEY" not in str(error)
    assert {entry.kind for entry in system.journal.entries} == {"auth"}


async def test_another_legacy_key_is_a_rejected_key_after_one_more_try(system: RsaCas, door: Door) -> None:
    system.way = "key"
    hand = hand_of(system, door, access_key=RSA_PEM)
    assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)
    assert len(system.journal.entries) == 2


async def test_a_lacking_scope_is_named(system: RsaCas, door: Door) -> None:
    system.state.oauth.scopes = ALL_SCOPES - {DELETE}
    error = await raised(hand_of(system, door).check())
    assert isinstance(error, Forbidden)
    assert DELETE in str(error)
    assert (await hand_of(system, door, remove="mark").check()).ok


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("status", "POST", TOKEN, status=429), RateLimited),
        (Fault("status", "POST", TOKEN, status=500), Unavailable),
        (Fault("reset_after", "POST", TOKEN), Unavailable),
    ],
    ids=["too many", "broken", "cut"],
)
async def test_a_token_endpoint_in_trouble_means_that_nothing_was_sent(
    hand: RsaCasProvider, system: RsaCas, fault: Fault, error: type[ProviderError]
) -> None:
    system.faults.add(fault)
    assert type(await raised(hand.find(DANA))) is error


async def test_an_assertion_is_never_sent_twice(hand: RsaCasProvider, system: RsaCas) -> None:
    system.faults.add(Fault("reset_after", "POST", TOKEN))
    await raised(hand.find(DANA))
    assert sum(entry.kind == "auth" for entry in system.journal.entries) == 1
    assert (await the_account(hand)).handle == "dana@acme.test"


async def test_a_401_is_a_bad_token_as_well(hand: RsaCasProvider, system: RsaCas) -> None:
    system.faults.add(Fault("status", "POST", LOOKUP, status=401, body="{}"))
    assert (await the_account(hand)).handle == "dana@acme.test"


def test_a_jwk_keeps_its_name() -> None:
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY)) | {"kid": "key-7"}
    key = signing_key(json.dumps(jwk))
    token = key.sign({"sub": "a"})
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "typ": "JWT", "kid": "key-7"}
    assert "EC" not in repr(key)


def test_a_key_in_one_line_is_the_key() -> None:
    assert signing_key(RSA_PEM.replace("\n", "\\n")).algorithm == "RS256"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a key",
        '{"kty": "EC"}',
        EC_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        EC_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode(),
        ec.generate_private_key(ec.SECP384R1()).private_bytes(*PKCS8).decode(),
        ed25519.Ed25519PrivateKey.generate().private_bytes(*PKCS8).decode(),
        rsa.generate_private_key(public_exponent=65537, key_size=1024).private_bytes(*PKCS8).decode(),  # noqa: S505  # too short on purpose
    ],
    ids=["empty", "no PEM", "half a JWK", "public", "passphrase", "P-384", "Ed25519", "RSA 1024"],
)
def test_a_key_that_cannot_sign_here_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match="private key") as caught:
        signing_key(text)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"access_id": "a", "access_key": RSA_PEM},
        {"private_key": None},
        {"client_id": ""},
        {"private_key": "nonsense"},
        {"issuer": "http://rsa.test/oauth"},
        {"url": "ftp://rsa.test"},
        {"url": "https://me@rsa.test/AdminInterface/restapi"},
        {"remove": "later"},
        {"password": "x"},
    ],
)
def test_a_wrong_field_stops_the_start(system: RsaCas, fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        settings_of(system, **fields)
    assert "PRIVATE KEY" not in str(caught.value)


def test_a_legacy_key_that_is_not_rsa_stops_the_start(system: RsaCas) -> None:
    system.way = "key"
    with pytest.raises(ValidationError, match="RS256 only"):
        settings_of(system, access_key=EC_PEM)


def test_with_or_without_v1_it_is_the_same_system(system: RsaCas) -> None:
    one = settings_of(system)
    assert KIND.identity(one) == KIND.identity(settings_of(system, url=one.url + "/v1/", label="Other"))
    assert KIND.identity(one) != KIND.identity(settings_of(system, client_id="other"))
