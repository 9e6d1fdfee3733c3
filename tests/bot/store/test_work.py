from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model import CaseState, Outcome, Proof, Word, Working
from bot.ports import WorkKind
from bot.store import SqlStore
from tests.bot.store.samples import ACCOUNT, NOON, leaver, opened, request

LOOK, REMOVE = WorkKind.LOOK, WorkKind.REMOVE
GONE = Outcome("vspc", "7", Word.REMOVED, "The user was deleted.", NOON, proof=Proof("not found", "no match", NOON))


async def test_the_last_system_to_end_sees_that_none_is_left(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_work(case.id, LOOK, 0, 1, ["vspc", "chat"])
        assert await tx.end_work(case.id, LOOK, 0, "vspc") == 1
        assert await tx.end_work(case.id, LOOK, 0, "chat") == 0


async def test_work_ends_once(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_work(case.id, LOOK, 0, 1, ["vspc"])
        assert await tx.end_work(case.id, LOOK, 0, "vspc") == 0
        assert await tx.end_work(case.id, LOOK, 0, "vspc") is None
        assert await tx.end_work(case.id, REMOVE, 0, "vspc") is None
        assert await tx.end_work(case.id, LOOK, 1, "vspc") is None


async def test_work_of_every_kind_and_attempt_keeps_a_case_open(store: SqlStore) -> None:
    case = await opened(store)
    other = await opened(store, request("V2", leaver("b@example.com")))
    async with store.begin() as tx:
        await tx.add_work(case.id, LOOK, 0, 1, ["vspc"])
        await tx.add_work(case.id, REMOVE, 1, 1, ["vspc"])
        await tx.add_work(case.id, REMOVE, 2, 1, ["vspc"])
        await tx.add_work(other.id, REMOVE, 1, 1, ["vspc"])
        assert await tx.end_work(case.id, REMOVE, 1, "vspc") == 2


async def test_the_same_work_cannot_be_handed_over_twice(store: SqlStore) -> None:
    case = await opened(store)
    with pytest.raises(IntegrityError):
        async with store.begin() as tx:
            await tx.add_work(case.id, LOOK, 0, 1, ["vspc", "vspc"])


async def test_people_see_what_is_being_worked_on(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.add_work(case.id, LOOK, 0, 1, ["vspc", "chat"])
        await tx.add_work(case.id, REMOVE, 1, 1, [])
        await tx.note_work(case.id, "vspc", "waits for the server")
    view = await store.view(case.id)
    assert view is not None
    assert view.working == (Working("vspc", "waits for the server"), Working("chat", ""))
    async with store.begin() as tx:
        await tx.end_work(case.id, LOOK, 0, "vspc")
        await tx.note_work(case.id, "vspc", "too late")
    view = await store.view(case.id)
    assert view is not None
    assert view.working == (Working("chat", ""),)


async def test_a_write_is_noted_only_while_the_case_runs(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        assert not await tx.add_intent(case.id, 1, ACCOUNT, "delete", "k0")
        assert not await tx.add_intent(4711, 1, ACCOUNT, "delete", "k0")
        waiting = await tx.move(case, CaseState.WAITING)
        assert waiting is not None
        await tx.move(waiting, CaseState.RUNNING)
        assert await tx.add_intent(case.id, 1, ACCOUNT, "delete", "k1")
        assert [intent.key for intent in await tx.intents(case.id, "vspc", "7")] == ["k1"]


async def test_a_write_without_an_answer_is_told_from_one_with(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        waiting = await tx.move(case, CaseState.WAITING)
        assert waiting is not None
        await tx.move(waiting, CaseState.RUNNING)
        await tx.add_intent(case.id, 1, ACCOUNT, "disable", "k2")
        await tx.add_intent(case.id, 2, ACCOUNT, "delete", "k1")
        await tx.add_intent(case.id, 2, replace(ACCOUNT, id="8"), "delete", "k3")
        await tx.answer_intent(case.id, "k2", "accepted", "req-1")
    async with store.begin() as tx:
        first, second = await tx.intents(case.id, "vspc", "7")
        at = first.at
    assert (first.key, first.step, first.attempt, first.answer) == ("k2", "disable", 1, "accepted")
    assert (second.key, second.attempt, second.answer, second.account_id) == ("k1", 2, None, "7")
    assert at.utcoffset() is not None


async def test_an_answer_to_a_write_that_nobody_noted_is_an_error(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        with pytest.raises(LookupError):
            await tx.answer_intent(case.id, "k1", "accepted", "")


async def test_the_newest_outcome_of_an_account_stands(store: SqlStore) -> None:
    case = await opened(store)
    unsure = replace(GONE, word=Word.UNCONFIRMED, proof=None)
    other = replace(GONE, system="chat", account_id="")
    async with store.begin() as tx:
        await tx.put_outcome(case.id, 1, unsure)
        await tx.put_outcome(case.id, 1, other)
        await tx.put_outcome(case.id, 2, GONE)
    view = await store.view(case.id)
    assert view is not None
    assert view.outcomes == (other, GONE)


async def test_a_system_that_is_tried_again_has_no_outcome(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.put_outcome(case.id, 1, GONE)
        await tx.put_outcome(case.id, 1, replace(GONE, account_id="8"))
        await tx.put_outcome(case.id, 1, replace(GONE, system="chat"))
        await tx.drop_outcomes(case.id, "vspc")
        view = await tx.view(case.id)
    assert view is not None
    assert [outcome.system for outcome in view.outcomes] == ["chat"]
