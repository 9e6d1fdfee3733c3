"""How the hand for LivePerson finds its hosts and logs on, and what it accepts as configuration."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

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
from providers.liveperson import KIND, LivePersonProvider, Settings
from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from tests.providers.liveperson.asking import DANA, DOMAIN, LIST, TOKEN, settings_of, the_account
from tests.providers.raised import raised


async def test_a_token_that_ends_in_the_middle_is_renewed_once(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    system.state.sentinel.revoke_all()
    assert await hand.read(account) == account
    system.state.sentinel.revoke_all()
    (step,) = hand.steps(account)
    assert isinstance(await raised(hand.do(account, step, "key")), Conflict)
    assert await hand.read(account) == account
    assert (await hand.do(account, step, "key")).state is SentState.ACCEPTED
    assert system.journal.unread_writes() == []
    assert sum(TOKEN in entry.path for entry in system.journal.entries) == 3


async def test_a_second_401_is_a_rejected_key(hand: LivePersonProvider, system: LivePerson) -> None:
    system.faults.add(Fault("status", "GET", LIST, times=2, status=401, body="{}"))
    assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)
    assert sum(TOKEN in entry.path for entry in system.journal.entries) == 2


async def test_one_token_serves_one_look_until_it_nearly_ends(hand: LivePersonProvider, system: LivePerson) -> None:
    await hand.find(DANA)
    await hand.find(DANA)
    assert sum(TOKEN in entry.path for entry in system.journal.entries) == 1


@pytest.mark.parametrize("status", [400, 401])
async def test_a_wrong_secret_is_a_rejected_key_and_touches_nothing(
    system: LivePerson, door: Door, status: int
) -> None:
    system.state.sentinel.bad_client_status = status
    hand = LivePersonProvider("lp", settings_of(system, client_secret="wrong"), door)
    error = await raised(hand.find(DANA))
    assert isinstance(error, CredentialsRejected)
    assert "wrong" not in str(error)
    assert not any("le-users" in entry.path for entry in system.journal.entries)


@pytest.mark.parametrize(("status", "error"), [(429, RateLimited), (451, Forbidden), (500, Unavailable)])
async def test_a_token_server_that_says_no_is_told_apart(
    hand: LivePersonProvider, system: LivePerson, status: int, error: type[ProviderError]
) -> None:
    # Retry-After is longer than the door waits, so that no time passes here.
    system.faults.add(Fault("status", "POST", TOKEN, times=3, status=status, headers={"Retry-After": "60"}))
    assert type(await raised(hand.find(DANA))) is error


async def test_a_missing_privilege_is_not_absence(hand: LivePersonProvider, system: LivePerson) -> None:
    system.state.sentinel.app.scopes = frozenset()
    assert isinstance(await raised(hand.find(DANA)), Forbidden)
    assert isinstance(await raised(hand.check()), Forbidden)


async def test_a_wrong_account_is_a_wrong_configuration(system: LivePerson, door: Door) -> None:
    hand = LivePersonProvider("lp", settings_of(system, account="60000002"), door)
    assert isinstance(await raised(hand.find(DANA)), Misconfigured)


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("evil.test", Misconfigured),
        ("liveperson.net.evil.test", Misconfigured),
        ("https://127.0.0.1", UnexpectedAnswer),
        ("127.0.0.1/path", UnexpectedAnswer),
        ("user@127.0.0.1", UnexpectedAnswer),
        ("127.0.0.1:443@evil.test", UnexpectedAnswer),
        ("", UnexpectedAnswer),
    ],
)
async def test_no_credential_goes_to_a_host_that_is_not_allowed(
    hand: LivePersonProvider, system: LivePerson, place: str, error: type[ProviderError]
) -> None:
    body = f'{{"service": "x", "account": "50000001", "baseURI": "{place}"}}'
    system.faults.add(Fault("status", "GET", DOMAIN, times=9, status=200, body=body))
    assert type(await raised(hand.find(DANA))) is error
    assert all(DOMAIN in entry.path for entry in system.journal.entries)


def test_hosts_are_whole_names_or_whole_ends_of_names() -> None:
    settings = Settings(provider="liveperson", account="1", client_id="a", client_secret="b")
    assert settings.trusts("va.ac.liveperson.net")
    assert settings.trusts("LIVEPERSON.COM")
    assert not settings.trusts("notliveperson.net")
    assert not settings.trusts("liveperson.net.evil.test")


@pytest.mark.parametrize(
    "field",
    [
        {"username": "x"},
        {"client_secret": ""},
        {"account": "50 00"},
        {"account": "../x"},
        {"api_version": "2.0"},
        {"hosts": ["127.0.0.1:443"]},
        {"hosts": []},
        {"domain_api": "http://api.liveperson.net"},
    ],
)
def test_a_wrong_field_stops_the_start(system: LivePerson, field: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings_of(system, **field)


def test_the_same_account_and_application_are_the_same_system(system: LivePerson) -> None:
    one, again = settings_of(system), settings_of(system, label="Other name", client_secret="other")
    assert KIND.identity(one) == KIND.identity(again)
    assert KIND.identity(one) != KIND.identity(settings_of(system, account="60000002"))
    assert "secret" not in KIND.identity(one)
