"""A thousand clicks of mixed people at once on one case."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from bot.model import CaseState, Word
from bot.ports import WorkKind
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT

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
        *(house.cases.approve(1, plan.turn, plan.digest, one.user_id, one.team_id, "shown") for one in people)
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
    assert kinds["refused"] == CLICKS - 2 - again
    await house.engine.drain()
    assert house.crm.writes() == ["delete 1"]
    assert (await house.view(1)).word("crm") is Word.REMOVED
