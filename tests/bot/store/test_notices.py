"""What was said once, flags, numbers and times, on each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import CaseState
from bot.store import SqlStore, open_store
from tests.bot.store.samples import NOON, leaver, opened, plan, request

HOUR = timedelta(hours=1)


async def test_what_was_said_once_is_not_said_again(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        assert await tx.note_once(case.id, "remind:1", NOON)
        assert not await tx.note_once(case.id, "remind:1")
        assert await tx.note_once(case.id, "remind:2", NOON + HOUR)

    assert await store.notes(case.id) == {"remind:1": NOON, "remind:2": NOON + HOUR}


async def test_what_is_forgotten_may_be_said_again(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.note_once(case.id, "nobody:1")
        await tx.drop_note(case.id, "nobody:1")
        assert await tx.note_once(case.id, "nobody:1")


async def test_a_flag_is_kept_replaced_and_dropped_once(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.set_flag("restored", "a")
        await tx.set_flag("restored", "b")
    assert await store.flag("restored") == "b"
    async with store.begin() as tx:
        assert await tx.drop_flag("restored")
        assert not await tx.drop_flag("restored")
    assert await store.flag("restored") is None


async def test_numbers_go_on_behind_a_given_one_and_never_back(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.number_after(41)
    assert (await opened(store)).id == 42
    async with store.begin() as tx:
        await tx.number_after(7)

    assert (await opened(store, request("V2", leaver("b@example.com")))).id > 42


async def test_the_highest_number_is_that_of_the_newest_case(store: SqlStore) -> None:
    assert await store.last_case() is None
    case = await opened(store)
    assert await store.last_case() == case.id


async def waits(store: SqlStore, *, turn: int = 1) -> int:
    """A case that waits for an approval until noon."""
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_plan(plan(case, turn))
        await tx.move(case, CaseState.WAITING, turn=turn, expires_at=NOON)
    return case.id


async def test_a_case_is_due_when_it_expires_and_not_before(store: SqlStore) -> None:
    case_id = await waits(store)

    assert await store.due_cases(NOON - timedelta(microseconds=1)) == ()
    assert await store.due_cases(NOON) == (case_id,)
    assert await store.waiting() == (case_id,)


async def test_a_case_is_to_be_reminded_once_for_each_plan(store: SqlStore) -> None:
    case_id = await waits(store, turn=2)
    assert await store.reminded_not_yet(NOON - HOUR) == ()
    assert await store.reminded_not_yet(NOON) == (case_id,)
    async with store.begin() as tx:
        await tx.note_once(case_id, "remind:1")
    assert await store.reminded_not_yet(NOON) == (case_id,)
    async with store.begin() as tx:
        await tx.note_once(case_id, "remind:2")

    assert await store.reminded_not_yet(NOON) == ()


async def test_a_case_needs_people_until_they_were_called_to_the_last(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.move(case, CaseState.NEEDS_PEOPLE, ended_at=NOON)
    assert await store.needing_people(NOON - HOUR, "overdue:3") == ()
    assert await store.needing_people(NOON, "overdue:3") == (case.id,)
    async with store.begin() as tx:
        await tx.note_once(case.id, "overdue:1", NOON + HOUR)
    assert await store.needing_people(NOON, "overdue:3") == ()
    assert await store.needing_people(NOON + HOUR, "overdue:3") == (case.id,)
    async with store.begin() as tx:
        await tx.note_once(case.id, "overdue:3", NOON)

    assert await store.needing_people(NOON + 9 * HOUR, "overdue:3") == ()


async def test_a_mark_is_the_number_and_the_beginning_of_the_hash_of_the_last_event(store: SqlStore) -> None:
    case = await opened(store)
    assert await store.mark(case.id) == ""
    async with store.begin() as tx:
        await tx.audit(case.id, "one", {}, {})
        await tx.audit(case.id, "two", {}, {})

    seq, _, head = (await store.mark(case.id)).partition(":")

    whole = await store.hash_at(case.id, 2)
    assert whole is not None
    assert (seq, head) == ("2", whole[:16])
    assert await store.hash_at(case.id, 3) is None


async def test_a_clock_of_ours_that_is_wrong_by_hours_counts_only_where_the_database_has_none(
    migrated_url: str,
) -> None:
    wrong = datetime.now(UTC) + timedelta(hours=9)
    store = await open_store(migrated_url, clock=lambda: wrong)

    told = await store.now()
    await store.aclose()

    assert told == wrong if migrated_url.startswith("sqlite") else told < wrong - HOUR
