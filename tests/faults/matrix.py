"""The cells of the matrix, how they are lived, and what is wrong with how one ended."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.model import Word
from bot.removal import MAX_SENDS
from tests.faults.befalling import BEFALLINGS, Befalling
from tests.faults.calls import CALLS, Call, Stage
from tests.faults.events import EVENTS, Event
from tests.faults.expected import expected
from tests.faults.life import Ending, Trouble
from tests.faults.pool import live_all
from tests.providers.subjects import BY_KIND


@dataclass(frozen=True, slots=True)
class Cell:
    """One call and what befalls it, once or for good."""

    kind: str
    call: str
    fault: str
    lasting: bool

    def __str__(self) -> str:
        return f"{self.kind}: {self.call}, {self.fault}{' for good' if self.lasting else ''}"


@dataclass(frozen=True, slots=True)
class Happening:
    """What somebody else does in one system."""

    kind: str
    event: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.event}"


Name: TypeAlias = Cell | Happening


@dataclass(frozen=True, slots=True)
class Case:
    """A cell with its trouble, and the word that it must end with."""

    name: Name
    trouble: Trouble
    word: str


def _cells(kind: str) -> Iterator[Case]:
    for call in CALLS[kind]:
        for befalling in BEFALLINGS:
            if call.stage is Stage.STEP or not befalling.steps_only:
                for lasting in (False, True) if befalling.lasts else (False,):
                    yield _cell(call, befalling, lasting=lasting)


def _cell(call: Call, befalling: Befalling, *, lasting: bool) -> Case:
    trouble = Trouble((call.stage, call.step), befalling.on(call, lasting=lasting), is_slow=befalling.is_slow)
    name = Cell(call.kind, call.name, befalling.name, lasting)
    return Case(name, trouble, expected(call, befalling, lasting=lasting))


def _happening(event: Event) -> Case:
    return Case(Happening(event.kind, event.name), event.trouble(), event.word)


CASES: Final = {kind: (*_cells(kind), *(_happening(event) for event in EVENTS if event.kind == kind)) for kind in CALLS}
"""By kind."""


def sample(kind: str) -> tuple[Case, ...]:
    """Return every other case of a kind in which a fault comes once, and all that others do: seconds, not minutes."""
    cells = [case for case in CASES[kind] if isinstance(case.name, Cell) and not case.name.lasting]
    return (*cells[::2], *(case for case in CASES[kind] if isinstance(case.name, Happening)))


def endings(kind: str, cases: Iterable[Case] | None = None) -> dict[Name, Ending]:
    """Live cases of one kind (all: None). Blocks for some seconds; must not be called in a running loop."""
    chosen = CASES[kind] if cases is None else cases
    # Two thousand broken connections would be told with their traces: half of the time, and nobody reads them.
    logging.disable(logging.CRITICAL)
    try:
        return asyncio.run(live_all(BY_KIND[kind], ((case.name, case.trouble) for case in chosen)))
    finally:
        logging.disable(logging.NOTSET)


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
