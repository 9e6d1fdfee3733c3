"""Work that the engine lost becomes a person's task, and none other does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import CaseState, Sight, Word, WorkKind
from bot.ports import OpenWork
from tests.bot.conftest import House
from tests.bot.fakes import account
from tests.bot.sweeping.conftest import Time

NOW = datetime.now(UTC)
ENDS = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


async def test_work_that_waits_in_the_engine_is_left_alone(house: House, time: Time) -> None:
    await house.opened()

    await time.lost.sweep(NOW)

    assert (await house.view(1)).case.state is CaseState.LOOKING
    assert "work lost" not in await time.kinds()


async def test_the_more_is_open_the_rarer_it_is_compared(house: House, time: Time) -> None:
    await house.opened()
    many = [f"system {number}" for number in range(298)]
    async with house.store.begin() as tx:
        await tx.add_work(1, WorkKind.LOOK, 9, 0, many)
    await time.lost.sweep(NOW)
    lost_at_first = (await time.kinds()).count("work lost")
    async with house.store.begin() as tx:
        await tx.add_work(1, WorkKind.LOOK, 10, 0, ["one more"])

    await time.lost.sweep(NOW + timedelta(seconds=1))
    before_its_time = (await time.kinds()).count("work lost")
    await time.lost.sweep(NOW + timedelta(seconds=2))

    assert (lost_at_first, before_its_time) == (298, 298)
    assert (await time.kinds()).count("work lost") == 299


@pytest.mark.parametrize("word", ["PENDING", "DELAYED"])
async def test_work_under_way_is_left_alone(house: House, time: Time, word: str) -> None:
    await house.opened()
    house.engine.queue.clear()
    time.rows.words = {(WorkKind.LOOK, "crm"): word, (WorkKind.LOOK, "wiki"): word}

    await time.lost.sweep(NOW)

    assert (await house.view(1)).case.state is CaseState.LOOKING


async def test_a_look_that_the_engine_does_not_know_is_recorded_as_not_read(house: House, time: Time) -> None:
    house.crm.accounts["1"] = account()
    await house.opened()
    house.engine.queue = [work for work in house.engine.queue if work[3] != "wiki"]

    await time.lost.sweep(NOW)
    await house.engine.drain()

    view = await house.view(1)
    look = view.look("wiki")
    assert look is not None
    assert (look.sight, bool(look.reason)) == (Sight.NOT_READ, True)
    assert view.case.state is CaseState.WAITING


@pytest.mark.parametrize("word", ENDS)
async def test_a_look_that_ended_in_the_engine_alone_is_recorded_as_not_read(
    house: House, time: Time, word: str
) -> None:
    await house.opened()
    house.engine.queue.clear()
    time.rows.words = {(WorkKind.LOOK, "crm"): word, (WorkKind.LOOK, "wiki"): word}

    await time.lost.sweep(NOW)

    view = await house.view(1)
    assert [look.sight for look in view.looks] == [Sight.NOT_READ, Sight.NOT_READ]
    assert view.case.state is CaseState.NEEDS_PEOPLE
    assert (await time.kinds()).count("work lost") == 2


@pytest.mark.parametrize("word", ENDS)
async def test_a_removal_that_ended_in_the_engine_alone_says_that_the_account_stands(
    house: House, time: Time, word: str
) -> None:
    view = await house.planned_in_crm()
    assert (await house.approved(view)).ok
    house.engine.queue.clear()
    time.rows.words = {(WorkKind.REMOVE, "crm"): word, (WorkKind.REMOVE, "wiki"): word}

    await time.lost.sweep(NOW)

    view = await house.view(1)
    assert (view.word("crm"), view.case.state) == (Word.FAILED, CaseState.NEEDS_PEOPLE)
    assert house.crm.writes() == []


async def test_a_lost_removal_in_which_something_may_have_been_sent_is_not_certain(house: House, time: Time) -> None:
    view = await house.planned_in_crm()
    await house.approved(view)
    async with house.store.begin() as tx:
        assert await tx.add_intent(1, 1, account(), "delete", "key-1")
    house.engine.queue.clear()

    await time.lost.sweep(NOW)

    assert (await house.view(1)).word("crm") is Word.UNCONFIRMED


async def test_what_a_lost_removal_left_can_be_tried_again(house: House, time: Time) -> None:
    view = await house.planned_in_crm()
    await house.approved(view)
    house.engine.queue.clear()
    await time.lost.sweep(NOW)

    assert (await house.cases.retry(1, "crm", "U0ROOT", "T0ACME")).ok
    await house.engine.drain()

    assert (await house.view(1)).word("crm") is Word.REMOVED


async def test_a_later_look_that_was_lost_is_made_again_later(house: House, time: Time) -> None:
    house.crm.accounts["1"] = account()
    await house.ran()
    await house.sweeper.sweep(NOW + timedelta(days=2))
    assert [work[0] for work in house.engine.queue] == [WorkKind.RECHECK, WorkKind.RECHECK]
    house.engine.queue.clear()

    await time.lost.sweep(NOW)

    assert [look.tries for look in await house.store.rechecks(1)] == [1, 1]
    assert (await house.view(1)).case.state is CaseState.CLOSED


async def test_what_ends_while_it_is_looked_for_is_not_lost(house: House, time: Time) -> None:
    await house.opened()
    plain = time.rows.state_of

    async def ends_meanwhile(works: object) -> dict[OpenWork, str]:
        del works
        await house.engine.drain()
        return {}

    time.rows.state_of = ends_meanwhile  # type: ignore[method-assign]
    await time.lost.sweep(NOW)
    time.rows.state_of = plain  # type: ignore[method-assign]

    assert "work lost" not in await time.kinds()
    assert [look.sight for look in (await house.view(1)).looks] == [Sight.FULL, Sight.FULL]


async def test_a_second_pass_finds_nothing_more(house: House, time: Time) -> None:
    await house.opened()
    house.engine.queue.clear()
    await time.lost.sweep(NOW)
    once, events = await house.view(1), await time.kinds()

    await time.lost.sweep(NOW)

    assert (await house.view(1), await time.kinds()) == (once, events)


async def test_one_case_that_cannot_be_given_up_does_not_keep_the_others(house: House, time: Time) -> None:
    await house.opened()
    house.engine.queue.clear()
    plain = time.lost.give_up[WorkKind.LOOK]

    async def breaks(case_id: int, attempt: int, system: str) -> None:
        if system == "crm":
            raise KeyError(system)
        await plain(case_id, attempt, system)

    time.lost.give_up = {WorkKind.LOOK: breaks}
    await time.lost.sweep(NOW)

    assert [look.system for look in (await house.view(1)).looks] == ["wiki"]


async def test_the_engines_old_rows_are_deleted_thirty_days_after_their_end_and_not_in_every_pass(
    house: House, time: Time
) -> None:
    del house
    for minutes in (0, 10, 70):
        await time.lost.sweep(NOW + timedelta(minutes=minutes))

    assert time.rows.forgotten == [NOW - timedelta(days=30), NOW + timedelta(minutes=70) - timedelta(days=30)]
