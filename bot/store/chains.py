"""The audit chains' rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import audit
from bot.store.columns import storable
from bot.store.insert import insert
from bot.store.tables import audit_chains, audit_events, audit_values

# Every transaction appends; statements that are built once cost a third of those that are built anew.
_NAMED = audit_chains.c.name == bindparam("chain")
_HEAD = select(audit_chains).where(_NAMED).with_for_update()
_MOVED = update(audit_chains).where(_NAMED).values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))
_EVENT = plain_insert(audit_events)
_VALUES = plain_insert(audit_values)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that is to be sealed."""

    at: datetime
    kind: str
    facts: Mapping[str, object]
    personal: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chain:
    """A whole chain as it stands, with the personal values that were not deleted yet. `sealed`: up to which event."""

    head: audit.Head
    events: tuple[audit.Event, ...]
    values: tuple[audit.PersonalValue, ...]
    sealed: int = 0

    @property
    def defect(self) -> audit.Defect | None:
        """Where it is broken first, or None."""
        return audit.check(self.events, self.values, self.head)


async def append(connection: AsyncConnection, name: str, entries: Sequence[Entry]) -> None:
    """Seal events and store them. The chain is held until the transaction ends, so that no number is given twice."""
    head = await _hold(connection, name)
    events, values = [], []
    for entry in entries:
        personal = {field: storable(text) for field, text in entry.personal.items()}
        event, kept = audit.append(head, entry.at, entry.kind, entry.facts, personal)
        head = audit.Head(name, event.seq, event.hash)
        events.append(_event_row(event))
        values += [_value_row(name, value) for value in kept]
    await connection.execute(_EVENT, events)
    if values:
        await connection.execute(_VALUES, values)
    await connection.execute(_MOVED, {"chain": name, "to_seq": head.seq, "to_hash": head.hash})


async def _hold(connection: AsyncConnection, name: str) -> audit.Head:
    found = await _held(connection, name)
    if found is None:
        begun = audit.start(name)
        first = insert(connection, audit_chains).values(name=name, seq=begun.seq, hash=begun.hash, sealed=0)
        await connection.execute(first.on_conflict_do_nothing())
        found = await _held(connection, name)
    if found is None:
        raise LookupError("A chain of the audit was deleted while it was begun.")
    return found


async def _held(connection: AsyncConnection, name: str) -> audit.Head | None:
    row = (await connection.execute(_HEAD, {"chain": name})).one_or_none()
    return None if row is None else audit.Head(row.name, row.seq, row.hash)


def _event_row(event: audit.Event) -> dict[str, object]:
    return {
        "chain": event.chain,
        "seq": event.seq,
        "at": event.at,
        "kind": event.kind,
        "body": event.body,
        "prev_hash": event.prev_hash,
        "hash": event.hash,
    }


def _value_row(chain: str, value: audit.PersonalValue) -> dict[str, object]:
    return {"chain": chain, "seq": value.seq, "field": value.field, "salt": value.salt, "value": value.value}


async def heads(connection: AsyncConnection) -> tuple[audit.Head, ...]:
    """How far every chain goes, by name."""
    rows = await connection.execute(select(audit_chains).order_by(audit_chains.c.name))
    return tuple(audit.Head(row.name, row.seq, row.hash) for row in rows)


async def read(connection: AsyncConnection, name: str) -> Chain:
    """A whole chain; without events where nothing was written under that name."""
    row = (await connection.execute(select(audit_chains).where(audit_chains.c.name == name))).one_or_none()
    head = audit.start(name) if row is None else audit.Head(row.name, row.seq, row.hash)
    of_chain = select(audit_events).where(audit_events.c.chain == name).order_by(audit_events.c.seq)
    events = tuple(
        audit.Event(row.chain, row.seq, row.at, row.kind, row.body, row.prev_hash, row.hash)
        for row in await connection.execute(of_chain)
    )
    kept = select(audit_values).where(audit_values.c.chain == name).order_by(audit_values.c.seq, audit_values.c.field)
    values = tuple(
        audit.PersonalValue(row.seq, row.field, row.salt, row.value) for row in await connection.execute(kept)
    )
    return Chain(head, events, values, 0 if row is None else row.sealed)


async def forget_values(connection: AsyncConnection, name: str, before: datetime | None) -> int:
    """Delete the personal values of a chain with their salts; say how many. The chain still verifies."""
    which = audit_values.c.chain == name
    if before is not None:
        old = select(audit_events.c.seq).where(audit_events.c.chain == name, audit_events.c.at < before)
        which &= audit_values.c.seq.in_(old)
    return (await connection.execute(delete(audit_values).where(which))).rowcount
