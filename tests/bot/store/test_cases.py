from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import RELEASED, CaseState, Person
from bot.ports import KeyTaken
from bot.store import SqlStore
from tests.bot.store.samples import DANA, NOON, OMAR, SYSTEMS, leaver, opened, request, try_open


async def test_a_case_is_read_as_it_was_opened(store: SqlStore) -> None:
    case = await opened(store)
    assert (case.state, case.leaver, case.requester, case.systems) == (CaseState.LOOKING, DANA, OMAR, SYSTEMS)
    assert (case.when, case.expires_at, case.channel) == (NOON, NOON + timedelta(days=3), "C1")
    assert await store.cases() == (case,)
    async with store.begin() as tx:
        assert await tx.case(case.id) == case


async def test_times_are_read_in_utc_to_the_microsecond(store: SqlStore) -> None:
    await opened(store)
    (case,) = await store.cases()
    assert case.when is not None
    assert case.when.isoformat() == "2026-11-22T12:00:00.123456+00:00"


async def test_a_case_that_is_not_there_is_none(store: SqlStore) -> None:
    assert await store.view(4711) is None
    async with store.begin() as tx:
        assert await tx.case(4711) is None
        assert await tx.view(4711) is None


async def test_opening_twice_from_one_view_opens_once(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        assert await tx.case_of_view("V1") == case.id
        assert await try_open(tx, request()) == case
        assert await tx.case_of_view("V2") is None
    assert len(await store.cases()) == 1


@pytest.mark.parametrize(
    ("mail", "login"), [("DANA.FOX@example.COM", "other"), ("other@example.com", "DFOX")], ids=["mail", "log-in"]
)
async def test_one_shared_key_is_enough_to_be_the_same_person(store: SqlStore, mail: str, login: str) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        assert await try_open(tx, request("V2", leaver(mail, login))) == KeyTaken(case.id)
    assert await store.cases() == (case,)


async def test_a_refused_opening_leaves_no_key_behind(store: SqlStore) -> None:
    await opened(store)
    async with store.begin() as tx:
        assert isinstance(await try_open(tx, request("V2", leaver("new@example.com", "dfox"))), KeyTaken)
    await opened(store, request("V3", leaver("new@example.com")))


async def test_a_mail_and_a_login_of_the_same_text_are_two_keys(store: SqlStore) -> None:
    await opened(store, request("V1", leaver("a@example.com", "shared@example.com")))
    await opened(store, request("V2", leaver("shared@example.com")))


async def test_what_only_looks_alike_is_another_person(store: SqlStore) -> None:
    await opened(store, request("V1", leaver("strasse@example.com")))
    await opened(store, request("V2", leaver("stra\N{LATIN SMALL LETTER SHARP S}e@example.com")))


async def test_a_rolled_back_opening_never_was(store: SqlStore) -> None:
    with pytest.raises(RuntimeError, match="no"):
        await _open_and_fail(store)
    assert await store.cases() == ()
    await opened(store)


async def test_cases_are_listed_by_state_and_newest_first(store: SqlStore) -> None:
    first = await opened(store, request("V1", leaver("a@example.com")))
    second = await opened(store, request("V2", leaver("b@example.com")))
    async with store.begin() as tx:
        await tx.move(first, CaseState.WAITING)
    assert [case.id for case in await store.cases()] == [second.id, first.id]
    assert [case.id for case in await store.cases(frozenset({CaseState.WAITING}))] == [first.id]
    assert await store.cases(frozenset()) == ()


async def test_a_move_changes_state_and_columns_and_nothing_else(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        moved = await tx.move(case, CaseState.WAITING, turn=1, start_at=NOON, expires_at=None, ended_by="U1")
    assert moved is not None
    assert (moved.state, moved.turn, moved.start_at, moved.expires_at) == (CaseState.WAITING, 1, NOON, None)
    assert (moved.leaver, moved.systems, moved.ended_by) == (DANA, SYSTEMS, "U1")
    assert await store.cases() == (moved,)


async def test_who_moves_second_gets_none(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        assert await tx.move(case, CaseState.WAITING) is not None
    async with store.begin() as tx:
        assert await tx.move(case, CaseState.CANCELLED) is None
    assert (await store.cases())[0].state is CaseState.WAITING


async def test_columns_change_without_a_new_state(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        moved = await tx.move(case, CaseState.LOOKING, closing_note="seen")
    assert moved is not None
    assert (moved.state, moved.closing_note) == (CaseState.LOOKING, "seen")


async def test_a_transition_outside_the_table_is_an_error(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        with pytest.raises(ValueError, match="looking to running"):
            await tx.move(case, CaseState.RUNNING)
        with pytest.raises(ValueError, match="leaver"):
            await tx.move(case, CaseState.WAITING, leaver="somebody else")


@pytest.mark.parametrize("end", sorted(RELEASED))
async def test_an_ended_case_lets_the_person_have_a_new_one(store: SqlStore, end: CaseState) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        waiting = await tx.move(case, CaseState.WAITING)
        assert waiting is not None
        assert await tx.move(waiting, end, ended_at=await tx.now()) is not None
    assert (await opened(store, request("V2"))).id > case.id


async def test_a_case_that_is_opened_again_takes_the_person_back(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        closed = await tx.move(case, CaseState.CLOSED)
        assert closed is not None
        assert await tx.move(closed, CaseState.NEEDS_PEOPLE, ended_at=None) is not None
    async with store.begin() as tx:
        assert await try_open(tx, request("V2")) == KeyTaken(case.id)


async def test_a_reopened_case_leaves_a_newer_one_its_keys(store: SqlStore) -> None:
    old = await opened(store)
    async with store.begin() as tx:
        closed = await tx.move(old, CaseState.CLOSED)
    new = await opened(store, request("V2"))
    async with store.begin() as tx:
        assert closed is not None
        assert await tx.move(closed, CaseState.NEEDS_PEOPLE) is not None
    async with store.begin() as tx:
        assert await try_open(tx, request("V3")) == KeyTaken(new.id)


async def test_a_persons_openings_are_counted_since_a_moment(store: SqlStore) -> None:
    case = await opened(store)
    await opened(store, request("V2", leaver("b@example.com"), Person("U0ELSE", "T1")))
    async with store.begin() as tx:
        assert await tx.opened_since(OMAR.user_id, case.opened_at) == 1
        assert await tx.opened_since(OMAR.user_id, case.opened_at + timedelta(microseconds=1)) == 0
        assert await tx.opened_since("U0NOBODY", case.opened_at) == 0


async def test_text_that_no_database_takes_is_kept_readable(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        moved = await tx.move(case, CaseState.LOOKING, closing_note="a\x00b\ud800c \N{FOX FACE}")
    assert moved is not None
    assert moved.closing_note == "a\ufffdb\ufffdc \N{FOX FACE}"


async def _open_and_fail(store: SqlStore) -> None:
    async with store.begin() as tx:
        await try_open(tx, request())
        raise RuntimeError("no")
