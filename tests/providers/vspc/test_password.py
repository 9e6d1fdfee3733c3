"""Working as a user with a password: one log-on, renewed once when it ends, and given up when it is rejected."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs

import pytest

from bot.errors import Conflict, CredentialsRejected, Forbidden, ProviderError, RateLimited, Unavailable
from bot.model import SentState, Word
from providers.http import Door
from providers.vspc import KIND, VspcProvider
from sandbox.systems.faults import Fault
from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc.seed import PASSWORD, SERVICE
from sandbox.systems.vspc.state import ACCESS_LIFE, REFRESH_LIFE, User
from tests.providers.leavers import leaver
from tests.providers.raised import raised
from tests.providers.vspc.system import carry_out, settings_of, the_account
from tests.providers.wire import Wire, reply

DANA = leaver("dana@acme.test")
TOKEN = "/api/v3/token"
AS_USER = {"api_key": None, "username": SERVICE, "password": PASSWORD}


@pytest.fixture
def hand(system: Vspc, door: Door) -> VspcProvider:
    async def sleep(seconds: float) -> None:
        system.clock.forward(seconds)

    return VspcProvider("vspc", settings_of(system, **AS_USER), door, sleep)


def grants(system: Vspc) -> list[int]:
    """Return how each request for a token was answered."""
    return [entry.status for entry in system.journal.entries if entry.path == TOKEN]


def service(system: Vspc) -> User:
    return next(user for user in system.state.users.values() if user.name == SERVICE)


async def test_one_log_on_serves_a_whole_removal(hand: VspcProvider, system: Vspc) -> None:
    assert await carry_out(hand, await the_account(hand, DANA)) == ["identity:41", "identity:42", "user"]
    assert system.of("dana@acme.test") == frozenset()
    assert grants(system) == [200]


async def test_nothing_is_revoked_at_the_end(hand: VspcProvider, system: Vspc) -> None:
    await hand.find(DANA)
    before = dict(system.state.tokens)
    await hand.aclose()
    assert system.state.tokens == before
    assert len(before) == 1


async def test_a_token_that_ends_in_the_middle_is_renewed_by_its_refresh_token(
    hand: VspcProvider, system: Vspc
) -> None:
    account = await the_account(hand, DANA)
    (old,) = system.state.tokens
    system.clock.forward(ACCESS_LIFE + 1)
    assert await hand.read(account) == account
    (new,) = system.state.tokens
    assert new != old
    assert grants(system) == [200, 200]
    system.clock.forward(ACCESS_LIFE + 1)
    assert await hand.read(account) == account
    assert grants(system) == [200, 200, 200]


async def test_where_the_refresh_token_has_ended_too_one_log_on_follows(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    system.clock.forward(REFRESH_LIFE + 1)
    assert await hand.read(account) == account
    assert grants(system) == [200, 400, 200]


async def test_a_refresh_that_gets_no_answer_is_not_repeated(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    system.clock.forward(ACCESS_LIFE + 1)
    system.faults.add(Fault("reset_after", "POST", TOKEN))
    assert await hand.read(account) == account
    assert grants(system) == [200, 0, 200]


async def test_a_write_that_meets_an_ended_token_is_read_anew_and_then_sent(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    step = hand.steps(account)[0]
    system.clock.forward(ACCESS_LIFE + 1)
    assert isinstance(await raised(hand.do(account, step, "k1")), Conflict)
    assert 41 in system.state.logins
    assert await hand.read(account) == account
    assert (await hand.do(account, step, "k2")).state is SentState.ACCEPTED
    assert 41 not in system.state.logins


async def test_a_second_401_at_a_read_is_a_rejected_log_on(hand: VspcProvider, system: Vspc) -> None:
    system.faults.add(Fault("status", "GET", "/users/me", times=9, status=401, body="{}"))
    assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)
    assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)
    assert [entry.path for entry in system.journal.entries] == [TOKEN, "/api/v3/users/me"] * 2


async def test_a_second_401_at_a_write_is_a_rejected_log_on(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    step = hand.steps(account)[0]
    system.faults.add(Fault("status", "DELETE", "/logins/", times=2, status=401, body="{}"))
    assert isinstance(await raised(hand.do(account, step, "k1")), Conflict)
    assert await hand.read(account) == account
    assert isinstance(await raised(hand.do(account, step, "k2")), CredentialsRejected)
    assert 41 in system.state.logins


async def test_a_wrong_password_is_told_and_not_tried_again(
    system: Vspc, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hand = VspcProvider("vspc", settings_of(system, **(AS_USER | {"password": "wr0ng-password"})), door)
    for _ in range(3):
        error = await raised(hand.find(DANA))
        assert isinstance(error, CredentialsRejected)
        assert str(error) == "the console does not accept our user name and password (400, invalid_grant)"
    assert grants(system) == [400]
    assert "wr0ng" not in caplog.text
    assert not (await hand.check()).ok
    await hand.aclose()


async def test_a_user_with_multi_factor_authentication_needs_an_api_key(hand: VspcProvider, system: Vspc) -> None:
    service(system).mfa_code = "123456"
    for _ in range(2):
        error = await raised(hand.find(DANA))
        assert isinstance(error, CredentialsRejected)
        assert "multi-factor" in str(error)
        assert "API key" in str(error)
    assert grants(system) == [200]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, '{"errors": [{"type": "transport", "code": 429, "retryAfter": 60}]}', RateLimited),
        (403, "{}", Forbidden),
        (520, "{}", Unavailable),
        (401, "{}", CredentialsRejected),
    ],
)
async def test_a_token_endpoint_that_says_no_is_told_apart(
    hand: VspcProvider, system: Vspc, status: int, body: str, error: type[ProviderError]
) -> None:
    system.faults.add(Fault("status", "POST", TOKEN, times=3, status=status, body=body))
    assert type(await raised(hand.find(DANA))) is error


@pytest.mark.parametrize("body", [b"{}", b"[]", b"no json", b'{"access_token": ""}', b'{"access_token": "a\\nb"}'])
async def test_an_answer_without_a_token_is_none(body: bytes) -> None:
    async with Wire(reply(200, body)).up() as wire:
        settings = KIND.settings.model_validate({"provider": "vspc", "url": wire.url, "username": "u", "password": "p"})
        door = KIND.door(settings)
        assert isinstance(await raised(KIND.build("vspc", settings, door).find(DANA)), ProviderError)
        await door.aclose()


async def test_the_password_travels_in_a_form_and_the_version_with_every_call() -> None:
    granted = reply(200, b'{"access_token": "t0ken", "refresh_token": "r", "mfa_token": null}')
    async with Wire(granted, reply(401)).up() as wire:
        fields = {"provider": "vspc", "url": wire.url, "username": "acme\\bot", "password": "p&=+ü"}
        settings = KIND.settings.model_validate(fields)
        door = KIND.door(settings)
        await raised(KIND.build("vspc", settings, door).find(DANA))
        await door.aclose()
    head, _, body = wire.requests[0].partition("\r\n\r\n")
    assert head.startswith("POST /api/v3/token ")
    assert "Content-Type: application/x-www-form-urlencoded" in head
    assert parse_qs(body) == {"grant_type": ["password"], "username": ["acme\\bot"], "password": ["p&=+ü"]}
    assert all("X-Client-Version: 3.6.1" in request for request in wire.requests)
    assert "Authorization: Bearer t0ken" in wire.requests[1]


async def test_the_user_that_we_work_as_is_not_removed(hand: VspcProvider) -> None:
    account = await the_account(hand, leaver("svc-offboard@provider.test"))
    assert account.stop is not None
    assert account.stop.stops is Word.REFUSED
    assert hand.steps(account) == ()


async def test_a_user_whose_keys_may_only_read_may_still_work_by_password(hand: VspcProvider, system: Vspc) -> None:
    for login in system.state.logins.values():
        login.read_only = True
    assert (await hand.check()).ok
