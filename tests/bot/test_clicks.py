"""Clicks on one case: a thousand of mixed people at once, and one that Slack delivers again."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from bot import errors
from bot.model import CaseState, Word
from bot.ports import WorkKind
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account

CLICKS = 1000


async def test_a_thousand_clicks_make_one_run_two_approvals_and_every_refusal_is_in_the_audit(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How long a click waits for its turn depends on the machine and is not what is held here.
    monkeypatch.setattr("bot.store.store.BUSY_SECONDS", 300)
    house.govern(replace(POLICY, approvals=2))
    house.people.groups = {"S0SECURITY": (BEN.user_id, CHLOE.user_id, AMY.user_id, DANA.user_id)}
    view = await house.planned_in_crm()
    (plan,) = view.plans
    people = [(AMY, BEN, CHLOE, DANA, OTTO, ROOT)[turn % 6] for turn in range(CLICKS)]

    said = await asyncio.gather(
        *(house.cases.approve(1, plan.turn, plan.digest, one.user_id, one.team_id, lambda _: "shown") for one in people)
    )

    assert sum(one.ok for one in said) == 2
    view = await house.view(1)
    assert {given.user_id for given in view.approvals} == {BEN.user_id, CHLOE.user_id}
    assert len(view.approvals) == 2
    assert (view.case.state, view.case.attempt) == (CaseState.RUNNING, 1)
    assert Counter(kind for kind, *_ in house.engine.queue) == {WorkKind.REMOVE: 2}
    kinds = Counter(event.kind for event in (await house.store.chain("case:1")).events)
    again = sum("approved this already" in one.text for one in said)
    assert (kinds["approved"], kinds["run"]) == (2, 1)
    gone = sum("no such case" in one.text for one in said)
    assert gone == sum(one is DANA for one in people)
    assert kinds["refused"] == CLICKS - 2 - again - gone
    await house.engine.drain()
    assert house.crm.writes() == ["delete 1"]
    assert (await house.view(1)).word("crm") is Word.REMOVED


async def test_an_approval_that_is_delivered_again_after_it_was_withdrawn_counts_no_more(house: House) -> None:
    house.govern(replace(POLICY, approvals=2))
    view = await house.planned_in_crm()
    await house.approved(view, click="one")
    assert (await house.cases.withdraw(1, BEN.user_id, BEN.team_id, click="two")).ok

    assert not (await house.approved(view, click="one")).ok
    assert (await house.view(1)).approvals == ()
    assert (await house.approved(view, click="three")).ok


async def test_a_withdrawal_that_is_delivered_again_takes_no_later_approval_back(house: House) -> None:
    house.govern(replace(POLICY, approvals=2))
    view = await house.planned_in_crm()
    for click in ("one", "two"):
        await house.approved(view, click=click)
        await house.cases.withdraw(1, BEN.user_id, BEN.team_id, click="back")

    (given,) = (await house.view(1)).approvals
    assert given.user_id == BEN.user_id


async def test_a_stop_that_is_delivered_again_does_not_stop_the_retry_after_it(house: House) -> None:
    await house.approved(await house.planned_in_crm())
    assert (await house.cases.stop(1, ROOT.user_id, ROOT.team_id, click="one")).ok
    await house.engine.drain()
    assert (await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id, click="two")).ok

    assert not (await house.cases.stop(1, ROOT.user_id, ROOT.team_id, click="one")).ok
    assert (await house.view(1)).case.state is CaseState.RUNNING


async def test_a_retry_that_is_delivered_again_tries_nothing_again(house: House) -> None:
    house.crm.accounts["1"] = account()
    house.crm.do_errors = [errors.Refused("a backup job uses the user")] * 2
    await house.ran()
    assert (await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id, click="one")).ok
    await house.engine.drain()

    assert not (await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id, click="one")).ok
    assert (await house.view(1)).case.attempt == 2


async def test_a_click_that_failed_acts_when_it_is_delivered_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = await house.planned_in_crm()
    monkeypatch.setattr("bot.cases.deciding.starting.begin", _breaks)
    with pytest.raises(RuntimeError):
        await house.approved(view, click="one")
    monkeypatch.undo()

    assert (await house.approved(view, click="one")).ok


async def _breaks(*_: object) -> None:
    raise RuntimeError("the database is gone")
