"""What is made of a look at a system."""

from __future__ import annotations

import pytest

from bot.looks import with_steps
from bot.model import CaseState, Discovery, Sight, Word
from bot.plan import MOST_ACCOUNTS
from tests.bot.conftest import House
from tests.bot.fakes import DELETE, FakeSystem, account


def listed(number: int) -> Discovery:
    return Discovery("crm", Sight.FULL, tuple(account(id=str(one)) for one in range(number)), similar=("dan",))


def test_each_account_is_shown_with_the_steps_of_its_removal() -> None:
    look = with_steps(FakeSystem(), listed(MOST_ACCOUNTS))

    assert [one.would for one in look.accounts] == [(DELETE,)] * MOST_ACCOUNTS
    assert look.findings == ()


def test_more_accounts_than_a_person_has_are_one_finding_for_a_person_and_no_list() -> None:
    look = with_steps(FakeSystem(), listed(MOST_ACCOUNTS + 1))

    (finding,) = look.findings
    assert finding.text.startswith("This system lists 51 accounts for this person")
    assert (finding.stops, look.accounts, look.similar) == (Word.MANUAL, (), ("dan",))


async def test_a_system_that_lists_a_crowd_is_left_to_a_person_and_never_called_absent(house: House) -> None:
    house.crm.accounts = {str(one): account(id=str(one)) for one in range(60)}

    view = await house.planned()

    assert (view.word("crm"), view.case.state) == (Word.MANUAL, CaseState.NEEDS_PEOPLE)
    assert "lists 60 accounts" in view.of_system("crm")[0].sentence
    assert all(not plan.system("crm").accounts for plan in view.plans)  # type: ignore[union-attr]  # it is of the case


@pytest.mark.parametrize("together", [50, 60])
async def test_a_crowd_that_appears_after_the_approval_does_not_hide_what_was_approved(
    house: House, together: int
) -> None:
    house.crm.accounts["1"] = account()
    view = await house.planned()
    house.crm.accounts |= {f"new {one}": account(id=f"new {one}") for one in range(together)}

    view = await house.run(view)

    assert house.crm.writes() == ["delete 1"]
    assert {one.word for one in view.of_system("crm") if one.account_id == "1"} == {Word.REMOVED}
    assert view.case.state is CaseState.NEEDS_PEOPLE
