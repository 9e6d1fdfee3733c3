"""What every provider promises, tried on every kind of system alike."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.errors import AnswerLost, Forbidden, UnexpectedAnswer
from bot.model import Account, SentState, Sight, fold
from bot.plan import difference
from bot.ports import Provider
from sandbox.systems.faults import Fault, What
from sandbox.systems.tls import Tls
from tests.providers.contract import DANA, TERMS, Bench, Terms, bench_of
from tests.providers.raised import raised


@pytest.fixture(params=TERMS, ids=lambda terms: terms.kind)
async def bench(request: pytest.FixtureRequest, tls: Tls) -> AsyncIterator[Bench]:
    terms: Terms = request.param
    system = terms.subject.new()
    terms.prepare(system)
    await system.start(tls)
    async with bench_of(terms, system) as made:
        yield made
    await system.stop()


async def _again(hand: Provider, account: Account) -> Account:
    now = await hand.read(account)
    assert now is not None
    return now


async def test_exactly_the_leavers_account_is_found(bench: Bench) -> None:
    found = await bench.hand().find(DANA)
    assert (found.sight, [account.id for account in found.accounts]) == (Sight.FULL, [bench.dana])
    assert found.accounts[0].matched_by == DANA.keys
    assert found.accounts[0].stop is None


async def test_who_is_near_is_shown_as_similar_and_never_as_an_account(bench: Bench) -> None:
    found = await bench.hand().find(DANA)
    assert 1 <= len(found.similar) <= 10
    assert fold("dana@acme.test") not in {fold(handle) for handle in found.similar}
    assert not {fold(handle) for handle in found.similar} & {fold(account.handle) for account in found.accounts}


async def test_an_account_behind_more_than_one_page_is_found_and_read(bench: Bench) -> None:
    dana = bench.dana
    bench.terms.many(bench.system, dana)
    hand = bench.hand()
    found = await hand.find(DANA)
    assert (found.sight, [account.id for account in found.accounts]) == (Sight.FULL, [dana])
    assert (await _again(hand, found.accounts[0])).id == dana


async def test_of_several_matches_all_are_returned(bench: Bench) -> None:
    found = await bench.hand().find(bench.terms.several)
    assert len({account.id for account in found.accounts}) == len(found.accounts) == 2


async def test_nobody_is_a_whole_look_with_nothing_in_it(bench: Bench) -> None:
    found = await bench.hand().find(bench.terms.nobody)
    assert (found.sight, found.accounts, found.reason) == (Sight.FULL, (), "")
    assert [finding for finding in found.findings if finding.stops is not None] == []


@pytest.mark.parametrize("what", ["html", "malformed", "wrong_type", "truncate"])
async def test_a_list_that_cannot_be_read_is_an_error_and_never_an_empty_one(bench: Bench, what: What) -> None:
    bench.system.faults.add(Fault(what, path=bench.terms.lists, times=99))
    for who in (DANA, bench.terms.nobody):
        await raised(bench.hand().find(who))


async def test_a_list_that_is_forbidden_is_an_error_and_never_an_empty_one(bench: Bench) -> None:
    bench.system.faults.add(Fault("status", path=bench.terms.lists, times=99, status=403, body="{}"))
    assert isinstance(await raised(bench.hand().find(bench.terms.nobody)), Forbidden)


async def test_what_is_read_by_id_is_what_was_found(bench: Bench) -> None:
    hand = bench.hand()
    account = await bench.account(hand)
    again = await _again(hand, account)
    assert again == account
    assert difference(account, again) is None


async def test_another_provider_reads_the_same_account_in_the_same_way(bench: Bench) -> None:
    account = await bench.account(bench.hand())
    assert await bench.hand().read(account) == account


async def test_an_account_that_somebody_took_away_is_read_as_none(bench: Bench) -> None:
    account = await bench.account(bench.hand())
    bench.terms.gone(bench.system, account.id)
    hand = bench.hand()
    assert await hand.read(account) is None
    assert (await hand.find(DANA)).accounts == ()


async def test_steps_come_in_the_vendors_order_until_none_is_left(bench: Bench) -> None:
    hand = bench.hand()
    account = await bench.account(hand)
    before = bench.system.standing()
    own = bench.system.of("dana@acme.test")
    done: list[str] = []
    now: Account | None = await hand.read(account)
    while now is not None and len(done) < 9:
        step = hand.steps(now)[0]
        assert (await hand.do(now, step, f"key-{len(done)}")).state is SentState.ACCEPTED
        done.append(step.name)
        now = await hand.read(account)
    assert (tuple(done), now) == (bench.terms.steps, None)
    assert bench.system.standing() == before - own
    assert bench.system.journal.unread_writes() == []


async def test_steps_are_told_without_asking_anybody(bench: Bench) -> None:
    hand = bench.hand()
    account = await bench.account(hand)
    calls = len(bench.system.journal.entries)
    assert tuple(step.name for step in hand.steps(account)) == bench.terms.steps
    assert len(bench.system.journal.entries) == calls


@pytest.mark.parametrize("what", ["reset_before", "reset_after", "truncate"])
async def test_a_step_is_sent_once_whatever_becomes_of_the_answer(bench: Bench, what: What) -> None:
    hand = bench.hand()
    account = await bench.account(hand)
    now = await _again(hand, account)
    bench.system.faults.add(Fault(what, path=bench.terms.write))
    try:
        await hand.do(now, hand.steps(now)[0], "a key")
    except (AnswerLost, UnexpectedAnswer):
        pass
    else:
        assert what == "truncate"  # an answer whose body is not documented is not read, so nothing of it is missed
    assert len(bench.system.journal.writes()) == 1


async def test_a_step_at_an_account_that_has_gone_is_answered_with_no_such_account(bench: Bench) -> None:
    hand = bench.hand()
    now = await _again(hand, await bench.account(hand))
    bench.terms.gone(bench.system, now.id)
    assert (await hand.do(now, hand.steps(now)[0], "a key")).state is SentState.NO_SUCH_ACCOUNT


async def test_looking_and_reading_change_nothing(bench: Bench) -> None:
    before = bench.system.standing()
    hand = bench.hand()
    await hand.check()
    await hand.read(await bench.account(hand))
    assert bench.system.journal.writes() == []
    assert bench.system.standing() == before


async def test_a_provider_logs_out_once_and_may_be_closed_twice(bench: Bench) -> None:
    hand = bench.hand()
    await hand.find(DANA)
    await hand.aclose()
    assert getattr(bench.system.state, "sessions", {}) == {}
    calls = len(bench.system.journal.entries)
    await hand.aclose()
    assert len(bench.system.journal.entries) == calls


async def test_a_provider_that_was_never_used_asks_nobody_when_it_is_closed(bench: Bench) -> None:
    await bench.hand().aclose()
    assert bench.system.journal.entries == []
