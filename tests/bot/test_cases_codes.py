"""Approving with a code from an authenticator app: who needs one, when it counts, and what it leaves behind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from bot.audit import Event
from bot.authenticators import KeyBox, make_key
from bot.cases import Said
from bot.domain.second_factor import PAUSE, WITH_CODE
from bot.model import CaseState, CaseView, Person, PlanState
from bot.store import SqlStore, open_store, second_factors
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import BEN, CHLOE, ROOT, FakeSystem, account

BOX = KeyBox.of("the operator's key, of 32 characters")
TOTP = replace(POLICY, second_factor=True)
TWO = replace(TOTP, approvals=2)
GLASS = replace(TOTP, break_glass=True)


@pytest.fixture
async def guarded(house: House) -> House:
    """A house in which every approval needs a code, and one account is found."""
    house.keys = BOX
    house.govern(TOTP)
    house.crm.accounts["1"] = account()
    return house


async def enrol(store: SqlStore, who: Person, whose: Person | None = None) -> str:
    """Enrol somebody and return their key; `whose` is the person for whom it was encrypted."""
    key = make_key()
    async with store.begin() as tx:
        sealed = BOX.encrypt((whose or who).user_id, key)
        assert await second_factors.enrol(tx.connection, who.user_id, sealed, await tx.now())
    return key


async def code_of(house: House, key: str, steps: int = 0) -> str:
    """What the app shows at present, or that many steps later."""
    return pyotp.TOTP(key).at(await house.store.now() + timedelta(seconds=30 * steps))


async def wrong_code(house: House, key: str) -> str:
    """A code that the app shows at no time near the present."""
    near = {await code_of(house, key, steps) for steps in range(-3, 4)}
    return next(code for code in map(str, range(100_000, 100_009)) if code not in near)


async def approve(house: House, view: CaseView, code: str | None, by: Person = BEN) -> Said:
    plan = view.plans[-1]
    button = (view.case.id, plan.turn, plan.digest, by.user_id, by.team_id)
    return await house.cases.approve(*button, lambda _: "the plan", code=code)


async def glass(house: House, view: CaseView, code: str) -> Said:
    plan = view.plans[-1]
    button = (view.case.id, plan.turn, plan.digest, ROOT.user_id, ROOT.team_id)
    return await house.cases.break_glass(*button, "because", "dana@acme.test", code)


async def last_event(house: House, case_id: int = 1) -> Event:
    return (await house.store.chain(f"case:{case_id}")).events[-1]


async def is_untouched(house: House, view: CaseView) -> bool:
    now = await house.view(view.case.id)
    return (now.case, now.plans, now.approvals) == (view.case, view.plans, view.approvals) and not house.engine.queue


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


async def test_only_a_plan_that_touches_the_guarded_system_needs_a_code(house: House) -> None:
    house.keys = BOX
    house.wiki.second_factor = True
    house.govern(POLICY)
    house.crm.accounts["1"] = account()
    assert (await approve(house, await house.planned(), None)).ok

    house.wiki.accounts["7"] = account("wiki", "7", "otto@acme.test")
    assert not (await approve(house, await house.planned(email="otto@acme.test"), None)).ok


async def test_a_system_that_asks_for_codes_since_the_request_asks_in_open_cases_too(guarded: House) -> None:
    guarded.govern(POLICY)
    view = await guarded.planned()
    guarded.crm.second_factor = True
    await enrol(guarded.store, BEN)

    assert (await approve(guarded, view, None)).needs_code


async def test_a_system_that_asked_for_codes_at_the_request_goes_on_asking(guarded: House) -> None:
    guarded.govern(POLICY)
    guarded.crm.second_factor = True
    view = await guarded.planned()
    guarded.crm.second_factor = False
    await enrol(guarded.store, BEN)

    assert (await approve(guarded, view, None)).needs_code


async def test_an_approval_without_a_code_counts_no_longer_once_codes_are_asked_for(guarded: House) -> None:
    guarded.govern(replace(POLICY, approvals=2))
    of_ben, of_chloe = await enrol(guarded.store, BEN), await enrol(guarded.store, CHLOE)
    view = await guarded.planned()
    assert (await approve(guarded, view, None)).ok
    guarded.govern(TWO)

    said = await approve(guarded, view, await code_of(guarded, of_chloe), by=CHLOE)
    assert said.text == "Counted: 1 of 2 approvals."
    assert (await approve(guarded, view, await code_of(guarded, of_ben))).ok

    now = await guarded.view(1)
    assert now.case.state is CaseState.RUNNING
    assert all(given.why.endswith(WITH_CODE) for given in now.approvals)


async def test_a_due_start_waits_again_where_codes_are_asked_for_since_the_approval(guarded: House) -> None:
    guarded.govern(POLICY)
    view = await guarded.planned(when=await guarded.store.now() + timedelta(hours=1))
    assert (await approve(guarded, view, None)).ok
    guarded.govern(TOTP)
    async with guarded.store.begin() as tx:
        case = await tx.case(1)
        assert case is not None
        await tx.move(case, CaseState.APPROVED, start_at=await tx.now())

    await guarded.sweeper.sweep(await guarded.store.now())

    now = await guarded.view(1)
    assert (now.case.state, now.plans[-1].state) == (CaseState.WAITING, PlanState.WAITING)


async def test_declining_needs_no_code_at_all(guarded: House) -> None:
    (plan,) = (await guarded.planned()).plans

    assert (await guarded.cases.decline(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, "no")).ok


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


async def test_breaking_the_glass_asks_an_admin_for_a_code(guarded: House) -> None:
    guarded.govern(GLASS)
    view = await guarded.planned()
    nobody = await guarded.cases.may_break_glass(1, ROOT.user_id, ROOT.team_id)
    assert (nobody.ok, "no authenticator enrolled" in nobody.text) == (False, True)

    key = await enrol(guarded.store, ROOT)
    asked = await guarded.cases.may_break_glass(1, ROOT.user_id, ROOT.team_id)
    assert (asked.ok, asked.needs_code) == (True, True)
    assert not (await glass(guarded, view, "")).ok
    assert not (await glass(guarded, view, await wrong_code(guarded, key))).ok
    assert await is_untouched(guarded, view)

    assert (await glass(guarded, view, await code_of(guarded, key))).ok
    (given,) = (await guarded.view(1)).approvals
    assert given.why.startswith("break-glass")
    assert given.why.endswith(WITH_CODE)


async def test_breaking_the_glass_needs_no_code_where_none_is_asked_for(guarded: House) -> None:
    guarded.govern(replace(GLASS, second_factor=False))
    view = await guarded.planned()

    assert not (await guarded.cases.may_break_glass(1, ROOT.user_id, ROOT.team_id)).needs_code
    assert (await glass(guarded, view, "")).ok
