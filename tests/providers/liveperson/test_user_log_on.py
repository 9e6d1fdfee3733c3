"""The log-on of a user with a password: once, anew once where it ends, and always logged out of."""

from __future__ import annotations

import json
import logging

import pytest

from bot.errors import (
    Conflict,
    CredentialsRejected,
    Forbidden,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
    UnexpectedAnswer,
)
from bot.model import SentState, Word
from providers.http import Door
from providers.liveperson import LivePersonProvider
from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.login import IDLE_SECONDS
from tests.providers.leavers import leaver
from tests.providers.liveperson.asking import DANA, DOMAIN, LIST, ONE, delete, settings_of, the_account
from tests.providers.raised import raised

LOG_ON = r"/login\?v=1\.3$"
LOG_OUT = "/logout$"
SERVICE = leaver("svc-offboard@acme.test")


@pytest.fixture
def hand(system: LivePerson, door: Door) -> LivePersonProvider:
    system.way = "login"
    return LivePersonProvider("liveperson", settings_of(system), door)


def calls(system: LivePerson) -> list[tuple[str, int]]:
    """Return log-ons and log-outs with their answers, in order."""
    words = {"login?v=1.3": "on", "logout": "out"}
    found = ((entry.path.rpartition("/")[2], entry.status) for entry in system.journal.entries)
    return [(words[name], status) for name, status in found if name in words]


async def test_one_log_on_and_one_log_out_frame_a_removal(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    assert await delete(hand, account) is SentState.ACCEPTED
    assert await hand.read(account) is None
    assert len(system.state.login.sessions) == 1
    await hand.aclose()
    assert system.state.login.sessions == []
    assert calls(system) == [("on", 200), ("out", 200)]


async def test_who_never_asked_anything_is_not_logged_on(hand: LivePersonProvider, system: LivePerson) -> None:
    await hand.aclose()
    assert system.journal.entries == []


async def test_a_look_that_goes_wrong_is_logged_out_of_too(hand: LivePersonProvider, system: LivePerson) -> None:
    system.faults.add(Fault("html", "GET", LIST))
    await raised(hand.find(DANA))
    await hand.aclose()
    assert system.state.login.sessions == []


async def test_logging_out_twice_is_logging_out_once(hand: LivePersonProvider, system: LivePerson) -> None:
    await hand.find(DANA)
    await hand.aclose()
    await hand.aclose()
    assert calls(system) == [("on", 200), ("out", 200)]


async def test_a_session_that_ends_in_the_middle_is_opened_anew_once(
    hand: LivePersonProvider, system: LivePerson, caplog: pytest.LogCaptureFixture
) -> None:
    account = await the_account(hand)
    system.clock.forward(IDLE_SECONDS + 1)
    assert await hand.read(account) == account
    system.clock.forward(IDLE_SECONDS + 1)
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "key")), Conflict)
    assert await hand.read(account) == account
    assert (await hand.do(account, hand.steps(account)[0], "key")).state is SentState.ACCEPTED
    await hand.aclose()
    assert [name for name, _ in calls(system)] == ["on", "on", "on", "out", "out", "out"]
    assert caplog.text == ""


async def test_a_second_401_is_a_rejected_log_on_and_every_session_is_closed(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    system.faults.add(Fault("status", "GET", LIST, times=9, status=401, body="{}"))
    for _ in range(2):
        assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)
    assert calls(system) == [("on", 200), ("on", 200)]
    await hand.aclose()
    assert system.state.login.sessions == []


async def test_a_wrong_password_is_told_and_not_tried_again(
    hand: LivePersonProvider, system: LivePerson, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hand = LivePersonProvider("lp", settings_of(system, password="wr0ng-password"), door)
    for _ in range(2):
        error = await raised(hand.find(DANA))
        assert isinstance(error, CredentialsRejected)
        assert str(error) == "LivePerson does not accept the user name and password (401)"
    await hand.aclose()
    assert calls(system) == [("on", 401)]
    assert not any("le-users" in entry.path for entry in system.journal.entries)
    assert "wr0ng" not in caplog.text


async def test_a_blocked_user_is_said_plainly(hand: LivePersonProvider, system: LivePerson) -> None:
    system.state.login.log_on.blocked = True
    error = await raised(hand.find(DANA))
    assert isinstance(error, Forbidden)
    assert "blocked" in str(error)


@pytest.mark.parametrize(("header", "seconds"), [({}, 5.0), ({"Retry-After": "2"}, 5.0), ({"Retry-After": "40"}, 40.0)])
async def test_too_many_log_ons_wait_at_least_five_seconds(
    hand: LivePersonProvider, system: LivePerson, header: dict[str, str], seconds: float
) -> None:
    system.faults.add(Fault("status", "POST", LOG_ON, status=429, headers=header))
    error = await raised(hand.find(DANA))
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds
    assert len(calls(system)) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("status", "POST", LOG_ON, status=500), Unavailable),
        (Fault("status", "POST", LOG_ON, status=400, body="{}"), CredentialsRejected),
        (Fault("reset_after", "POST", LOG_ON), Unavailable),
        (Fault("status", "POST", LOG_ON, status=200, body="{}"), UnexpectedAnswer),
        (Fault("status", "POST", LOG_ON, status=200, body='{"bearer": "a\\nb"}'), UnexpectedAnswer),
        (Fault("html", "POST", LOG_ON, status=200), Unavailable),
    ],
)
async def test_a_log_on_that_does_not_work_is_told_apart_and_sent_once(
    hand: LivePersonProvider, system: LivePerson, fault: Fault, error: type[ProviderError]
) -> None:
    system.faults.add(fault)
    assert type(await raised(hand.find(DANA))) is error
    assert len(calls(system)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", "POST", LOG_OUT, status=401, body="{}"),
        Fault("status", "POST", LOG_OUT, status=500),
        Fault("reset_before", "POST", LOG_OUT),
        Fault("html", "POST", LOG_OUT, status=503),
    ],
)
async def test_a_log_out_that_does_not_work_is_one_line_in_the_log(
    hand: LivePersonProvider, system: LivePerson, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    await hand.find(DANA)
    (session,) = system.state.login.sessions
    system.faults.add(fault)
    await hand.aclose()
    (line,) = caplog.records
    assert line.levelno == logging.WARNING
    assert "logging out" in line.getMessage()
    assert not any(secret in caplog.text for secret in (session.bearer, session.csrf, session.cookie, "lp-password"))


async def test_the_user_that_we_log_on_as_is_refused_and_never_sent(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    account = await the_account(hand, SERVICE)
    assert account.stop is not None
    assert account.stop.stops is Word.REFUSED
    again = await hand.read(account)
    assert again is not None
    assert again.stop is not None
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "key")), Refused)
    assert not any(entry.method == "DELETE" for entry in system.journal.entries)


async def test_the_user_is_known_by_its_id_where_its_log_in_reads_otherwise(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    system.state.users.edit(system.state.login.log_on.user_id, system.clock.now(), loginName="dana.two@acme.test")
    account = await the_account(hand, leaver("dana.two@acme.test"))
    assert account.stop is not None
    assert account.stop.stops is Word.REFUSED


async def test_the_user_is_known_by_its_name_where_the_log_on_tells_no_id(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    service = system.state.login
    session = service.open("svc-offboard@acme.test", "lp-password", system.clock.now())
    assert session is not None
    body = json.dumps({"bearer": session.bearer, "csrf": session.csrf})
    system.faults.add(Fault("status", "POST", LOG_ON, status=200, body=body))
    accounts = (await hand.find(SERVICE)).accounts
    assert [account.stop is not None for account in accounts] == [True]


async def test_no_password_goes_to_a_host_that_is_not_allowed(hand: LivePersonProvider, system: LivePerson) -> None:
    body = '{"service": "agentVep", "account": "50000001", "baseURI": "evil.test"}'
    system.faults.add(Fault("status", "GET", f"agentVep{DOMAIN}", times=9, status=200, body=body))
    assert isinstance(await raised(hand.find(DANA)), ProviderError)
    await hand.aclose()
    assert calls(system) == []


async def test_a_user_without_the_privilege_is_forbidden_and_logged_out(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    system.state.login.log_on.may_see_users = False
    assert isinstance(await raised(hand.find(DANA)), Forbidden)
    await hand.aclose()
    assert system.state.login.sessions == []


async def test_a_deletion_that_meets_an_ended_session_is_sent_under_a_new_one_after_a_read(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    account = await the_account(hand)
    assert await hand.read(account)
    system.faults.add(Fault("status", "DELETE", ONE, status=401, body="{}"))
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "key")), Conflict)
    assert await hand.read(account)
    assert (await hand.do(account, hand.steps(account)[0], "key")).state is SentState.ACCEPTED
    assert await hand.read(account) is None
