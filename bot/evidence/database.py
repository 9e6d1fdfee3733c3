"""Checking the whole audit of a database: every chain, every seal, and heads that were kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot import audit
from bot.audit import Defect, Event, Head, PersonalValue
from bot.evidence import seals
from bot.evidence.heads import SEALS, agrees
from bot.evidence.keys import same_fingerprint
from bot.evidence.seals import Seal


class Chain(Protocol):
    """A whole chain as it stands."""

    @property
    def head(self) -> Head:
        """What is kept beside the chain."""

    @property
    def events(self) -> tuple[Event, ...]:
        """The events in their order."""

    @property
    def values(self) -> tuple[PersonalValue, ...]:
        """The personal values that were not deleted."""

    @property
    def sealed(self) -> int:
        """Up to which event the chain was sealed, by what is kept beside it."""


class Log(Protocol):
    """The audit of a database as it stands at one moment."""

    async def names(self) -> tuple[str, ...]:
        """Every chain of which anything is left."""

    async def chain(self, name: str) -> Chain:
        """One chain; empty where there is none of that name."""

    async def seals(self) -> tuple[Seal, ...]:
        """All seals, oldest first."""


@dataclass(slots=True)
class Report:
    """What was found. `signers` holds, for each key, the numbers of the first and the last seal that it signed.

    `logged` says whether the check itself stands in the audit now.
    """

    chains: int = 0
    events: int = 0
    unsealed: int = 0
    newest: Head | None = None
    signers: dict[str, tuple[int, int]] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)
    logged: bool = False


async def check_database(log: Log, held: Sequence[Head] = (), pinned: Sequence[str] = ()) -> Report:
    """Check everything. `held` are heads kept elsewhere; with `pinned` fingerprints no other key may have signed."""
    report = Report()
    every = await log.seals()
    _check_seals(report, every, pinned)
    sealed, kept = _by_chain(_sealed(every)), _by_chain(head for head in held if head.chain != SEALS)
    for name in dict.fromkeys((*await log.names(), *sealed, *kept)):
        _check_chain(report, await log.chain(name), sealed.get(name, []), kept.get(name, []))
    _check_held_seals(report, every, held)
    return report


def _check_seals(report: Report, every: Sequence[Seal], pinned: Sequence[str]) -> None:
    broken = seals.check_all(every)
    if broken is not None:
        report.defects.append(broken)
    for number, seal in enumerate(every, 1):
        begun, _ = report.signers.get(seal.key_id, (number, number))
        report.signers[seal.key_id] = (begun, number)
    for key, (begun, _) in report.signers.items():
        if pinned and not any(same_fingerprint(one, key) for one in pinned):
            report.defects.append(Defect(SEALS, begun, f"the seal is signed by a key that is not pinned: {key}"))
    if every and broken is None:
        report.newest = seals.head_of(every[-1])


def _sealed(every: Iterable[Seal]) -> Iterable[Head]:
    """The heads in all seals that can be read; those that cannot are a defect already."""
    for seal in every:
        if seals.check(seal) is None:
            yield from seals.read(seal.message).heads


def _by_chain(heads: Iterable[Head]) -> dict[str, list[Head]]:
    found: dict[str, list[Head]] = {}
    for head in heads:
        found.setdefault(head.chain, []).append(head)
    return found


def _check_chain(report: Report, chain: Chain, sealed: list[Head], kept: list[Head]) -> None:
    report.chains += 1
    report.events += len(chain.events)
    reached = max((head.seq for head in sealed), default=0)
    report.unsealed += max(0, len(chain.events) - reached)
    own = audit.check(chain.events, chain.values) or audit.check_end(chain.events, chain.head)
    found = [own] if own is not None else []
    if chain.sealed > reached:
        report.defects.append(Defect(chain.head.chain, chain.sealed, "the seal of this event is missing"))
    report.defects += found or seals.check_heads([*sealed, *kept], {chain.head.chain: chain.events})


def _check_held_seals(report: Report, every: Sequence[Seal], held: Iterable[Head]) -> None:
    for head in held:
        if head.chain != SEALS:
            continue
        if head.seq > len(every):
            report.defects.append(Defect(SEALS, head.seq, "seals are missing at the end: the head goes further"))
        elif not agrees(head, head.seq, seals.digest(every[head.seq - 1].message)):
            report.defects.append(Defect(SEALS, head.seq, "the seal is not the one that the head was taken from"))
