"""Seals: signed lists of how far the audit chains went. Each holds the heads that moved since the one before.

A seal's message is canonical JSON behind a line that says what is signed, so that no signature passes for another
kind. It names the number of the seal, the digest of the seal before, its time and the key that signs, with the public
key itself: old keys are kept by being there. Whoever keeps one seal's head elsewhere notices any change before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.audit import Defect, Event, Head, start
from bot.evidence.heads import SEALS, agrees
from bot.evidence.keys import Signer, fingerprint, is_signed

_SIGNED_AS: Final = b"offboard seal 1\n"


@dataclass(frozen=True, slots=True)
class Seal:
    """One signed list. `message` is the canonical JSON as it was signed; `key_id` the signer's fingerprint."""

    message: str
    key_id: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What a seal says. `previous` is the digest of the seal before; of the first, zeros."""

    number: int
    at: datetime
    previous: bytes
    heads: tuple[Head, ...]
    public: bytes


def make(signer: Signer, last: Head, heads: Iterable[Head], at: datetime) -> Seal:
    """Sign the heads that moved since the seal whose head is `last` (`first()` where there is none)."""
    content = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "heads": {head.chain: [head.seq, head.hash.hex()] for head in heads},
        "number": last.seq + 1,
        "previous": last.hash.hex(),
        "public": signer.public.hex(),
    }
    message = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return Seal(message, signer.fingerprint, signer.sign(_SIGNED_AS + message.encode()))


def first() -> Head:
    """The head of no seal at all."""
    return start(SEALS)


def digest(message: str) -> bytes:
    """What the next seal, and a head kept elsewhere, know a seal by."""
    return hashlib.sha256(_SIGNED_AS + message.encode()).digest()


def head_of(seal: Seal) -> Head:
    """The head of a seal. ValueError where its message is not one of ours."""
    return Head(SEALS, read(seal.message).number, digest(seal.message))


def read(message: str) -> Content:
    """Return what a message says. ValueError where it is not one of ours."""
    try:
        plain = json.loads(message)
        heads = tuple(Head(chain, int(seq), bytes.fromhex(seen)) for chain, (seq, seen) in plain["heads"].items())
        previous, public = bytes.fromhex(plain["previous"]), bytes.fromhex(plain["public"])
        return Content(int(plain["number"]), datetime.fromisoformat(plain["at"]), previous, heads, public)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ValueError("The message is not a seal's.") from None


def check(seal: Seal) -> str | None:
    """Say what is wrong with one seal by itself, or None: signed by the key that it names."""
    try:
        public = read(seal.message).public
    except ValueError:
        return "the seal cannot be read"
    if fingerprint(public) != seal.key_id:
        return "the seal names another key than the one in it"
    if not is_signed(public, seal.signature, _SIGNED_AS + seal.message.encode()):
        return "the seal's signature does not fit"
    return None


def check_all(seals: Sequence[Seal]) -> Defect | None:
    """Return the first defect of all seals of a database, in their order, or None: each follows the one before."""
    last = first()
    for seal in seals:
        says = check(seal) or _follows(seal, last)
        if says is not None:
            return Defect(SEALS, last.seq + 1, says)
        last = head_of(seal)
    return None


def _follows(seal: Seal, last: Head) -> str | None:
    content = read(seal.message)
    if content.number != last.seq + 1:
        return "a seal is missing or out of order"
    return None if content.previous == last.hash else "the seal does not follow the one before it"


def check_heads(heads: Iterable[Head], chains: Mapping[str, Sequence[Event]]) -> list[Defect]:
    """Return, for each chain, the first head that its events do not reach or agree with."""
    found: dict[str, Defect] = {}
    for head in heads:
        says = _disagreement(head, chains.get(head.chain, ()))
        if says is not None:
            found.setdefault(head.chain, Defect(head.chain, head.seq, says))
    return list(found.values())


def _disagreement(head: Head, events: Sequence[Event]) -> str | None:
    if head.seq < 1:
        return "the head is not one of a chain"
    if head.seq > len(events):
        return "events are missing at the end: the head goes further than the chain"
    event = events[head.seq - 1]
    if event.chain != head.chain or not agrees(head, event.seq, event.hash):
        return "the event is not the one that the head was taken from"
    return None
