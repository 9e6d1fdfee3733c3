from __future__ import annotations

import contextlib
from datetime import UTC, datetime

from bot.store import SqlStore
from tests.bot.store.samples import opened


async def _due(store: SqlStore) -> list[tuple[str, str, int, str]]:
    posts = await store.due_posts(datetime.now(UTC), 10)
    return [(post.key, post.channel, post.wanted, post.text) for post in posts]


async def test_events_of_one_transaction_follow_one_another_in_their_order(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.audit(case.id, "first", {"number": 1}, {"who": "dana"})
        await tx.audit(None, "elsewhere", {}, {})
        await tx.audit(case.id, "second", {"number": 2}, {})
    async with store.begin() as tx:
        await tx.audit(case.id, "third", {}, {"who": "dana"})

    own, refusals = await store.chain(f"case:{case.id}"), await store.chain("refusals")

    assert [(event.seq, event.kind) for event in own.events] == [(1, "first"), (2, "second"), (3, "third")]
    assert [(value.seq, value.value) for value in own.values] == [(1, "dana"), (3, "dana")]
    assert [event.kind for event in refusals.events] == ["elsewhere"]
    assert own.defect is None
    assert refusals.defect is None


async def test_an_event_is_what_it_was_when_it_was_told(store: SqlStore) -> None:
    case = await opened(store)
    facts = {"systems": "crm"}
    async with store.begin() as tx:
        await tx.audit(case.id, "run", facts, {})
        facts["systems"] = "chat"

    (event,) = (await store.chain(f"case:{case.id}")).events
    assert "crm" in event.body


async def test_a_message_that_is_wanted_twice_is_wanted_once_with_its_last_text(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.want(case.id, "root", text="early")
        await tx.want(case.id, "root", "dm:a", channel="U1", text="late")
        await tx.want(case.id, "root")

    assert await _due(store) == [("root", "C1", 1, "late"), ("dm:a", "U1", 1, "late")]


async def test_a_message_wanted_before_its_case_moves_is_posted_where_it_moves_to(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        await tx.want(case.id, "root")
        await tx.relocate(case.id, "C0ELSEWHERE")

    assert [channel for _, channel, _, _ in await _due(store)] == ["C0ELSEWHERE"]


async def test_an_event_that_cannot_be_spelled_takes_the_whole_transaction_with_it(store: SqlStore) -> None:
    case = await opened(store)
    with contextlib.suppress(TypeError):
        async with store.begin() as tx:
            await tx.want(case.id, "root")
            await tx.audit(case.id, "run", {"share": 0.5}, {})

    assert await _due(store) == []
    assert (await store.chain(f"case:{case.id}")).events == ()


async def test_personal_values_told_and_forgotten_in_one_transaction_are_gone(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.audit(None, "refused", {}, {"who": "dana"})
        await tx.forget_refused(datetime(9999, 1, 1, tzinfo=UTC))

    refusals = await store.chain("refusals")
    assert refusals.values == ()
    assert len(refusals.events) == 1
