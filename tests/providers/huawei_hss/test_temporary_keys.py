"""A temporary pair of keys is signed with its security token, and nothing renews it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.errors import CredentialsRejected
from bot.model import SentState
from providers.http import Door
from providers.huawei_hss import HuaweiHssProvider, Settings
from providers.huawei_hss.credentials import KeyPair
from providers.huawei_hss.memory import Memory
from providers.huawei_hss.signer import Request
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss.state import Key
from tests.providers.huawei_hss.asking import ACCOUNTS, DANA, hand_of, take_off, the_account
from tests.providers.raised import raised

KEYS = {"access_key": "AKTEMP0123456789", "secret_key": "temporary-secret", "security_token": "t3mp/token+=="}


@pytest.fixture
def hand(system: HuaweiHss, door: Door) -> HuaweiHssProvider:
    system.state.keys[KEYS["access_key"]] = Key(KEYS["secret_key"], "svc-user", KEYS["security_token"])
    return hand_of(system, door, **KEYS)


async def test_a_removal_is_signed_with_the_security_token(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    assert (await take_off(hand, account)).state is SentState.ACCEPTED
    assert await hand.read(account) is None
    assert system.of("dana@acme.test") == frozenset()


async def test_the_adapters_own_headers_sign_as_the_official_vector_does() -> None:
    settings = Settings.model_validate(
        {
            "provider": "huawei_hss",
            "region": "eu-west-101",
            "project_id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "access_key": "AKEXAMPLE0123456789A",
            "secret_key": "sKexampleSecretKey0123456789abcdefABCDEF",
            "security_token": "hQpjbi1ub3J0aC00EXAMPLE/temp+token==",
        }
    )
    at = datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC).timestamp()
    pair = KeyPair(str(settings.access_key), settings.secret_key or SecretStr(""), settings, Memory(), lambda: at)
    body = (
        b'{"organization_id": "o-00000000000000000000000000000001", "account_id": "a1b2c3d4e5f60718293a4b5c6d7e8f90",'
        b' "project_id": "00112233445566778899aabbccddeeff"}'
    )
    json = {"Content-Type": "application/json"}
    request = Request("DELETE", settings.host, ACCOUNTS, {"enterprise_project_id": "0"}, json, body)
    headers = await pair.headers(request)
    signature = "1ae0f2aa63f46e83ecd5b332688e793a810dea300fb700febe9e4c0cd745341f"
    assert headers["Authorization"].endswith(f"Signature={signature}")
    assert headers["X-Security-Token"] == "hQpjbi1ub3J0aC00EXAMPLE/temp+token=="


async def test_a_token_that_has_ended_is_told_once_and_the_key_is_left_alone(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    account = await the_account(hand)
    system.state.keys[KEYS["access_key"]].token = "another"
    asked = len(system.journal.entries)
    said = [await raised(hand.read(account)) for _ in range(3)]
    assert {type(error) for error in said} == {CredentialsRejected}
    assert "temporary access key" in str(said[0])
    assert not any(secret in str(error) for error in said for secret in KEYS.values())
    assert len(system.journal.entries) == asked + 1


async def test_without_its_token_the_same_pair_is_worth_nothing(system: HuaweiHss, door: Door) -> None:
    system.state.keys[KEYS["access_key"]] = Key(KEYS["secret_key"], "svc-user", KEYS["security_token"])
    permanent = hand_of(system, door, access_key=KEYS["access_key"], secret_key=KEYS["secret_key"])
    assert isinstance(await raised(permanent.find(DANA)), CredentialsRejected)
