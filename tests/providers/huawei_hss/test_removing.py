"""What the hand for Huawei Cloud sends, how often, and what it makes of the answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from pydantic import ValidationError

from bot.errors import (
    AnswerLost,
    Conflict,
    CredentialsRejected,
    Forbidden,
    Misconfigured,
    ProviderError,
    RateLimited,
    Refused,
)
from bot.model import SentState, Step
from providers.http import Door
from providers.huawei_hss import KIND, HuaweiHssProvider
from providers.settings import revealed
from sandbox.systems.faults import Fault
from sandbox.systems.huawei_hss import HuaweiHss
from tests.providers.huawei_hss.asking import (
    ACCOUNTS,
    DANA,
    DANA_ID,
    hand_of,
    lists,
    row_of,
    settings_of,
    take_off,
    the_account,
)
from tests.providers.leavers import leaver
from tests.providers.raised import raised


def said(code: str) -> str:
    return f'{{"error_code": "{code}", "error_msg": "Said about dana@acme.test."}}'


@pytest.mark.parametrize("status", [200, 204])
async def test_exactly_one_row_goes_and_no_login(hand: HuaweiHssProvider, system: HuaweiHss, status: int) -> None:
    system.state.switches.delete_status = status
    before = system.standing()
    account = await the_account(hand)
    sent = await take_off(hand, account)
    assert (sent.state, bool(sent.request_id)) == (SentState.ACCEPTED, True)
    assert await hand.read(account) is None
    assert before - system.standing() == {"sandbox-dana/eu-west-101"}
    assert len(system.journal.writes()) == 1


async def test_each_project_of_an_account_is_taken_off_by_itself(system: HuaweiHss, door: Door) -> None:
    robin = next(row for row in system.state.rows if row.account_name == "sandbox-robin")
    hand = hand_of(system, door, accounts={"robin@acme.test": robin.account_id})
    account = await the_account(hand, leaver("robin@acme.test"))
    assert (await take_off(hand, account)).state is SentState.ACCEPTED
    half = await hand.read(account)
    assert half is not None
    assert set(half.parts) < set(account.parts)
    assert (await take_off(hand, account)).state is SentState.ACCEPTED
    assert await hand.read(account) is None


async def test_a_row_that_still_shows_after_a_yes_is_still_there(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    system.state.switches.lists_that_still_show = 1
    account = await the_account(hand)
    await take_off(hand, account)
    assert await hand.read(account) is not None
    assert await hand.read(account) is None


async def test_a_row_that_is_gone_already_is_no_such_account(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    (step,) = hand.steps(account)
    system.state.rows.remove(row_of(system))
    assert (await hand.do(account, step, "key")).state is SentState.NO_SUCH_ACCOUNT


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, said("HSS.0001"), Refused),
        (400, "<html>", Refused),
        (400, said("HSS.0010"), Forbidden),
        (400, said("HSS.0013"), Forbidden),
        (400, said("APIG.0308"), RateLimited),
        (401, said("APIGW.0301"), CredentialsRejected),
        (401, said("APIG.0301"), CredentialsRejected),
        (401, said("APIGW.0303"), CredentialsRejected),
        (401, "", CredentialsRejected),
        (403, said("APIGW.0302"), Forbidden),
        (404, said("APIGW.0101"), Misconfigured),
        (405, "", Refused),
        (409, "", Conflict),
        (413, "", Refused),
        (429, said("APIGW.0308"), RateLimited),
        (500, "", AnswerLost),
        (502, "<html>", AnswerLost),
        (503, "", AnswerLost),
        (504, "", AnswerLost),
        (302, "", Misconfigured),
    ],
)
async def test_each_answer_to_a_deletion_says_what_to_do_next(
    hand: HuaweiHssProvider, system: HuaweiHss, status: int, body: str, error: type[ProviderError]
) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("status", "DELETE", ACCOUNTS, status=status, body=body))
    raised_error = await raised(take_off(hand, account))
    assert type(raised_error) is error
    assert "@" not in str(raised_error)
    assert len(system.journal.writes()) == 1


async def test_throttled_without_a_time_means_the_next_minute(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    system.faults.add(Fault("status", "GET", ACCOUNTS, status=429, body=said("APIGW.0308")))
    error = await raised(hand.find(DANA))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 60
    assert lists(system) == 1


async def test_a_lost_answer_is_lost_and_the_deletion_is_sent_once(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("reset_after", "DELETE", ACCOUNTS))
    assert isinstance(await raised(take_off(hand, account)), AnswerLost)
    assert len(system.journal.writes()) == 1
    assert await hand.read(account) is None


async def test_only_a_step_of_the_account_itself_is_sent(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    calls = len(system.journal.entries)
    assert isinstance(await raised(hand.do(account, Step("delete other", "…"), "key")), Refused)
    (step,) = hand.steps(account)
    assert isinstance(await raised(hand.do(replace(account, id="x"), step, "key")), Refused)
    assert len(system.journal.entries) == calls


async def test_a_key_that_was_turned_down_is_not_used_again_for_five_minutes(system: HuaweiHss, door: Door) -> None:
    first = hand_of(system, door, secret_key="wrong")
    error = await raised(first.find(DANA))
    assert isinstance(error, CredentialsRejected)
    assert "wrong" not in str(error)
    again = hand_of(system, door, secret_key="wrong")
    assert isinstance(await raised(again.find(DANA)), CredentialsRejected)
    assert isinstance(await raised(again.check()), CredentialsRejected)
    assert len(system.journal.entries) == 1
    assert next(iter(system.state.keys.values())).failures == 1


async def test_a_wrong_clock_is_said_so(hand: HuaweiHssProvider, system: HuaweiHss, door: Door) -> None:
    late = HuaweiHssProvider("huawei", settings_of(system), door, lambda: system.clock.now() - 1000)
    assert "clock" in str(await raised(late.find(DANA)))
    assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)


async def test_looks_of_one_minute_share_a_list_and_reads_never_do(
    hand: HuaweiHssProvider, system: HuaweiHss, door: Door
) -> None:
    account = await the_account(hand)
    await the_account(hand_of(system, door))
    await hand.check()
    assert lists(system) == 1
    await hand.read(account)
    await hand.read(account)
    assert lists(system) == 3


async def test_looks_that_wait_together_share_the_next_list(system: HuaweiHss, door: Door) -> None:
    hands = [hand_of(system, door) for _ in range(8)]
    await asyncio.gather(*(the_account(hand) for hand in hands))
    assert lists(system) == 1


async def test_reads_that_wait_together_share_a_list_begun_after_they_asked(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    account = await the_account(hand)
    found = await asyncio.gather(*(hand.read(account) for _ in range(8)))
    assert found == [account] * 8
    assert lists(system) <= 3


async def test_a_list_from_before_a_deletion_is_never_used_after_it(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    await hand.do(account, hand.steps(account)[0], "key")
    assert (await hand.find(DANA)).accounts == ()
    assert DANA_ID not in {row.account_id for row in system.state.rows}


async def test_a_removal_with_its_proof_keeps_within_five_lists_a_minute(
    limited_system: HuaweiHss,
) -> None:
    system = limited_system
    settings = settings_of(system, calls_per_minute=5)
    door = KIND.door(settings)
    hand = HuaweiHssProvider("huawei", settings, door, system.clock.now)
    account = await the_account(hand)
    await take_off(hand, account)
    assert await hand.read(account) is None
    assert (await hand.find(DANA)).accounts == ()
    await door.aclose()
    assert lists(system) == 4, "the proof reads a list of its own: what is missing in an older one may be there by now"
    assert {entry.status for entry in system.journal.entries} == {200}


@pytest.mark.parametrize(
    "fields",
    [
        {"accounts": {"dana@acme.test": "a", "Dana@acme.test": "b"}},
        {"accounts": {"dana": "a"}},
        {"accounts": {"dana@acme.test": "a/b"}},
        {"region": "EU west"},
        {"project_id": ""},
        {"access_key": "a b"},
        {"secret_key": ""},
        {"endpoint": "http://hss.test"},
        {"iam_user": "x"},
        {"security_token": "a line\nbreak"},
    ],
)
def test_a_wrong_field_stops_the_start(system: HuaweiHss, fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings_of(system, **fields)


def test_the_identity_names_server_project_and_key_and_no_secret(system: HuaweiHss) -> None:
    one = settings_of(system)
    assert KIND.identity(one) == KIND.identity(settings_of(system, label="Other", secret_key="other"))
    assert KIND.identity(one) != KIND.identity(settings_of(system, project_id="other"))
    assert revealed(one.secret_key) not in KIND.identity(one)
