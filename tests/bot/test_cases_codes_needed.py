"""Who needs a code: by the rules or by a system, at the request or since; and for break-glass."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.second_factor import WITH_CODE
from bot.model import CaseState, PlanState
from tests.bot.authenticating import (
    BOX,
    GLASS,
    TOTP,
    TWO,
    approve,
    code_of,
    enrol,
    glass,
    guard,
    is_untouched,
    wrong_code,
)
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import BEN, CHLOE, ROOT, account


@pytest.fixture
def guarded(house: House) -> House:
    """A house in which every approval needs a code, and one account is found."""
    return guard(house)


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
