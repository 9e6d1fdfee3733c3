"""Who comes first wins, and exactly one does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.model import Approval, Case, CaseState, Leaver
from bot.ports import KeyTaken, WorkKind
from bot.store import SqlStore, open_store
from tests.bot.store.samples import ACCOUNT, DANA, approval, leaver, opened, plan, request, try_open

MANY = 20


@pytest.fixture
async def both(store: SqlStore, migrated_url: str) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Two stores on one database, as two processes have them."""
    other = await open_store(migrated_url)
    yield store, other
    await other.aclose()


async def _open(store: SqlStore, view_id: str, who: Leaver = DANA) -> Case | KeyTaken:
    async with store.begin() as tx:
        return await try_open(tx, request(view_id, who))


async def test_of_many_openings_of_one_person_one_wins(both: tuple[SqlStore, SqlStore]) -> None:
    answers = await asyncio.gather(*(_open(both[turn % 2], f"V{turn}") for turn in range(MANY)))
    won = [answer for answer in answers if isinstance(answer, Case)]
    assert len(won) == 1
    assert Counter(answer for answer in answers if isinstance(answer, KeyTaken)) == {KeyTaken(won[0].id): MANY - 1}
    assert await both[0].cases() == tuple(won)


async def test_people_who_share_keys_crosswise_never_lock_each_other_out(both: tuple[SqlStore, SqlStore]) -> None:
    ring = [leaver(f"p{turn}@example.com", f"login{turn}", f"login{(turn + 1) % MANY}") for turn in range(MANY)]
    answers = await asyncio.gather(*(_open(both[turn % 2], f"V{turn}", who) for turn, who in enumerate(ring)))
    won = {turn for turn, answer in enumerate(answers) if isinstance(answer, Case)}
    assert won
    assert not any((turn + 1) % MANY in won for turn in won)


async def test_of_many_openings_from_one_view_one_case_comes(both: tuple[SqlStore, SqlStore]) -> None:
    async def press(store: SqlStore) -> int:
        async with store.begin() as tx:
            if (known := await tx.case_of_view("V1")) is not None:
                return known
            case = await try_open(tx, request("V1"))
            assert isinstance(case, Case)
            return case.id

    ids = await asyncio.gather(*(press(both[turn % 2]) for turn in range(MANY)))
    assert [case.id for case in await both[0].cases()] == list(set(ids))


async def test_a_limit_of_openings_a_person_holds_under_many_clicks(both: tuple[SqlStore, SqlStore]) -> None:
    async def press(store: SqlStore, turn: int) -> bool:
        async with store.begin() as tx:
            if await tx.opened_since("U0OMAR", await tx.now() - timedelta(days=1)) >= 3:
                return False
            return isinstance(await try_open(tx, request(f"V{turn}", leaver(f"p{turn}@example.com"))), Case)

    answers = await asyncio.gather(*(press(both[turn % 2], turn) for turn in range(MANY)))
    assert answers.count(True) == 3


async def test_of_many_who_end_work_exactly_one_sees_that_none_is_left(both: tuple[SqlStore, SqlStore]) -> None:
    case = await opened(both[0])
    names = [f"system-{turn}" for turn in range(MANY)]
    async with both[0].begin() as tx:
        await tx.add_work(case.id, WorkKind.REMOVE, 1, 1, names)

    async def end(store: SqlStore, name: str) -> int | None:
        async with store.begin() as tx:
            return await tx.end_work(case.id, WorkKind.REMOVE, 1, name)

    left = await asyncio.gather(*(end(both[turn % 2], name) for turn, name in enumerate(names)))
    assert sorted(count for count in left if count is not None) == list(range(MANY))


async def test_one_piece_of_work_that_many_end_ends_once(both: tuple[SqlStore, SqlStore]) -> None:
    case = await opened(both[0])
    async with both[0].begin() as tx:
        await tx.add_work(case.id, WorkKind.LOOK, 0, 1, ["vspc"])

    async def end(store: SqlStore) -> int | None:
        async with store.begin() as tx:
            return await tx.end_work(case.id, WorkKind.LOOK, 0, "vspc")

    assert Counter(await asyncio.gather(*(end(both[turn % 2]) for turn in range(MANY)))) == {0: 1, None: MANY - 1}


async def _approve(store: SqlStore, case: Case, yes: Approval) -> bool:
    async with store.begin() as tx:
        return await tx.add_approval(case.id, yes)


async def test_a_double_approval_is_one(both: tuple[SqlStore, SqlStore]) -> None:
    case = await opened(both[0])
    async with both[0].begin() as tx:
        await tx.add_plan(plan(case))
    said = await asyncio.gather(*(_approve(both[turn % 2], case, approval("U1")) for turn in range(MANY)))
    assert said.count(True) == 1


async def test_many_approvers_see_each_other_and_one_reaches_the_number(both: tuple[SqlStore, SqlStore]) -> None:
    case = await opened(both[0])
    async with both[0].begin() as tx:
        await tx.add_plan(plan(case))

    async def approve(store: SqlStore, user_id: str) -> int:
        async with store.begin() as tx:
            await tx.add_approval(case.id, approval(user_id))
            view = await tx.view(case.id)
            return len(view.approvals) if view else 0

    seen = await asyncio.gather(*(approve(both[turn % 2], f"U{turn}") for turn in range(MANY)))
    assert sorted(seen) == list(range(1, MANY + 1))


async def test_of_many_moves_from_one_state_one_is_made(both: tuple[SqlStore, SqlStore]) -> None:
    case = await opened(both[0])

    async def move(store: SqlStore, to: CaseState) -> Case | None:
        async with store.begin() as tx:
            return await tx.move(case, to)

    ends = [CaseState.WAITING, CaseState.CANCELLED] * (MANY // 2)
    moved = [done for done in await asyncio.gather(*(move(both[n % 2], to) for n, to in enumerate(ends))) if done]
    assert tuple(moved) == await both[0].cases()


async def test_after_a_stop_no_write_is_noted(both: tuple[SqlStore, SqlStore]) -> None:
    case = await opened(both[0])
    async with both[0].begin() as tx:
        waiting = await tx.move(case, CaseState.WAITING)
        assert waiting is not None
        running = await tx.move(waiting, CaseState.RUNNING)
        assert running is not None

    async def intend(store: SqlStore, key: str) -> tuple[bool, CaseState]:
        async with store.begin() as tx:
            noted = await tx.add_intent(case.id, 1, ACCOUNT, "delete", key)
            held = await tx.case(case.id)
            assert held is not None
            return noted, held.state

    async def stop() -> None:
        async with both[1].begin() as tx:
            await tx.move(running, CaseState.PAUSED)

    stopping = asyncio.create_task(stop())
    answers = await asyncio.gather(*(intend(both[turn % 2], f"k{turn}") for turn in range(MANY)))
    await stopping
    assert all(noted is (state is CaseState.RUNNING) for noted, state in answers)
    assert await intend(both[0], "late") == (False, CaseState.PAUSED)


async def test_a_chain_has_no_gap_however_many_write_to_it(both: tuple[SqlStore, SqlStore]) -> None:
    async def refuse(store: SqlStore, turn: int) -> None:
        async with store.begin() as tx:
            await tx.audit(None, "refused", {"turn": turn}, {"who": f"U{turn}"})

    await asyncio.gather(*(refuse(both[turn % 2], turn) for turn in range(MANY)))
    chain = await both[0].chain("refusals")
    assert [event.seq for event in chain.events] == list(range(1, MANY + 1))
    assert chain.defect is None
