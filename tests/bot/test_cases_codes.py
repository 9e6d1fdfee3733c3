"""Approving with a code from an authenticator app: when it counts, and what it leaves behind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audit import Event
from bot.domain.second_factor import PAUSE, WITH_CODE
from bot.model import CaseState
from bot.store import open_store
from tests.bot.authenticating import (
    BOX,
    TOTP,
    TWO,
    approve,
    code_of,
    enrol,
    guard,
    is_untouched,
    wrong_code,
)
from tests.bot.conftest import House
from tests.bot.fakes import BEN, CHLOE, FakeSystem, account


@pytest.fixture
def guarded(house: House) -> House:
    """A house in which every approval needs a code, and one account is found."""
    return guard(house)


async def last_event(house: House, case_id: int = 1) -> Event:
    return (await house.store.chain(f"case:{case_id}")).events[-1]


async def test_without_a_code_nothing_is_approved_and_one_is_asked_for(guarded: House) -> None:
    await enrol(guarded.store, BEN)
    view = await guarded.planned()

    said = await approve(guarded, view, None)

    assert (said.ok, said.needs_code) == (False, True)
    assert await is_untouched(guarded, view)


async def test_with_a_code_the_approval_counts_and_says_that_one_was_given(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()

    assert (await approve(guarded, view, await code_of(guarded, key))).ok

    now = await guarded.view(1)
    (given,) = now.approvals
    assert now.case.state is CaseState.RUNNING
    assert given.why == f"in S0SECURITY{WITH_CODE}"
    approved = next(one for one in (await guarded.store.chain("case:1")).events if one.kind == "approved")
    assert '"second_factor":"totp"' in approved.body
    assert given.why in approved.body


async def test_blanks_in_a_code_are_nothing(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    code = await code_of(guarded, key)

    assert (await approve(guarded, await guarded.planned(), f" {code[:3]} {code[3:]} ")).ok


@pytest.mark.parametrize("steps", [-1, 1])
async def test_a_phone_whose_clock_is_half_a_minute_off_is_understood(guarded: House, steps: int) -> None:
    key = await enrol(guarded.store, BEN)

    assert (await approve(guarded, await guarded.planned(), await code_of(guarded, key, steps))).ok


@pytest.mark.parametrize("steps", [-3, 3])
async def test_a_code_of_another_time_approves_nothing(guarded: House, steps: int) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()

    assert not (await approve(guarded, view, await code_of(guarded, key, steps))).ok

    assert await is_untouched(guarded, view)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "123456789"])
async def test_what_is_no_code_is_told_so_and_counts_as_no_guess(guarded: House, typed: str) -> None:
    await enrol(guarded.store, BEN)
    view = await guarded.planned()

    said = await approve(guarded, view, typed)

    assert "6 digits" in said.text
    assert [one.failures for one in await guarded.store.second_factors()] == [0]
    assert await is_untouched(guarded, view)


async def test_who_has_no_authenticator_is_told_what_an_operator_has_to_do(guarded: House) -> None:
    view = await guarded.planned()

    for code in (None, "123456"):
        said = await approve(guarded, view, code)
        assert said.text.startswith(
            "You have no authenticator enrolled: ask an operator to run offboard second-factor enrol U0BEN."
        )
        assert (await last_event(guarded)).kind == "refused"

    assert await is_untouched(guarded, view)


async def test_without_the_operators_key_nobody_approves(house: House) -> None:
    house.govern(TOTP)
    house.crm.accounts["1"] = account()
    await enrol(house.store, BEN)
    view = await house.planned()

    said = await approve(house, view, "123456")

    assert "OFFBOARD_POLICY__SECOND_FACTOR_KEY" in said.text
    assert await is_untouched(house, view)


async def test_a_code_counts_once_also_in_another_case(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    first = await guarded.planned()
    guarded.crm.accounts["2"] = account("crm", "2", "otto@acme.test")
    second = await guarded.planned(email="otto@acme.test")
    code = await code_of(guarded, key)
    assert (await approve(guarded, first, code)).ok
    guarded.engine.queue.clear()

    said = await approve(guarded, second, code)

    assert "used already" in said.text
    assert await is_untouched(guarded, second)
    assert ((await last_event(guarded, 2)).kind, [one.failures for one in await guarded.store.second_factors()]) == (
        "wrong code",
        [0],
    )
    assert (await approve(guarded, second, await code_of(guarded, key, 1))).ok


async def test_a_code_of_another_person_approves_nothing(guarded: House) -> None:
    await enrol(guarded.store, BEN)
    of_chloe = await enrol(guarded.store, CHLOE)
    view = await guarded.planned()

    assert not (await approve(guarded, view, await code_of(guarded, of_chloe))).ok

    assert await is_untouched(guarded, view)


async def test_a_row_that_was_put_under_another_person_approves_nothing(guarded: House) -> None:
    key = await enrol(guarded.store, BEN, whose=CHLOE)
    view = await guarded.planned()

    said = await approve(guarded, view, await code_of(guarded, key))

    assert "cannot be read" in said.text
    assert (await last_event(guarded)).kind == "refused"
    assert await is_untouched(guarded, view)


async def test_a_right_code_for_a_plan_that_no_longer_counts_is_not_used_up(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    code = await code_of(guarded, key)
    (plan,) = view.plans

    stale = replace(view, plans=(replace(plan, digest="1another"),))
    assert not (await approve(guarded, stale, code)).ok

    assert [one.last_step for one in await guarded.store.second_factors()] == [None]
    assert (await approve(guarded, view, code)).ok


async def test_who_approved_already_uses_no_second_code_up(guarded: House) -> None:
    guarded.govern(TWO)
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    assert (await approve(guarded, view, await code_of(guarded, key))).ok
    (before,) = await guarded.store.second_factors()

    said = await approve(guarded, view, await code_of(guarded, key, 1))

    assert said.text == "You have approved this already. It counts once."
    assert await guarded.store.second_factors() == (before,)


async def test_five_wrong_codes_pause_the_approver_and_tell_the_admins_once(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    wrong = await wrong_code(guarded, key)

    told = [(await approve(guarded, view, wrong)).text for _ in range(6)]

    assert ["wrong" in text and "none counts until" not in text for text in told] == [True] * 4 + [False] * 2
    assert all("none counts until" in text for text in told[4:])
    kinds = [one.kind for one in (await guarded.store.chain("case:1")).events]
    assert kinds[-7:] == [*["wrong code"] * 5, "second factor paused", "refused"]
    messages = [post for post in await _direct(guarded) if "code_pause" in post[0]]
    assert [(channel, "Ben" in text, "U0BEN" in text) for _, channel, text in messages] == [("U0ROOT", True, True)]
    assert not (await approve(guarded, view, await code_of(guarded, key))).ok
    assert await is_untouched(guarded, view)


async def _direct(house: House) -> list[tuple[str, str, str]]:
    """Key, receiver and text of every direct message that is wanted; the root is taken to be posted."""
    store = house.store
    (root,) = [post for post in await store.due_posts(await store.now(), 50) if post.key == "root"]
    await store.begin_post(root)
    await store.end_post(root, "1.1", "C0CASES")
    posts = await store.due_posts(await store.now(), 50)
    return [(post.key, post.channel, post.text) for post in posts if post.key.startswith("dm:")]


async def test_after_the_pause_a_right_code_counts_again(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    wrong = await wrong_code(guarded, key)
    for _ in range(5):
        await approve(guarded, view, wrong)
    (paused,) = await guarded.store.second_factors()
    async with guarded.store.begin() as tx:
        await tx.keep_failures(replace(paused, paused_until=await tx.now()))

    assert (await approve(guarded, view, await code_of(guarded, key))).ok

    (after,) = await guarded.store.second_factors()
    assert (after.failures, after.paused_until) == (0, None)
    assert paused.paused_until is not None
    assert paused.paused_until > await guarded.store.now() + PAUSE - timedelta(minutes=1)


async def test_a_right_code_forgets_the_wrong_ones_before_it(guarded: House) -> None:
    guarded.govern(TWO)
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    wrong = await wrong_code(guarded, key)
    for _ in range(4):
        await approve(guarded, view, wrong)

    assert (await approve(guarded, view, await code_of(guarded, key))).ok

    assert [one.failures for one in await guarded.store.second_factors()] == [0]


async def test_nothing_in_the_audit_holds_a_code_or_a_key(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    code, wrong = await code_of(guarded, key), await wrong_code(guarded, key)
    await approve(guarded, view, wrong)
    await approve(guarded, view, code)

    chain = repr(await guarded.store.chain("case:1"))

    assert "wrong code" in chain
    assert [secret for secret in (f'"{code}"', f'"{wrong}"', key) if secret in chain] == []


async def test_two_processes_with_one_code_at_once_approve_once(guarded: House, migrated_url: str) -> None:
    one, other = [await open_store(migrated_url) for _ in range(2)]
    try:
        houses = [House(store, FakeSystem("crm"), FakeSystem("wiki", identity="w"), keys=BOX) for store in (one, other)]
        for house in houses:
            house.govern(TOTP)
            house.crm.accounts |= {"1": account(), "2": account("crm", "2", "otto@acme.test")}
        views = [await houses[0].planned(), await houses[0].planned(email="otto@acme.test")]
        key = await enrol(one, BEN)
        code = await code_of(houses[0], key)

        said = await asyncio.gather(*(approve(*pair, code) for pair in zip(houses, views, strict=True)))

        assert sorted(answer.ok for answer in said) == [False, True]
        after = [await houses[0].view(view.case.id) for view in views]
        assert sorted(len(view.approvals) for view in after) == [0, 1]
    finally:
        await one.aclose()
        await other.aclose()
