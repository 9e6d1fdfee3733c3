from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from bot.model import CaseState
from bot.store import SqlStore
from bot.store.tables import audit_events, audit_values
from tests.bot.store.samples import LOOK, approval, opened, plan


async def _log(store: SqlStore) -> str:
    case = await opened(store)
    for kind in ("opened", "approved", "closed"):
        async with store.begin() as tx:
            await tx.audit(
                case.id, kind, {"at": await tx.now(), "turn": 1}, {"who": "Dana\x00 Fox", "mail": "d@x.test"}
            )
    return f"case:{case.id}"


async def test_a_chain_is_read_as_it_was_written(store: SqlStore) -> None:
    chain = await store.chain(await _log(store))
    assert [(event.seq, event.kind) for event in chain.events] == [(1, "opened"), (2, "approved"), (3, "closed")]
    assert chain.head.hash == chain.events[-1].hash
    assert chain.defect is None
    assert {value.value for value in chain.values} == {"Dana\ufffd Fox", "d@x.test"}


async def test_no_personal_value_stands_in_an_event(store: SqlStore) -> None:
    chain = await store.chain(await _log(store))
    assert not any("Dana" in event.body or "d@x.test" in event.body for event in chain.events)


async def test_a_chain_verifies_after_its_personal_values_were_deleted(store: SqlStore) -> None:
    name = await _log(store)
    assert await store.forget_values(name) == 6
    chain = await store.chain(name)
    assert chain.values == ()
    assert chain.defect is None


async def test_only_values_of_old_events_are_deleted_where_a_time_is_given(store: SqlStore) -> None:
    name = await _log(store)
    middle = (await store.chain(name)).events[1].at
    assert await store.forget_values(name, middle) == 2
    chain = await store.chain(name)
    assert {value.seq for value in chain.values} == {2, 3}
    assert chain.defect is None


async def test_a_forgotten_case_leaves_a_chain_without_its_person(store: SqlStore) -> None:
    name = await _log(store)
    (case,) = await store.cases()
    assert not await store.forget_case(case.id)
    async with store.begin() as tx:
        await tx.put_look(case.id, LOOK)
        await tx.add_plan(plan(case))
        await tx.add_approval(case.id, approval("U1"))
        await tx.want(case.id, "root")
        await tx.move(case, CaseState.CANCELLED)
    assert await store.forget_case(case.id)
    chain = await store.chain(name)
    assert (await store.cases(), chain.values, len(chain.events), chain.defect) == ((), (), 3, None)


async def test_a_case_and_the_refusals_have_chains_of_their_own(store: SqlStore) -> None:
    name = await _log(store)
    async with store.begin() as tx:
        await tx.audit(None, "refused", {}, {})
    assert [(head.chain, head.seq) for head in await store.heads()] == [(name, 3), ("refusals", 1)]
    assert (await store.chain("refusals")).defect is None


async def test_a_chain_that_nobody_wrote_is_empty_and_unbroken(store: SqlStore) -> None:
    chain = await store.chain("case:4711")
    assert (chain.events, chain.head.seq, chain.defect) == ((), 0, None)


@pytest.mark.parametrize("column", ["body", "kind"])
async def test_a_row_that_was_changed_is_found(store: SqlStore, column: str) -> None:
    name = await _log(store)
    async with store.begin() as tx:
        at = (audit_events.c.chain == name) & (audit_events.c.seq == 2)
        await tx.connection.execute(update(audit_events).where(at).values({column: '{"facts":{},"personal":{}}'}))
    defect = (await store.chain(name)).defect
    assert defect is not None
    assert defect.seq == 2


@pytest.mark.parametrize("seq", [1, 2, 3])
async def test_a_row_that_was_dropped_is_found(store: SqlStore, seq: int) -> None:
    name = await _log(store)
    await store.forget_values(name)
    async with store.begin() as tx:
        at = (audit_events.c.chain == name) & (audit_events.c.seq == seq)
        await tx.connection.execute(delete(audit_events).where(at))
    defect = (await store.chain(name)).defect
    assert defect is not None
    assert defect.seq == seq


async def test_a_personal_value_that_was_changed_is_found(store: SqlStore) -> None:
    name = await _log(store)
    async with store.begin() as tx:
        at = (audit_values.c.chain == name) & (audit_values.c.seq == 3) & (audit_values.c.field == "who")
        await tx.connection.execute(update(audit_values).where(at).values(value="Somebody Else"))
    defect = (await store.chain(name)).defect
    assert defect is not None
    assert defect.seq == 3
    assert "Somebody" not in defect.says


async def test_an_older_head_kept_elsewhere_still_fits(store: SqlStore) -> None:
    name = await _log(store)
    kept = (await store.chain(name)).head
    await _append(store, int(name.removeprefix("case:")))
    chain = await store.chain(name)
    assert replace(chain, head=kept).defect is None
    assert replace(chain, head=replace(kept, hash=bytes(32))).defect is not None


async def _append(store: SqlStore, case_id: int) -> None:
    async with store.begin() as tx:
        await tx.audit(case_id, "checked again", {}, {})


async def test_a_rolled_back_event_leaves_no_gap(store: SqlStore) -> None:
    name = await _log(store)
    case_id = int(name.removeprefix("case:"))
    with contextlib.suppress(ConnectionError):
        async with store.begin() as tx:
            await tx.audit(case_id, "never was", {}, {"who": "x"})
            await tx.write_last()
            raise ConnectionError
    await _append(store, case_id)
    chain = await store.chain(name)
    assert [event.seq for event in chain.events] == [1, 2, 3, 4]
    assert chain.defect is None
