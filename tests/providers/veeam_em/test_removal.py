"""Reading and deleting one account of Enterprise Manager."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import (
    AnswerLost,
    Conflict,
    Forbidden,
    HandedOver,
    Misconfigured,
    ProviderError,
    RateLimited,
    Refused,
    UnexpectedAnswer,
)
from bot.model import SentState
from providers.veeam_em import VeeamEmProvider
from sandbox.systems.faults import Fault
from sandbox.systems.veeam_em import VeeamEm
from tests.providers.leavers import leaver
from tests.providers.raised import raised
from tests.providers.veeam_em.system import the_account

ONE = "/api/security/accounts/[0-9a-f-]+$"
ENTITY = r"\?format=Entity"


async def test_a_read_keeps_why_and_shows_what_is_new(hand: VeeamEmProvider, system: VeeamEm) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    system.state.accounts[account.id].roles.append("VM Restore Operator")
    again = await hand.read(account)
    assert again is not None
    assert (again.match, again.matched_by) == (account.match, account.matched_by)
    assert "VM Restore Operator" in again.weight
    assert again.identity == account.identity


async def test_a_read_that_says_no_while_the_list_says_yes_is_not_absence(
    hand: VeeamEmProvider, system: VeeamEm
) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    system.faults.add(Fault("status", "GET", ENTITY, status=404, body="{}"))
    assert isinstance(await raised(hand.read(account)), UnexpectedAnswer)


async def test_a_deleted_account_is_gone_by_both_witnesses(hand: VeeamEmProvider, system: VeeamEm) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    (step,) = hand.steps(account)
    assert (await hand.do(account, step, "k1")).state is SentState.ACCEPTED
    assert await hand.read(account) is None
    assert (await hand.find(leaver("dana@acme.test"))).accounts == ()
    assert (await hand.do(account, step, "k2")).state is SentState.NO_SUCH_ACCOUNT
    assert system.of("dana@acme.test") == frozenset()
    assert {entry.method for entry in system.journal.writes()} == {"DELETE"}


@pytest.mark.parametrize(("status", "state"), [(200, SentState.ACCEPTED), (202, SentState.PENDING)])
async def test_undocumented_successes_are_left_to_the_next_look(
    hand: VeeamEmProvider, system: VeeamEm, status: int, state: SentState
) -> None:
    system.state.switches.delete_status = status
    account = await the_account(hand, leaver("dana@acme.test"))
    assert (await hand.do(account, hand.steps(account)[0], "k")).state is state


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, Misconfigured),
        (400, Refused),
        (403, Forbidden),
        (405, HandedOver),
        (409, Conflict),
        (429, RateLimited),
        (500, AnswerLost),
        (501, HandedOver),
        (503, AnswerLost),
    ],
)
async def test_each_answer_to_the_delete_has_its_error(
    hand: VeeamEmProvider, system: VeeamEm, status: int, error: type[ProviderError]
) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    system.faults.add(Fault("status", "DELETE", ONE, times=9, status=status, headers={"Location": "/elsewhere"}))
    assert type(await raised(hand.do(account, hand.steps(account)[0], "k"))) is error
    assert [entry.method for entry in system.journal.entries].count("DELETE") == 1


@pytest.mark.parametrize("what", ["reset_before", "reset_after", "effect_without_answer"])
async def test_a_lost_answer_is_told_and_nothing_is_sent_again(
    hand: VeeamEmProvider, system: VeeamEm, what: str
) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    system.faults.add(Fault(what, "DELETE", ONE))  # type: ignore[arg-type]  # parametrised with its literals
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "k")), AnswerLost)
    assert len(system.journal.writes()) == 1
    gone = await hand.read(account) is None
    assert gone == (what != "reset_before")


@pytest.mark.parametrize("guid", ["", "..", "0b6f1c1e", "*", "0b6f1c1e-6a55-4d6f-9a0e-2f0d5b1c7a11/roles"])
async def test_an_id_that_is_no_guid_never_enters_a_path(hand: VeeamEmProvider, system: VeeamEm, guid: str) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    broken = replace(account, id=guid)
    before = len(system.journal.entries)
    assert isinstance(await raised(hand.do(broken, hand.steps(account)[0], "k")), Refused)
    assert isinstance(await raised(hand.read(broken)), Refused)
    assert len(system.journal.entries) == before


@pytest.mark.parametrize("switch", ["json", "html"])
async def test_a_no_keeps_the_servers_words_without_the_name(
    hand: VeeamEmProvider, system: VeeamEm, switch: str
) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    body = '{"Message": "Account ACME\\\\dana is in use.", "StatusCode": 400}' if switch == "json" else "<html></html>"
    kind = {"Content-Type": f"application/{switch}"}
    system.faults.add(Fault("status", "DELETE", ONE, status=400, body=body, headers=kind))
    error = await raised(hand.do(account, hand.steps(account)[0], "k"))
    assert isinstance(error, Refused)
    assert ("is in use" in str(error)) == (switch == "json")
    assert "dana" not in str(error)


@pytest.mark.parametrize(("status", "error"), [(200, AnswerLost), (204, AnswerLost), (404, Misconfigured)])
async def test_a_proxys_page_is_no_answer_of_the_server(
    hand: VeeamEmProvider, system: VeeamEm, status: int, error: type[ProviderError]
) -> None:
    account = await the_account(hand, leaver("dana@acme.test"))
    kind = {"Content-Type": "text/html"}
    system.faults.add(Fault("status", "DELETE", ONE, status=status, body="<html></html>", headers=kind))
    assert type(await raised(hand.do(account, hand.steps(account)[0], "k"))) is error
