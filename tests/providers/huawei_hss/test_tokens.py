"""Working as an IAM user: one token for the whole process, renewed early, and once where it is turned down."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from bot.errors import (
    Conflict,
    CredentialsRejected,
    Forbidden,
    Misconfigured,
    ProviderError,
    RateLimited,
    Unavailable,
    UnexpectedAnswer,
)
from bot.model import SentState
from providers.http import Door
from providers.huawei_hss import KIND, HuaweiHssProvider, Settings
from providers.huawei_hss.credentials import TokenOfIam
from providers.huawei_hss.signer import Request
from providers.huawei_hss.tokens import REJECTED_FOR, SPARE
from sandbox.systems.faults import Fault
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss.seed import DOMAIN_NAME, PASSWORD, PROJECT, SERVICE
from sandbox.systems.huawei_hss.state import TOKEN_LIFE
from tests.providers.huawei_hss.asking import ACCOUNTS, DANA, hand_of, settings_of, take_off, the_account
from tests.providers.raised import raised
from tests.providers.wire import Wire, reply

TOKENS = "/v3/auth/tokens"
NO_KEYS = {"access_key": None, "secret_key": None}
AS_USER = {**NO_KEYS, "iam_user": SERVICE, "iam_password": PASSWORD, "iam_domain": DOMAIN_NAME}


@pytest.fixture
async def hand(system: HuaweiHss, door: Door) -> HuaweiHssProvider:
    return hand_of(system, door, **AS_USER)


def grants(system: HuaweiHss) -> list[int]:
    """Return how each request for a token was answered."""
    return [entry.status for entry in system.journal.entries if TOKENS in entry.path]


def sent(system: HuaweiHss, method: str) -> list[int]:
    """Return how each call of this method to the list was answered."""
    return [entry.status for entry in system.journal.entries if ACCOUNTS in entry.path and entry.method == method]


async def test_one_token_serves_a_whole_removal(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    assert (await take_off(hand, account)).state is SentState.ACCEPTED
    assert await hand.read(account) is None
    assert system.of("dana@acme.test") == frozenset()
    assert grants(system) == [201]


async def test_one_token_serves_all_entries_and_looks_of_the_process(system: HuaweiHss, door: Door) -> None:
    settings = settings_of(system, **AS_USER, enterprise_project_id="0")
    other = KIND.door(settings)
    await asyncio.gather(
        hand_of(system, door, **AS_USER).find(DANA),
        hand_of(system, door, **AS_USER).check(),
        KIND.build("other", settings, other).check(),
    )
    await other.aclose()
    assert grants(system) == [201]


async def test_another_user_or_password_has_a_token_of_its_own(
    hand: HuaweiHssProvider, system: HuaweiHss, door: Door
) -> None:
    await hand.find(DANA)
    reader = hand_of(system, door, **(AS_USER | {"iam_user": "svc-reader"}))
    assert not (await reader.check()).ok
    wrong = hand_of(system, door, **(AS_USER | {"iam_password": "wr0ng"}))
    assert isinstance(await raised(wrong.check()), CredentialsRejected)
    assert grants(system) == [201, 201, 401]


async def test_a_token_is_renewed_half_an_hour_before_it_ends(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    system.clock.forward(TOKEN_LIFE - SPARE - 60)
    await hand.read(account)
    assert grants(system) == [201]
    system.clock.forward(61)
    await hand.read(account)
    assert grants(system) == [201, 201]
    assert sent(system, "GET") == [200, 200, 200]


async def test_a_token_that_is_turned_down_is_renewed_once(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    system.state.tokens.clear()
    assert await hand.read(account) == account
    assert sent(system, "GET") == [200, 401, 200]
    assert grants(system) == [201, 201]


async def test_who_is_turned_down_late_uses_what_another_look_has_renewed_meanwhile(
    system: HuaweiHss, door: Door
) -> None:
    settings = settings_of(system, **AS_USER)
    early, late = (TokenOfIam(settings, door, system.clock.now) for _ in range(2))
    request = Request("GET", settings.host, ACCOUNTS, {}, {})
    assert await early.headers(request) == await late.headers(request)
    assert early.renews()
    renewed = await early.headers(request)
    assert late.renews()
    assert await late.headers(request) == renewed
    assert grants(system) == [201, 201]


async def test_a_write_that_meets_an_ended_token_is_read_anew_and_then_sent(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    account = await the_account(hand)
    assert await hand.read(account)
    system.state.tokens.clear()
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "key")), Conflict)
    assert system.of("dana@acme.test")
    assert (await take_off(hand, account)).state is SentState.ACCEPTED
    assert sent(system, "DELETE") == [401, 200]


async def test_a_second_401_at_a_write_is_a_rejected_user(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("status", "DELETE", ACCOUNTS, times=2, status=401, body="{}"))
    assert isinstance(await raised(take_off(hand, account)), Conflict)
    assert isinstance(await raised(take_off(hand, account)), CredentialsRejected)
    assert sent(system, "DELETE") == [401, 401]


async def test_a_second_401_at_a_read_is_a_rejected_user_and_is_let_be_for_five_minutes(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    system.faults.add(Fault("status", "GET", ACCOUNTS, times=2, status=401, body="{}"))
    assert "then denies it" in str(await raised(hand.find(DANA)))
    assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)
    assert (sent(system, "GET"), grants(system)) == ([401, 401], [201, 201])
    system.clock.forward(REJECTED_FOR + 1)
    assert (await hand.find(DANA)).accounts


async def test_a_wrong_password_is_told_and_asked_once_however_many_look(
    system: HuaweiHss, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hands = [hand_of(system, door, **(AS_USER | {"iam_password": "wr0ng-password"})) for _ in range(5)]
    said = await asyncio.gather(*(hand.check() for hand in hands), return_exceptions=True)
    assert {type(error) for error in said} == {CredentialsRejected}
    assert not any("wr0ng" in str(error) for error in said)
    assert "wr0ng" not in caplog.text
    assert grants(system) == [401]


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Misconfigured), (403, Forbidden), (404, Misconfigured), (429, RateLimited), (500, Unavailable)],
)
async def test_an_iam_that_says_no_is_told_apart(
    hand: HuaweiHssProvider, system: HuaweiHss, status: int, error: type[ProviderError]
) -> None:
    system.faults.add(Fault("status", "POST", TOKENS, times=3, status=status, headers={"Retry-After": "60"}))
    assert type(await raised(hand.find(DANA))) is error
    assert sent(system, "GET") == []


TOKEN = json.dumps({"token": {"issued_at": "2026-11-22T10:11:12.000000Z", "expires_at": "2026-11-23T10:11:12.000000Z"}})


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, TOKEN),
        ({"X_Subject_Token": "x" * 32_769}, TOKEN),
        ({"X_Subject_Token": "t"}, "{}"),
        ({"X_Subject_Token": "t"}, '{"token": {"expires_at": "soon", "issued_at": "now"}}'),
        ({"X_Subject_Token": "t"}, '{"token": {"expires_at": "2026-11-23T10:11:12Z", "issued_at": "2026-11-22"}}'),
    ],
)
async def test_an_answer_without_a_token_or_its_end_is_none(headers: dict[str, str], body: str) -> None:
    async with Wire(reply(201, body.encode(), **headers)).up() as wire:
        assert isinstance(await raised(look_over(wire)), UnexpectedAnswer)
    assert len(wire.requests) == 1


async def test_the_longest_token_travels_both_ways_and_the_scope_is_the_project() -> None:
    longest = "t" * 32_768
    rows = b'{"total_num": 0, "data_list": []}'
    async with Wire(reply(201, TOKEN.encode(), X_Subject_Token=longest), reply(200, rows)).up() as wire:
        await look_over(wire)
    asked, listed = wire.requests[:2]
    content = json.loads(asked.partition("\r\n\r\n")[2])
    assert asked.startswith("POST /v3/auth/tokens?nocatalog=true ")
    assert content["auth"]["scope"] == {"project": {"id": PROJECT}}
    assert content["auth"]["identity"]["password"]["user"]["domain"] == {"name": "acme"}
    assert f"X-Auth-Token: {longest}" in listed
    assert "Authorization" not in listed


async def look_over(wire: Wire) -> None:
    """Read a list of accounts from a server made of a script."""
    fields = {"provider": "huawei_hss", "region": "eu-west-101", "project_id": PROJECT, "calls_per_minute": 600}
    user = {"iam_user": "bot", "iam_password": "p", "iam_domain": "acme", "enterprise_project_id": "0"}
    places = {"endpoint": wire.url, "iam_endpoint": wire.url, "accounts": {"dana@acme.test": "a1"}}
    settings = Settings.model_validate({**fields, **user, **places})
    door = KIND.door(settings)
    try:
        await KIND.build("huawei", settings, door).find(DANA)
    finally:
        await door.aclose()


@pytest.mark.parametrize(
    ("region", "server"),
    [
        ("eu-west-101", "https://iam.eu-west-101.myhuaweicloud.eu"),
        ("ap-southeast-3", "https://iam.ap-southeast-3.myhuaweicloud.com"),
    ],
)
def test_the_regions_iam_is_asked_where_no_other_is_named(system: HuaweiHss, region: str, server: str) -> None:
    assert settings_of(system, **AS_USER, region=region, iam_endpoint=None).iam_server == server
    assert settings_of(system, **AS_USER).iam_server == system.url
