"""The whole audit in a database, and what somebody with rights to write there could do to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest
from sqlalchemy import delete, text, update

from bot.audit import Head
from bot.evidence import seals
from bot.evidence.database import Report, check_database
from bot.evidence.heads import parsed
from bot.store import SqlStore
from bot.store.tables import audit_chains, audit_events, audit_heads, audit_values
from tests.bot.evidence.packed import OURS, THEIRS
from tests.bot.store.samples import opened

Tamper = Callable[[SqlStore], Awaitable[None]]
AT = (audit_events.c.chain == "case:1") & (audit_events.c.seq == 2)


async def log(store: SqlStore, *kinds: str, case_id: int | None = 1) -> None:
    """Log that, and seal it."""
    for kind in kinds:
        async with store.begin() as tx:
            await tx.audit(case_id, kind, {"turn": 1}, {"who": "Dana Fox"})
    await store.seal(OURS)


@pytest.fixture
async def logged(store: SqlStore) -> SqlStore:
    """Two sealed chains: a case's, in two seals, and the refusals'."""
    await opened(store)
    await log(store, "opened", "approved")
    await log(store, "refused", case_id=None)
    await log(store, "ended")
    return store


async def checked(store: SqlStore, held: Sequence[Head] = (), pinned: Sequence[str] = ()) -> Report:
    async with store.audit_log() as audit:
        return await check_database(audit, held, pinned)


async def says(store: SqlStore, held: Sequence[Head] = (), pinned: Sequence[str] = ()) -> str:
    """All defects in one text."""
    found = (await checked(store, held, pinned)).defects
    return "\n".join(f"{one.chain}:{one.seq}: {one.says}" for one in found)


async def execute(store: SqlStore, *statements: object) -> None:
    async with store.begin() as tx:
        for statement in statements:
            await tx.connection.execute(statement)  # type: ignore[call-overload] # each is a statement


async def test_an_audit_as_it_was_written_is_unbroken(logged: SqlStore) -> None:
    report = await checked(logged, pinned=[OURS.fingerprint])

    assert report.defects == []
    assert (report.chains, report.events, report.unsealed) == (2, 4, 0)
    assert report.signers == {OURS.fingerprint: (1, 3)}
    assert report.newest is not None
    assert report.newest.seq == 3


async def test_what_was_written_since_the_last_seal_is_told(logged: SqlStore) -> None:
    async with logged.begin() as tx:
        await tx.audit(1, "checked again", {}, {})

    assert (await checked(logged)).unsealed == 1


async def test_nothing_new_makes_no_seal(logged: SqlStore) -> None:
    assert await logged.seal(OURS) is None


async def test_a_seal_holds_only_the_heads_that_moved(logged: SqlStore) -> None:
    async with logged.audit_log() as audit:
        held = [seals.read(seal.message).heads for seal in await audit.seals()]

    assert [[(head.chain, head.seq) for head in one] for one in held] == [
        [("case:1", 2)],
        [("refusals", 1)],
        [("case:1", 3)],
    ]


async def test_after_a_new_key_old_seals_still_verify_and_both_keys_are_named(logged: SqlStore) -> None:
    async with logged.begin() as tx:
        await tx.audit(1, "checked again", {}, {})
    await logged.seal(THEIRS)

    report = await checked(logged, pinned=[OURS.fingerprint, THEIRS.fingerprint])

    assert report.defects == []
    assert report.signers == {OURS.fingerprint: (1, 3), THEIRS.fingerprint: (4, 4)}
    assert "seal:4: the seal is signed by a key that is not pinned" in await says(logged, pinned=[OURS.fingerprint])


async def test_forgotten_personal_values_break_nothing(logged: SqlStore) -> None:
    await logged.forget_values("case:1")

    assert (await checked(logged)).defects == []


TAMPERED: list[tuple[str, list[object], str]] = [
    ("an event changed", [update(audit_events).where(AT).values(kind="declined")], "case:1:2: the event was changed"),
    ("a value changed", [update(audit_values).values(value="Otto")], "a personal value is not the one"),
    (
        "an event dropped",
        [delete(audit_values), delete(audit_events).where(AT)],
        "case:1:2: an event is missing or out of order",
    ),
    (
        "the last event dropped",
        [delete(audit_values), delete(audit_events).where(audit_events.c.chain == "case:1", audit_events.c.seq == 3)],
        "case:1:3: the head is not that of the last event",
    ),
    (
        "the chain cut with its head",
        [
            delete(audit_values),
            delete(audit_events).where(audit_events.c.chain == "refusals"),
            delete(audit_chains).where(audit_chains.c.name == "refusals"),
        ],
        "refusals:1: events are missing at the end",
    ),
    (
        "two events swapped",
        [
            delete(audit_values),
            text("UPDATE audit_events SET seq = seq + 10 WHERE chain = 'case:1' AND seq IN (1, 2)"),
            text("UPDATE audit_events SET seq = 13 - seq WHERE chain = 'case:1' AND seq > 10"),
        ],
        "case:1:1: ",
    ),
    ("a head beside the chain changed", [update(audit_chains).values(seq=2)], "the head is not that of the last event"),
    ("a seal dropped", [delete(audit_heads).where(audit_heads.c.number == 2)], "seal:2: a seal is missing"),
    (
        "the last seal dropped",
        [delete(audit_heads).where(audit_heads.c.number == 3)],
        "case:1:3: the seal of this event is missing",
    ),
    ("a seal changed", [text("UPDATE audit_heads SET message = replace(message, '202', '203')")], "seal:1: "),
    ("a seal's signature changed", [update(audit_heads).values(signature=bytes(64))], "signature does not fit"),
    ("a seal's key changed", [update(audit_heads).values(key_id=THEIRS.fingerprint)], "another key than the one in it"),
]


@pytest.mark.parametrize(("statements", "expected"), [one[1:] for one in TAMPERED], ids=[one[0] for one in TAMPERED])
async def test_whatever_was_changed_is_named(logged: SqlStore, statements: list[object], expected: str) -> None:
    await execute(logged, *statements)

    assert expected in await says(logged)


async def put_back(store: SqlStore) -> tuple[Head, Head]:
    """Take everything back to the first seal, consistently; the heads of chain and seals as they were before."""
    newest = (await checked(store)).newest
    assert newest is not None
    (chain,) = [head for head in await store.heads() if head.chain == "case:1"]
    first = (await store.chain("case:1")).events[1]
    await execute(
        store,
        delete(audit_values).where((audit_values.c.chain != "case:1") | (audit_values.c.seq > 2)),
        delete(audit_events).where((audit_events.c.chain != "case:1") | (audit_events.c.seq > 2)),
        delete(audit_chains).where(audit_chains.c.name != "case:1"),
        update(audit_chains).values(seq=2, sealed=2, hash=first.hash),
        delete(audit_heads).where(audit_heads.c.number > 1),
    )
    return chain, newest


async def test_an_older_state_put_back_is_noticed_by_a_head_kept_elsewhere(logged: SqlStore) -> None:
    chain, newest = await put_back(logged)

    assert await says(logged) == ""
    assert "case:1:3: events are missing at the end" in await says(logged, [chain])
    assert "seal:3: seals are missing at the end" in await says(logged, [newest])


async def test_an_older_state_written_on_anew_is_noticed_by_a_head_kept_elsewhere(logged: SqlStore) -> None:
    chain, newest = await put_back(logged)
    await log(logged, "nothing happened")
    await log(logged, "nothing at all")

    assert await says(logged) == ""
    assert "case:1:3: the event is not the one" in await says(logged, [chain])
    assert "seal:3: the seal is not the one" in await says(logged, [newest])


async def test_a_head_of_a_chain_that_is_gone_is_noticed(logged: SqlStore) -> None:
    assert "case:7:1: events are missing" in await says(logged, [Head("case:7", 1, bytes(32))])


async def test_a_short_head_from_a_message_finds_a_chain_that_was_rewritten(logged: SqlStore) -> None:
    mark = await logged.mark(1)
    number, _, digits = mark.partition(":")
    held = parsed(f"case:1:{mark}")
    assert held is not None
    assert await says(logged, [held]) == ""
    assert await says(logged, [held, *(one for one in [parsed(f"case:1:{number}:{digits[::-1]}")] if one)]) != ""
    assert (len(digits), parsed(f"case:1:{number}:{digits[:15]}")) == (16, None)
