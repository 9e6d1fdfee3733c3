"""What the hand for RSA sends, in which order, and what it makes of the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import (
    AnswerLost,
    Conflict,
    CredentialsRejected,
    Forbidden,
    HandedOver,
    Misconfigured,
    ProviderError,
    RateLimited,
    Refused,
)
from bot.model import SentState
from providers.http import Door
from providers.rsa_cas import RsaCasProvider
from sandbox.systems.faults import Fault
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.users import Status
from tests.providers.leavers import leaver
from tests.providers.raised import raised
from tests.providers.rsa_cas.asking import DELETE, MARK, STATUS, again, disabled, hand_of, next_step, the_account
from tests.providers.undecided import UNDECIDED

SAID_NO = '{"code": "409 CONFLICT", "description": "A synchronisation for dana@acme.test is running."}'


async def test_a_user_is_disabled_then_deleted_and_nobody_else(hand: RsaCasProvider, system: RsaCas) -> None:
    before = system.standing()
    account = await disabled(hand)
    assert [step.name for step in hand.steps(account)] == ["delete"]
    assert (await next_step(hand, account)).state is SentState.ACCEPTED
    assert await hand.read(account) is None
    assert before - system.standing() == {"dana@acme.test in Acme AD"}
    assert [entry.method for entry in system.journal.writes()] == ["PUT", "DELETE"]
    assert system.journal.unread_writes() == []


async def test_a_disabled_user_is_not_disabled_again(hand: RsaCasProvider) -> None:
    account = await the_account(hand, leaver("lee@acme.test"))
    assert [step.name for step in hand.steps(account)] == ["delete"]


async def test_in_the_bin_a_user_has_seven_days(system: RsaCas, door: Door) -> None:
    hand = hand_of(system, door, remove="mark")
    account = await disabled(hand)
    sent = await next_step(hand, account)
    now = await again(hand, account)
    assert (sent.state, sent.at) == (SentState.SCHEDULED, now.ends_at)
    due = datetime.fromtimestamp(system.clock.now(), UTC) + timedelta(days=7)
    assert now.ends_at is not None
    assert abs(now.ends_at - due) < timedelta(minutes=1)
    assert hand.steps(now) == ()
    system.clock.forward(7 * 24 * 3600 + 1)
    assert await hand.read(account) is None


async def test_a_user_in_the_bin_is_deleted_at_once_where_that_is_wanted(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await the_account(hand, leaver("max@acme.test"))
    assert account.ends_at is None
    assert (await next_step(hand, account)).state is SentState.ACCEPTED
    assert account.id not in system.state.cloud.users


async def test_a_user_that_rsa_keeps_in_the_bin_stays_due_there(hand: RsaCasProvider, system: RsaCas) -> None:
    system.state.cloud.switches.marked_blocks_delete = True
    account = await the_account(hand, leaver("max@acme.test"))
    assert isinstance(await raised(next_step(hand, account)), Conflict)
    now = await again(hand, account)
    assert now.ends_at is not None
    assert abs(now.ends_at - datetime.fromtimestamp(system.clock.now(), UTC) - timedelta(days=5)) < timedelta(minutes=1)


async def test_a_user_whom_a_synchronisation_enabled_again_is_disabled_once_more(
    hand: RsaCasProvider, system: RsaCas
) -> None:
    account = await disabled(hand)
    system.state.cloud.users[account.id].status = Status.ENABLED
    (step,) = hand.steps(account)
    assert isinstance(await raised(hand.do(account, step, "key")), Conflict)
    now = await again(hand, account)
    assert [step.name for step in hand.steps(now)] == ["disable again", "delete"]
    assert (await next_step(hand, now)).state is SentState.ACCEPTED
    assert (await next_step(hand, now)).state is SentState.ACCEPTED
    assert await hand.read(account) is None


async def test_a_user_of_a_scim_source_is_disabled_and_handed_over(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await disabled(hand, leaver("priya@acme.test"))
    error = await raised(next_step(hand, account))
    assert isinstance(error, HandedOver)
    assert str(error) == (
        "The user is disabled in RSA but not deleted: it is managed by SCIM, so delete it in Entra ID."
    )
    assert system.state.cloud.users[account.id].status is Status.DISABLED


async def test_a_second_conflict_is_a_no_in_the_vendors_words_without_addresses(
    hand: RsaCasProvider, system: RsaCas
) -> None:
    account = await disabled(hand)
    system.faults.add(Fault("status", "DELETE", DELETE, times=2, status=409, body=SAID_NO))
    assert isinstance(await raised(next_step(hand, account)), Conflict)
    error = await raised(next_step(hand, account))
    assert isinstance(error, Refused)
    assert "A synchronisation for … is running." in str(error)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, "{}", Refused),
        (403, '{"code": "403 FORBIDDEN", "description": "Not authorized."}', Forbidden),
        (404, "{}", Misconfigured),
        (405, "{}", HandedOver),
        (409, SAID_NO, Conflict),
        (429, "{}", RateLimited),
        *UNDECIDED,
    ],
)
@pytest.mark.parametrize("step", ["disable", "delete", "mark"])
async def test_each_answer_says_what_to_do_next_and_each_step_is_sent_once(
    system: RsaCas, door: Door, step: str, status: int, body: str, error: type[ProviderError]
) -> None:
    hand = hand_of(system, door, remove="mark" if step == "mark" else "now")
    account = await (the_account(hand) if step == "disable" else disabled(hand))
    before = len(system.journal.writes())
    method, path = {"disable": ("PUT", STATUS), "delete": ("DELETE", DELETE), "mark": ("PUT", MARK)}[step]
    system.faults.add(Fault("status", method, path, status=status, body=body))
    assert type(await raised(next_step(hand, account))) is error
    assert len(system.journal.writes()) == before + 1


async def test_a_missing_right_is_named(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await disabled(hand)
    system.faults.add(Fault("status", "DELETE", DELETE, status=403, body='{"code": "403", "description": "No."}'))
    assert "rsa.user.delete" in str(await raised(next_step(hand, account)))


@pytest.mark.parametrize("step", ["disable", "delete"])
async def test_a_user_that_is_gone_already_is_no_such_account(hand: RsaCasProvider, system: RsaCas, step: str) -> None:
    account = await (the_account(hand) if step == "disable" else disabled(hand))
    first = hand.steps(account)[0]
    del system.state.cloud.users[account.id]
    assert (await hand.do(account, first, "key")).state is SentState.NO_SUCH_ACCOUNT


@pytest.mark.parametrize("path", [STATUS, DELETE])
async def test_a_lost_answer_is_lost_and_the_step_is_sent_once(hand: RsaCasProvider, system: RsaCas, path: str) -> None:
    account = await (the_account(hand) if path == STATUS else disabled(hand))
    before = len(system.journal.writes())
    system.faults.add(Fault("reset_after", "", path))
    assert isinstance(await raised(next_step(hand, account)), AnswerLost)
    assert len(system.journal.writes()) == before + 1


@pytest.mark.parametrize("body", ['{"id": "x", "userStatus": "Disabled"}', '{"userStatus": "Enabled"}', "[]"])
async def test_a_yes_that_is_not_about_this_user_is_not_believed(
    hand: RsaCasProvider, system: RsaCas, body: str
) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("status", "PUT", STATUS, status=200, body=body))
    assert isinstance(await raised(next_step(hand, account)), AnswerLost)


async def test_a_page_in_place_of_an_answer_is_not_believed(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("html", "PUT", STATUS))
    assert isinstance(await raised(next_step(hand, account)), AnswerLost)


@pytest.mark.parametrize("user_id", ["", "x", "../lookup", "7d5b1a30-6c1e-4e0b-9a58-0f4f5f5b9d11/devices"])
async def test_no_step_is_sent_with_an_id_that_is_no_uuid(hand: RsaCasProvider, system: RsaCas, user_id: str) -> None:
    account = await the_account(hand)
    calls = len(system.journal.entries)
    for step in hand.steps(account):
        error = await raised(hand.do(replace(account, id=user_id), step, "key"))
        assert isinstance(error, Misconfigured)
    assert len(system.journal.entries) == calls


async def test_a_step_that_meets_an_ended_token_is_read_anew_and_then_sent(
    hand: RsaCasProvider, system: RsaCas
) -> None:
    account = await disabled(hand)
    (step,) = hand.steps(account)
    system.state.oauth.revoke_all()
    assert isinstance(await raised(hand.do(account, step, "key")), Conflict)
    assert (await next_step(hand, account)).state is SentState.ACCEPTED
    assert system.journal.unread_writes() == []


async def test_a_token_turned_down_twice_is_a_rejected_key(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await disabled(hand)
    body = '{"status": 403, "message": "Server failed to process provided access token", "path": "/x"}'
    system.faults.add(Fault("status", "DELETE", DELETE, times=2, status=403, body=body))
    (step,) = hand.steps(account)
    assert isinstance(await raised(hand.do(account, step, "key")), Conflict)
    assert isinstance(await raised(hand.do(account, step, "key")), CredentialsRejected)
    assert account.id in system.state.cloud.users
