"""Reading and deleting identities and users of the console."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.errors import (
    AnswerLost,
    Conflict,
    CredentialsRejected,
    Forbidden,
    Misconfigured,
    ProviderError,
    RateLimited,
    Refused,
    UnexpectedAnswer,
)
from bot.model import SentState
from providers.http import Door
from providers.vspc import VspcProvider
from sandbox.systems.faults import Fault
from sandbox.systems.vspc import Vspc
from tests.providers.leavers import leaver
from tests.providers.raised import raised
from tests.providers.vspc.system import carry_out, settings_of, the_account

DANA = leaver("dana@acme.test")
IDENTITY = r"/users/[0-9a-f-]+/logins/\d+$"
JSON = {"Content-Type": "application/json; charset=utf-8"}


def said(code: int, kind: str = "logical", **more: object) -> str:
    return json.dumps({"errors": [{"message": "acme\\dana is in use", "type": kind, "code": code, **more}]})


async def test_all_identities_go_and_then_the_user(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    assert await carry_out(hand, account) == ["identity:41", "identity:42", "user"]
    assert await hand.read(account) is None
    assert (await hand.find(DANA)).accounts == ()
    assert system.of("dana@acme.test") == frozenset()
    assert system.journal.unread_writes() == []


async def test_where_identities_are_wanted_the_user_stays(system: Vspc, door: Door) -> None:
    hand = VspcProvider("vspc", settings_of(system, remove="identities"), door)
    account = await the_account(hand, DANA)
    assert await carry_out(hand, account) == ["identity:41", "identity:42"]
    rest = await hand.read(account)
    assert rest is not None
    assert (rest.parts, hand.steps(rest)) == ((), ())
    assert system.of("dana@acme.test") == {"acme\\dana"}


async def test_everybody_else_keeps_everything(hand: VspcProvider, system: Vspc) -> None:
    before = system.standing() - system.of("dana@acme.test")
    await carry_out(hand, await the_account(hand, DANA))
    assert system.standing() == before


async def test_what_is_gone_already_is_no_such_account(hand: VspcProvider) -> None:
    account = await the_account(hand, DANA)
    steps = hand.steps(account)
    await carry_out(hand, account)
    assert [(await hand.do(account, step, f"again-{step.name}")).state for step in steps] == [
        SentState.NO_SUCH_ACCOUNT,
        SentState.NO_SUCH_ACCOUNT,
        SentState.NO_SUCH_ACCOUNT,
    ]


async def test_an_identity_that_the_console_keeps_goes_with_its_user(hand: VspcProvider, system: Vspc) -> None:
    system.state.switches.last_identity = 400
    account = await the_account(hand, DANA)
    await hand.do(account, hand.steps(account)[0], "k1")
    rest = await hand.read(account)
    assert rest is not None
    assert isinstance(await raised(hand.do(rest, hand.steps(rest)[0], "k2")), Conflict)
    assert [step.name for step in hand.steps(rest)] == ["user"]
    await hand.do(rest, hand.steps(rest)[0], "k3")
    assert await hand.read(account) is None


async def test_where_identities_are_wanted_a_kept_one_is_refused(system: Vspc, door: Door) -> None:
    system.state.switches.last_identity = 409
    hand = VspcProvider("vspc", settings_of(system, remove="identities"), door)
    account = await the_account(hand, DANA)
    await hand.do(account, hand.steps(account)[0], "k1")
    assert isinstance(await raised(hand.do(account, hand.steps(account)[1], "k2")), Refused)


async def test_a_changed_identity_is_another_part(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    for change in ({"description": "new"}, {"identifier": "elsewhere"}, {"provider": "Other"}):
        kept = {name: getattr(system.state.logins[41], name) for name in change}
        for name, value in change.items():
            setattr(system.state.logins[41], name, value)
        again = await hand.read(account)
        assert again is not None
        assert not set(again.parts) <= set(account.parts)
        for name, value in kept.items():
            setattr(system.state.logins[41], name, value)


async def test_a_user_that_is_denied_while_its_identities_are_listed_is_no_absence(
    hand: VspcProvider, system: Vspc
) -> None:
    account = await the_account(hand, DANA)
    system.faults.add(Fault("status", "GET", f"/users/{account.id}$", status=404, body=said(404), headers=JSON))
    assert isinstance(await raised(hand.read(account)), UnexpectedAnswer)


async def test_a_missing_page_of_a_proxy_is_no_absence(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    system.faults.add(Fault("status", "GET", account.id, times=9, status=404, body="<html>Not found</html>"))
    assert isinstance(await raised(hand.read(account)), Misconfigured)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, '{"data": false}', AnswerLost),
        (200, '{"data": null}', AnswerLost),
        (200, '{"data": true, "errors": [{"message": "x", "type": "logical", "code": 1}]}', AnswerLost),
        (200, "<html></html>", AnswerLost),
        (204, "", AnswerLost),
        (401, said(401), CredentialsRejected),
        (403, said(403), Forbidden),
        (404, "<html></html>", Misconfigured),
        (415, said(415), Refused),
        (429, said(429, "transport", retryAfter=25), RateLimited),
        (520, said(520, "retryablelogical"), AnswerLost),
        (520, said(1001, "transport"), AnswerLost),
        (502, "<html></html>", AnswerLost),
    ],
)
async def test_each_answer_to_an_identitys_delete_has_its_error(
    system: Vspc, door: Door, status: int, body: str, error: type[ProviderError]
) -> None:
    hand = VspcProvider("vspc", settings_of(system, remove="identities"), door)
    account = await the_account(hand, DANA)
    system.faults.add(Fault("status", "DELETE", IDENTITY, times=9, status=status, body=body, headers=JSON))
    raise_ = await raised(hand.do(account, hand.steps(account)[0], "k"))
    assert type(raise_) is error
    assert [entry.method for entry in system.journal.entries].count("DELETE") == 1
    if isinstance(raise_, RateLimited):
        assert raise_.retry_after == 25


@pytest.mark.parametrize("status", [400, 409])
async def test_a_no_to_the_users_delete_keeps_the_consoles_words_without_the_name(
    hand: VspcProvider, system: Vspc, status: int
) -> None:
    account = await the_account(hand, DANA)
    system.faults.add(Fault("status", "DELETE", "/users/", status=status, body=said(status), headers=JSON))
    error = await raised(hand.do(account, hand.steps(account)[-1], "k"))
    assert isinstance(error, Refused)
    assert "is in use" in str(error)
    assert "dana" not in str(error)


@pytest.mark.parametrize("what", ["reset_before", "reset_after", "effect_without_answer", "truncate"])
async def test_a_lost_answer_is_told_and_nothing_is_sent_again(hand: VspcProvider, system: Vspc, what: str) -> None:
    account = await the_account(hand, DANA)
    system.faults.add(Fault(what, "DELETE", IDENTITY))  # type: ignore[arg-type]  # parametrised with its literals
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "k")), AnswerLost)
    assert len(system.journal.writes()) == 1
    rest = await hand.read(account)
    assert rest is not None
    assert len(rest.parts) == (2 if what == "reset_before" else 1)


async def test_a_promise_is_followed_to_its_end(hand: VspcProvider, system: Vspc) -> None:
    system.state.switches.request_id_forces_async = True
    account = await the_account(hand, DANA)
    sent = await hand.do(account, hand.steps(account)[0], "k")
    assert sent.state is SentState.ACCEPTED
    assert sent.request_id
    rest = await hand.read(account)
    assert rest is not None
    assert len(rest.parts) == 1


async def test_a_promise_that_takes_long_is_pending(hand: VspcProvider, system: Vspc) -> None:
    system.state.switches.request_id_forces_async = True
    system.state.switches.action_seconds = 600
    account = await the_account(hand, DANA)
    assert (await hand.do(account, hand.steps(account)[-1], "k")).state is SentState.PENDING
    assert await hand.read(account) == account


@pytest.mark.parametrize("outcome", ["failed", "canceled"])
async def test_a_promise_that_is_broken_is_a_no(hand: VspcProvider, system: Vspc, outcome: str) -> None:
    system.state.switches.request_id_forces_async = True
    system.state.switches.action_outcome = outcome
    account = await the_account(hand, DANA)
    assert isinstance(await raised(hand.do(account, hand.steps(account)[-1], "k")), Refused)


async def test_each_sending_has_a_request_id_of_its_own_and_reads_have_none(hand: VspcProvider, system: Vspc) -> None:
    account = await the_account(hand, DANA)
    step, kept = hand.steps(account)[0], system.state.logins[41]
    await hand.do(account, step, "first")
    system.state.logins[41] = kept
    await hand.do(account, step, "second")
    assert await hand.read(account) is not None
    assert 41 not in system.state.logins
    assert len(system.state.replays) == 2


@pytest.mark.parametrize("uid", ["", "..", "me", "4c2f0a37"])
async def test_an_id_that_is_no_uuid_never_enters_a_path(hand: VspcProvider, system: Vspc, uid: str) -> None:
    account = await the_account(hand, DANA)
    broken = replace(account, id=uid)
    before = len(system.journal.entries)
    assert isinstance(await raised(hand.do(broken, hand.steps(account)[-1], "k")), Refused)
    assert isinstance(await raised(hand.read(broken)), Refused)
    assert len(system.journal.entries) == before


async def test_an_identity_that_is_not_among_the_accounts_parts_is_never_deleted(
    hand: VspcProvider, system: Vspc
) -> None:
    account = await the_account(hand, DANA)
    other = replace(hand.steps(account)[0], name="identity:43")
    assert isinstance(await raised(hand.do(account, other, "k")), Refused)
    assert system.journal.writes() == []
