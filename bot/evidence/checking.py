"""Checking a pack on a machine that knows nothing but the pack, a fingerprint, and perhaps a head kept elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import audit
from bot.audit import Event, Head, PersonalValue, chain_of
from bot.evidence import heads, records, seals
from bot.evidence.agreement import disagreements
from bot.evidence.container import NotAPackError
from bot.evidence.keys import fingerprint, is_signed, same_fingerprint
from bot.evidence.pack import Signed, manifest_of, read, signed_message
from bot.evidence.seals import Seal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `signer` is the fingerprint of the key in the pack, "" where that could not be read.

    `known` says that it is the pinned one. `defects` say what is broken, the outermost first.
    """

    name: str = ""
    head: str = ""
    signer: str = ""
    known: bool = False
    defects: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is broken and the signer is the one that was named."""
        return self.known and not self.defects


@dataclass(frozen=True, slots=True)
class _Opened:
    """A pack whose signature fits its manifest, and whose files fit the manifest."""

    signed: Signed
    manifest: Mapping[str, Any]
    events: tuple[Event, ...]
    values: tuple[PersonalValue, ...]
    seal: Seal


def check_pack(content: bytes, pinned: Sequence[str] = (), held: Sequence[Head] = ()) -> Verdict:
    """Check a pack. `pinned` are fingerprints from elsewhere; `held` are heads of its case, or seals, from elsewhere.

    Nothing of a pack is looked into before its signature and digests fit.
    """
    try:
        signed = read(content)
    except NotAPackError as error:
        return Verdict(defects=(str(error),))
    try:
        manifest = manifest_of(signed)
        public = bytes.fromhex(manifest["public"])
        name, head = f"{manifest['case']}, edition {manifest['edition']}", str(manifest["head"])
    except (ValueError, KeyError, TypeError):
        return Verdict(defects=("the manifest cannot be read",))
    signer = fingerprint(public)
    known = any(same_fingerprint(one, signer) for one in pinned)
    found = _outside(signed, manifest, public)
    if pinned and not known:
        found = [f"the pack is signed by another key than the pinned one: {signer}", *found]
    inside = list(_inside(signed, manifest, held)) if not found else []
    return Verdict(name, head, signer, known, (*found, *inside))


def _outside(signed: Signed, manifest: Mapping[str, Any], public: bytes) -> list[str]:
    """Say what of the signature and the digests does not fit."""
    if not is_signed(public, signed.signature, signed_message(signed.manifest)):
        return ["the manifest's signature does not fit"]
    listed = manifest.get("files")
    if not isinstance(listed, dict):
        return ["the manifest cannot be read"]
    found = [f"{name} is not in the manifest" for name in sorted(signed.files.keys() - listed.keys())]
    found += [f"{name} is missing" for name in sorted(listed.keys() - signed.files.keys())]
    both = sorted(signed.files.keys() & listed.keys())
    return found + [f"{name} was changed" for name in both if listed[name] != _measured(signed.files[name])]


def _measured(content: bytes) -> list[object]:
    return [len(content), hashlib.sha256(content).hexdigest()]


def _inside(signed: Signed, manifest: Mapping[str, Any], held: Iterable[Head]) -> Iterator[str]:
    """Say what of the chain, the seal, the heads and the records does not fit."""
    try:
        events, values = records.chain(signed.files[records.EVENTS])
        seal = records.seal_of(signed.files[records.SEAL])
        view = records.case_view(signed.files)
    except KeyError as missing:
        yield f"{missing.args[0]} is missing"
        return
    except ValueError as error:
        yield str(error)
        return
    opened = _Opened(signed, manifest, events, values, seal)
    broken = list(_chain(opened)) + list(_seal(opened))
    yield from broken
    yield from _held(opened, held)
    if not broken:
        name = chain_of(view.case.id)
        yield from () if name == events[0].chain else (f"case.json is of another case than {events[0].chain}",)
        yield from disagreements(view, events, values)


def _chain(opened: _Opened) -> Iterator[str]:
    head = heads.parsed(str(opened.manifest["head"]))
    if head is None or not opened.events:
        yield "the pack has no head, or no events"
        return
    defect = audit.check(opened.events, opened.values) or audit.check_end(opened.events, head)
    if defect is not None:
        yield f"{defect.chain}, event {defect.seq}: {defect.says}"


def _seal(opened: _Opened) -> Iterator[str]:
    says = seals.check(opened.seal)
    if says is not None:
        yield says
        return
    if opened.seal.key_id != fingerprint(bytes.fromhex(opened.manifest["public"])):
        yield "the seal is signed by another key than the pack"
    last = heads.parsed(str(opened.manifest["head"]))
    if last not in seals.read(opened.seal.message).heads:
        yield "the seal is not one of this pack's last event"


def _held(opened: _Opened, held: Iterable[Head]) -> Iterator[str]:
    """Hold the pack to heads from elsewhere; those of other chains say nothing about it, which is said too."""
    chain = opened.events[0].chain if opened.events else ""
    for head in held:
        if head.chain == heads.SEALS:
            yield from _held_seal(opened.seal, head)
        elif head.chain != chain:
            yield f"the head {head.chain}:{head.seq} is of another chain than this pack"
        else:
            found = seals.check_heads([head], {chain: opened.events})
            yield from (f"{one.chain}, event {one.seq}: {one.says}" for one in found)


def _held_seal(seal: Seal, head: Head) -> Iterator[str]:
    try:
        own = seals.head_of(seal)
    except ValueError:
        return
    if head.seq == own.seq and not heads.agrees(head, own.seq, own.hash):
        yield f"seal {head.seq}: the pack's seal is not the one that the head was taken from"
    elif head.seq != own.seq:
        yield f"seal {head.seq}: this pack holds seal {own.seq} only; check the head with verify --database"
