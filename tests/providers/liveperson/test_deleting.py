"""What the hand for LivePerson sends, when, and what it makes of the answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.errors import AnswerLost, Conflict, Forbidden, Misconfigured, ProviderError, RateLimited, Refused
from bot.model import SentState
from providers.liveperson import LivePersonProvider
from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import DANA_ID, ROBIN_IDS
from tests.providers.liveperson.asking import DANA, ONE, delete, the_account
from tests.providers.raised import raised
from tests.providers.undecided import UNDECIDED


@pytest.mark.parametrize("shown", [True, False])
async def test_a_tombstone_is_nobody(hand: LivePersonProvider, system: LivePerson, shown: bool) -> None:
    system.state.switches.tombstone_is_shown = shown
    account = await the_account(hand)
    assert await delete(hand, account) is SentState.ACCEPTED
    assert await hand.read(account) is None
    assert (await hand.find(DANA)).accounts == ()
    assert "dana@acme.test" not in system.standing()


async def test_exactly_one_user_goes(hand: LivePersonProvider, system: LivePerson) -> None:
    before = system.standing()
    await delete(hand, await the_account(hand))
    assert before - system.standing() == {"dana@acme.test"}
    (write,) = system.journal.writes()
    assert (write.method, write.path.split("?")[0].rsplit("/", 1)[1]) == ("DELETE", str(DANA_ID))


async def test_nothing_is_deleted_without_a_revision_just_read(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    (step,) = hand.steps(account)
    assert isinstance(await raised(hand.do(account, step, "key")), Conflict)
    await hand.read(account)
    await hand.do(account, step, "key")
    assert isinstance(await raised(hand.do(account, step, "key")), Conflict)
    assert len(system.journal.writes()) == 1


async def test_an_answer_without_a_revision_never_becomes_a_deletion_without_a_check(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    account = await the_account(hand)
    body = json.dumps({"id": DANA_ID, "loginName": "dana@acme.test", "email": "dana@acme.test"})
    system.faults.add(Fault("status", "GET", ONE, status=200, body=body))
    assert isinstance(await raised(delete(hand, account)), Refused)
    assert system.journal.writes() == []


@pytest.mark.parametrize("status", [412, 409])
async def test_a_revision_that_moved_on_is_a_conflict(
    hand: LivePersonProvider, system: LivePerson, status: int
) -> None:
    system.state.switches.stale_status = status
    account = await the_account(hand)
    await hand.read(account)
    other = system.state.users.rows[ROBIN_IDS[0]]
    system.state.users.replace(ROBIN_IDS[0], dict(other), system.clock.now())
    (step,) = hand.steps(account)
    assert isinstance(await raised(hand.do(account, step, "key")), Conflict)
    assert await delete(hand, account) is SentState.ACCEPTED


@pytest.mark.parametrize("user_id", ["", "0", "-1", "12/34", "*", "１２"])  # noqa: RUF001  # digits that are not ASCII
async def test_no_call_is_made_with_an_id_that_is_no_number(
    hand: LivePersonProvider, system: LivePerson, user_id: str
) -> None:
    account = replace(await the_account(hand), id=user_id)
    calls = len(system.journal.entries)
    assert isinstance(await raised(hand.read(account)), Misconfigured)
    assert len(system.journal.entries) == calls


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (304, "", AnswerLost),
        (400, "{}", Refused),
        (403, "{}", Forbidden),
        (405, "{}", Refused),
        (406, "{}", Refused),
        (409, '{"type": "user-dependencies", "message": "has dependants"}', Refused),
        (409, "{}", Conflict),
        (412, "{}", Conflict),
        (415, "{}", Refused),
        (428, "{}", Refused),
        (429, "{}", RateLimited),
        *UNDECIDED,
    ],
)
async def test_each_answer_to_a_deletion_says_what_to_do_next(
    hand: LivePersonProvider, system: LivePerson, status: int, body: str, error: type[ProviderError]
) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("status", "DELETE", ONE, status=status, body=body))
    assert type(await raised(delete(hand, account))) is error
    assert len(system.journal.writes()) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_user_that_is_gone_already_is_no_such_account(
    hand: LivePersonProvider, system: LivePerson, status: int
) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("status", "DELETE", ONE, status=status, body="{}"))
    assert await delete(hand, account) is SentState.NO_SUCH_ACCOUNT


async def test_a_lost_answer_is_lost_and_the_deletion_is_sent_once(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("reset_after", "DELETE", ONE))
    assert isinstance(await raised(delete(hand, account)), AnswerLost)
    assert len(system.journal.writes()) == 1
    assert await hand.read(account) is None


async def test_a_refusals_words_are_passed_on_without_addresses(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    body = '{"error": {"message": "Deletion of dana@acme.test failed: user has open shifts"}}'
    system.faults.add(Fault("status", "DELETE", ONE, status=400, body=body))
    text = str(await raised(delete(hand, account)))
    assert "user has open shifts" in text
    assert "dana" not in text
    assert "failed" not in text
