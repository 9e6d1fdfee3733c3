"""Two that carry out the same work never both send on the strength of one read."""

from __future__ import annotations

import pytest

from bot.errors import Overtaken
from bot.ledger import CaseLedger
from bot.model import CaseState
from tests.bot.conftest import House
from tests.bot.fakes import DELETE, FakeReporter, account

CRM = account()


async def running(house: House) -> int:
    """The number of a case that runs, with Dana's account in the CRM still to be removed."""
    view = await house.planned_in_crm()
    assert (await house.approved(view)).ok
    assert (await house.view(view.case.id)).case.state is CaseState.RUNNING
    return view.case.id


def ledger(house: House, case_id: int) -> CaseLedger:
    return CaseLedger(house.store, FakeReporter(), case_id, 1, CRM)


async def test_whoever_has_read_before_another_was_about_to_write_must_read_again(house: House) -> None:
    case_id = await running(house)
    one, other = ledger(house, case_id), ledger(house, case_id)
    assert await one.past() == await other.past() == ()

    assert await one.intend(CRM, DELETE)
    with pytest.raises(Overtaken):
        await other.intend(CRM, DELETE)

    assert len(await one.past()) == 1


async def test_whoever_knows_what_the_other_was_about_to_write_may_go_on(house: House) -> None:
    case_id = await running(house)
    one, other = ledger(house, case_id), ledger(house, case_id)
    await one.past()
    assert await one.intend(CRM, DELETE)

    assert len(await other.past()) == 1
    assert await other.intend(CRM, DELETE)


async def test_what_one_has_written_itself_does_not_stop_it(house: House) -> None:
    own = ledger(house, await running(house))
    await own.past()

    assert await own.intend(CRM, DELETE)
    assert await own.intend(CRM, DELETE)
