"""Sessions, rights and answers that prove nothing."""

from __future__ import annotations

import pytest

from bot.errors import (
    Conflict,
    CredentialsRejected,
    Forbidden,
    Misconfigured,
    ProviderError,
    Unavailable,
    UnexpectedAnswer,
)
from bot.model import SentState
from providers.http import Door
from providers.veeam_em import VeeamEmProvider
from sandbox.systems.faults import Fault
from sandbox.systems.veeam_em import VeeamEm
from tests.providers.leavers import leaver
from tests.providers.raised import raised
from tests.providers.veeam_em.system import settings_of, the_account


async def test_check_reads_the_list_because_a_log_on_alone_proves_nothing(
    hand: VeeamEmProvider, system: VeeamEm
) -> None:
    assert (await hand.check()).ok
    system.state.members.clear()
    health = await hand.check()
    assert (health.ok, health.sees_all) == (False, False)


async def test_a_session_that_idled_away_is_opened_again_for_a_read(hand: VeeamEmProvider, system: VeeamEm) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    for _ in range(3):
        system.clock.forward(901)
        assert await hand.read(account) == account


async def test_a_delete_on_an_ended_session_is_not_sent_again_before_a_read(
    hand: VeeamEmProvider, system: VeeamEm
) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    system.clock.forward(901)
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "k1")), Conflict)
    assert await hand.read(account) == account
    assert (await hand.do(account, hand.steps(account)[0], "k2")).state is SentState.ACCEPTED


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_second_401_is_a_matter_of_credentials(hand: VeeamEmProvider, system: VeeamEm, method: str) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    system.faults.add(Fault("status", method, "/security/", times=99, status=401))
    step = hand.steps(account)[0]
    errors = [await raised(hand.do(account, step, "k") if method == "DELETE" else hand.read(account)) for _ in "12"]
    assert type(errors[-1]) is CredentialsRejected


async def test_a_wrong_password_is_tried_once_and_never_again(system: VeeamEm, door: Door) -> None:
    hand = VeeamEmProvider("em", settings_of(system, password="wrong"), door)
    for _ in range(3):
        assert isinstance(await raised(hand.find(leaver("dana@acme.test"))), CredentialsRejected)
    assert not (await hand.check()).ok
    await hand.aclose()
    assert [entry.path for entry in system.journal.entries] == ["/api/sessionMngr/?v=latest"]


async def test_a_lesser_role_is_forbidden_and_proves_no_absence(hand: VeeamEmProvider, system: VeeamEm) -> None:
    system.state.members.clear()
    assert isinstance(await raised(hand.find(leaver("dana@acme.test"))), Forbidden)


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("html", UnexpectedAnswer),
        ("malformed", UnexpectedAnswer),
        ("wrong_type", UnexpectedAnswer),
        ("redirect", Misconfigured),
    ],
)
async def test_a_list_that_cannot_be_understood_is_never_taken_for_an_empty_one(
    hand: VeeamEmProvider, system: VeeamEm, what: str, error: type[ProviderError]
) -> None:
    where = {"Location": "https://127.0.0.1:1/"}
    system.faults.add(Fault(what, "GET", "accounts$", headers=where))  # type: ignore[arg-type]  # as above
    assert type(await raised(hand.find(leaver("dana@acme.test")))) is error


async def test_an_empty_list_is_not_believed(hand: VeeamEmProvider, system: VeeamEm) -> None:
    answer = {"Content-Type": "application/json"}
    system.faults.add(Fault("status", "GET", "accounts$", body='{"Refs": []}', headers=answer))
    assert isinstance(await raised(hand.find(leaver("dana@acme.test"))), UnexpectedAnswer)


async def test_a_server_that_is_down_is_unavailable(hand: VeeamEmProvider, system: VeeamEm) -> None:
    system.faults.add(Fault("refuse", times=9))
    assert isinstance(await raised(hand.find(leaver("dana@acme.test"))), Unavailable)


async def test_the_session_is_logged_out_by_its_id_and_a_failing_log_out_is_no_error(
    system: VeeamEm, door: Door
) -> None:
    for fault in (
        None,
        Fault("reset_before", "DELETE", "logonSessions"),
        Fault("status", "DELETE", "logon", status=500),
    ):
        hand = VeeamEmProvider("em", settings_of(system), door)
        await hand.check()
        assert len(system.state.sessions) == 1
        if fault:
            system.faults.add(fault)
        await hand.aclose()
        assert len(system.state.sessions) == (1 if fault else 0)
        system.state.sessions.clear()
