"""A case from the request to its end, through the domain alone."""

from __future__ import annotations

from bot.model import CaseState, Word
from tests.bot.conftest import House
from tests.bot.fakes import account


async def test_an_approved_account_is_deleted_and_proved_gone(house: House) -> None:
    house.crm.accounts["1"] = account()

    view = await house.ran()

    assert view.case.state is CaseState.CLOSED
    assert view.word("crm") is Word.REMOVED
    assert view.word("wiki") is Word.ABSENT
    assert house.crm.journal == ["find", "close", "find", "read 1", "delete 1", "read 1", "find", "close"]


async def test_a_leaver_with_no_account_anywhere_is_answered_for_by_a_person_and_needs_no_approval(
    house: House,
) -> None:
    view = await house.planned()

    assert view.case.state is CaseState.NEEDS_PEOPLE
    assert (await house.confirmed(view)).ok
    view = await house.view(1)
    assert (view.case.state, view.case.confirmed_by) == (CaseState.CLOSED, "U0BEN")
    assert [outcome.word for outcome in view.outcomes] == [Word.ABSENT, Word.ABSENT]
    assert not house.crm.writes()
