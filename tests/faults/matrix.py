"""The cells of the matrix, how they are lived, and what is wrong with how one ended."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bot.model import Word
from bot.removal import MAX_SENDS
from tests.faults.befalling import BEFALLINGS, Befalling
from tests.faults.calls import CALLS, Call, Stage
from tests.faults.events import EVENTS, Event
from tests.faults.expected import expected
from tests.faults.life import Ending, Trouble
from tests.faults.pool import live_all
from tests.faults.ways import WAYS, Way
from tests.providers.subjects import BY_KIND


@dataclass(frozen=True, slots=True)
class Cell:
    """One call and what befalls it, once or for good; `way` is empty for the kind's default way of logging on."""

    kind: str
    call: str
    fault: str
    lasting: bool
    way: str = ""

    def __str__(self) -> str:
        system = f"{self.kind} by {self.way}" if self.way else self.kind
        return f"{system}: {self.call}, {self.fault}{' for good' if self.lasting else ''}"


@dataclass(frozen=True, slots=True)
class Happening:
    """What somebody else does in one system."""

    kind: str
    event: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.event}"


_MORE: Final = 8
"""How many times the patience a slow life gets that went wrong: seconds, which no machine needs for one call."""

Name: TypeAlias = Cell | Happening


@dataclass(frozen=True, slots=True)
class Case:
    """A cell with its trouble, and the word that it must end with."""

    name: Name
    trouble: Trouble
    word: str


def _cells(calls: Iterable[Call], way: Way | None = None) -> Iterator[Case]:
    for call in calls:
        for befalling in BEFALLINGS:
            if call.stage is Stage.STEP or not befalling.steps_only:
                for lasting in (False, True) if befalling.lasts else (False,):
                    yield _cell(call, befalling, way, lasting=lasting)


def _cell(call: Call, befalling: Befalling, way: Way | None, *, lasting: bool) -> Case:
    trouble = Trouble((call.stage, call.step), befalling.on(call, lasting=lasting), is_slow=befalling.is_slow)
    if way is not None:
        trouble = replace(trouble, more=way.settings(), prepare=way.prepare)
    name = Cell(call.kind, call.name, befalling.name, lasting, call.way)
    return Case(name, trouble, expected(call, befalling, lasting=lasting))


def _happening(event: Event) -> Case:
    return Case(Happening(event.kind, event.name), event.trouble(), event.word)


CASES: Final = {
    kind: (*_cells(calls), *(_happening(event) for event in EVENTS if event.kind == kind))
    for kind, calls in CALLS.items()
}
"""By kind, in its default way of logging on."""
OTHER_WAYS: Final = {way.title: tuple(_cells(way.calls, way)) for way in WAYS}
"""By the title of the way."""


def sample(kind: str) -> tuple[Case, ...]:
    """Return every other case of a kind in which a fault comes once, and all that others do: seconds, not minutes."""
    cells = [case for case in CASES[kind] if isinstance(case.name, Cell) and not case.name.lasting]
    return (*cells[::2], *(case for case in CASES[kind] if isinstance(case.name, Happening)))


def sample_of_way(title: str) -> tuple[Case, ...]:
    """Return every fifth case of another way in which a fault comes once."""
    return tuple(case for case in OTHER_WAYS[title] if isinstance(case.name, Cell) and not case.name.lasting)[::5]


def endings(cases: Sequence[Case]) -> dict[Name, Ending]:
    """Live cases of one kind. Blocks for some seconds; must not be called in a running loop."""
    kind = cases[0].name.kind
    # Two thousand broken connections would be told with their traces: half of the time, and nobody reads them.
    logging.disable(logging.CRITICAL)
    try:
        lived = _lived(kind, cases)
        # A time limit of less than a second is broken by a busy machine too: where that may be it, it gets more time.
        hasty = [_with_time(case) for case in cases if case.trouble.is_slow and wrongs(case, lived[case.name])]
        return lived | (_lived(kind, hasty) if hasty else {})
    finally:
        logging.disable(logging.NOTSET)


def _lived(kind: str, cases: Sequence[Case]) -> dict[Name, Ending]:
    return asyncio.run(live_all(BY_KIND[kind], ((case.name, case.trouble) for case in cases)))


def _with_time(case: Case) -> Case:
    trouble = case.trouble
    fault = trouble.fault and replace(trouble.fault, seconds=trouble.fault.seconds * _MORE)
    return replace(case, trouble=replace(trouble, fault=fault, patience=trouble.patience * _MORE))


def wrongs(case: Case, ending: Ending) -> list[str]:
    """Return what is wrong with an ending: the word, or anything that must hold whatever happens."""
    found = [f"ended as {ending.word} ({ending.says}), not as {case.word}"] if ending.word != case.word else []
    if not ending.befell:
        found.append("the trouble never came")
    if ending.harmed:
        found.append(f"took away or changed what was not planned: {', '.join(ending.harmed)}")
    if ending.blind:
        found.append(f"{ending.blind} writes without a read since the last one")
    found += [f"sent {step} {times} times" for step, times in ending.sent.items() if times > MAX_SENDS]
    return [*found, *_lies(ending)]


def _lies(ending: Ending) -> Iterator[str]:
    if ending.word in {Word.REMOVED, Word.ABSENT} and ending.stands:
        yield f"said to be {ending.word}, and still there"
    if ending.word in {Word.FAILED, Word.REFUSED, Word.MANUAL} and not ending.stands:
        yield f"said to be {ending.word}, and gone"
    others = [word for word in Word if word != ending.word and re.search(rf"\b{word}\b", ending.says)]
    if others:
        yield f"the sentence holds another outcome's word: {ending.says}"
    if "dana" in ending.says.lower():
        yield f"the sentence names somebody: {ending.says}"
