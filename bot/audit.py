"""The hash-chained log: how events are sealed and how a chain is checked. Pure; `bot.store` keeps the rows.

An event's hash is SHA-256 over the version byte and the canonical JSON (keys sorted, no blanks, ASCII) of
`[chain, seq, at, kind, body, previous hash]`. Its body holds facts as they are, and of personal values only
HMAC-SHA256 under a salt of 32 random bytes each: where value and salt are deleted, the chain still verifies and the
value can no longer be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

VERSION: Final = b"\x01"
SALT_BYTES: Final = 32
REFUSALS: Final = "refusals"
"""The chain of what was refused where there is no case."""
GIVEN_OUT: Final = "evidence given out"
STATUS_READ: Final = "status read"
READINGS: Final = frozenset({GIVEN_OUT, STATUS_READ})
"""Kinds of events that say that somebody read. They change nothing of a case: they make no new edition of its pack."""


def chain_of(case_id: int | None) -> str:
    """The name of a case's chain, e.g. `case:12`, or of the chain of refusals."""
    return REFUSALS if case_id is None else f"case:{case_id}"


@dataclass(frozen=True, slots=True)
class Event:
    """One sealed event. `seq` counts from 1 in its chain; `body` is canonical JSON; `at` is UTC."""

    chain: str
    seq: int
    at: datetime
    kind: str
    body: str
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """A personal value that an event only holds the keyed digest of."""

    seq: int
    field: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain goes. `seq` 0 and a hash of zeros: nothing was written yet."""

    chain: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Defect:
    """Where a chain is broken first, and how, for people. Holds no personal value."""

    chain: str
    seq: int
    says: str


def start(chain: str) -> Head:
    """The head of a chain without events."""
    return Head(chain, 0, bytes(hashlib.sha256().digest_size))


def append(
    head: Head, at: datetime, kind: str, facts: Mapping[str, object], personal: Mapping[str, str]
) -> tuple[Event, tuple[PersonalValue, ...]]:
    """Seal the event that follows `head`. TypeError where a fact has no one spelling (fractions, objects)."""
    seq = head.seq + 1
    values = tuple(
        PersonalValue(seq, field, secrets.token_bytes(SALT_BYTES), value) for field, value in sorted(personal.items())
    )
    digests = {value.field: commitment(value.salt, value.value) for value in values}
    body = _canonical({"facts": _plain(facts), "personal": digests})
    return Event(head.chain, seq, at, kind, body, head.hash, _seal(head, at, kind, body)), values


def commitment(salt: bytes, value: str) -> str:
    """The keyed digest that stands in an event for a personal value, in hex."""
    return hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()


def check(events: Sequence[Event], values: Iterable[PersonalValue] = (), head: Head | None = None) -> Defect | None:
    """Return the first defect of one whole chain, in the order of its events, or None where it is unbroken.

    Without a `head` kept elsewhere, events missing at the end cannot be noticed. Values may be missing, not differ.
    """
    last = start(events[0].chain if events else "")
    for event in events:
        if (says := _defect(last, event)) is not None:
            return Defect(event.chain, last.seq + 1, says)
        last = Head(event.chain, event.seq, event.hash)
    return _check_values(events, values) or _check_head(events, head)


def _defect(last: Head, event: Event) -> str | None:
    if event.chain != last.chain:
        return "the event belongs to another chain"
    if event.seq != last.seq + 1:
        return "an event is missing or out of order"
    if event.prev_hash != last.hash:
        return "the event does not follow the one before it"
    if event.hash != _seal(last, event.at, event.kind, event.body):
        return "the event was changed"
    return None


def _check_values(events: Sequence[Event], values: Iterable[PersonalValue]) -> Defect | None:
    for value in values:
        event = events[value.seq - 1] if 0 < value.seq <= len(events) else None
        if event is None:
            chain = events[0].chain if events else ""
            return Defect(chain, value.seq, "a personal value belongs to no event")
        if not hmac.compare_digest(_committed(event, value.field), commitment(value.salt, value.value)):
            return Defect(event.chain, value.seq, "a personal value is not the one that was logged")
    return None


def _committed(event: Event, field: str) -> str:
    """The digest that an event holds for a personal value; "" where it holds none, or is written by somebody else."""
    try:
        digest = json.loads(event.body)["personal"][field]
    except (ValueError, KeyError, TypeError):
        return ""
    return digest if isinstance(digest, str) and digest.isascii() else ""


def check_end(events: Sequence[Event], head: Head) -> Defect | None:
    """Return a defect where the head kept beside a chain is not that of its last event."""
    last = Head(events[-1].chain, events[-1].seq, events[-1].hash) if events else start(head.chain)
    return None if head == last else Defect(head.chain, head.seq, "the head is not that of the last event")


def _check_head(events: Sequence[Event], head: Head | None) -> Defect | None:
    if head is None or head.seq == 0:
        return None
    if head.seq > len(events):
        return Defect(head.chain, len(events) + 1, "events are missing at the end")
    event = events[head.seq - 1]
    if (event.chain, event.hash) != (head.chain, head.hash):
        return Defect(head.chain, head.seq, "the event is not the one that the head was taken from")
    return None


def _seal(head: Head, at: datetime, kind: str, body: str) -> bytes:
    sealed = _canonical([head.chain, head.seq + 1, _moment(at), kind, body, head.hash.hex()])
    return hashlib.sha256(VERSION + sealed.encode()).digest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _moment(at: datetime) -> str:
    """A time in its one spelling. ValueError where it has no zone."""
    if at.tzinfo is None:
        raise ValueError("A time without a zone cannot be logged.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: object) -> object:
    """The value in the types that canonical JSON has one spelling for."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"A fact of type {type(value).__name__} cannot be logged.")
