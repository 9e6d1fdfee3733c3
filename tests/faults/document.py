"""The matrix as people read it: docs/faults.md, from what is expected; the tests prove that it is so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.faults.befalling import BEFALLINGS
from tests.faults.calls import CALLS, Call
from tests.faults.events import EVENTS
from tests.faults.expected import DIFFERENCES, Difference
from tests.faults.matrix import CASES, OTHER_WAYS, Case, Cell, Name
from tests.faults.ways import WAYS

PLACE: Final = Path(__file__).parents[2] / "docs" / "faults.md"

_HEAD: Final = """# Faults

Every call that a removal makes, in every system, and everything that can befall it: {count} lives, each from the look
to the proof against a simulator with memory, through the same code that removes (`bot/removal.py`). `make faults` lives
them and prints what came of them; `make test` lives every other one of those that come once. This page is written by
`{command}`.

Each system is logged on to in its default way; where there are others, their own calls and a step stand in tables of
their own.

A cell is the word that the account ended with ([outcomes](outcomes.md)) when the fault befell that call once; after a
stroke, when it befell it from then on. *not read* is a look that failed, so that nothing was approved; *changed* is an
account that waits for a new approval. Whatever the word, in every life:

- nothing was removed or changed but the account that was approved;
- `removed` and `absent` were said only where the account was gone; `failed`, `refused` and `manual` only where it
  stood;
- no write followed another write to the same account without a read between;
- no step was sent more than three times.

| Fault | What happens | Carried out |
|---|---|---|
{faults}
"""

_FAULTS: Final = {
    "late": ("the answer takes longer than the time limit", "yes, after it"),
    "no answer": ("no answer within the time limit", "yes"),
    "drip": ("the answer comes byte by byte, slower than the time limit", "yes"),
    "refused": ("no connection, and those that stood are gone", "no"),
    "reset before": ("the connection is lost when the call has been sent", "no"),
    "reset after": ("the connection is lost when the call has been sent", "yes"),
    "cut": ("half of the answer, then the connection is lost", "yes"),
    "malformed": ("200 with half a JSON document", "no"),
    "page": ("200 with an HTML page, as from a proxy", "no"),
    "wrong type": ("200 with JSON of another shape", "no"),
    "huge": ("200 with more than is ever taken", "no"),
    "redirect": ("302 to another server, which is never followed", "no"),
    "no such": ("the system's own words for an account that it does not know", "no"),
    "429, 2 s": ("429 with `Retry-After: 2`", "no"),
    "503 after": ("503", "yes"),
    "yes, not done": ("what a success looks like", "no"),
}


def document() -> str:
    """Return the whole page."""
    count = sum(len(cases) for cases in (CASES | OTHER_WAYS).values())
    head = _HEAD.format(count=count, command="python -m tests.faults --write", faults="\n".join(_faults()))
    systems = (f"## `{kind}`\n\n{_tables(kind)}\n\n{_notes(kind)}" for kind in CALLS)
    return "\n".join((head, *systems))


def calls_of(title: str) -> tuple[Call, ...]:
    """Return the calls of a kind, or of the way with this title."""
    return CALLS.get(title) or next(way.calls for way in WAYS if way.title == title)


def _tables(kind: str) -> str:
    others = [way for way in WAYS if way.kind == kind]
    parts = [table(CALLS[kind], _expected(CASES[kind]))]
    parts += [f"By {way.name}:\n\n{table(way.calls, _expected(OTHER_WAYS[way.title]))}" for way in others]
    return "\n\n".join(parts)


def table(calls: Sequence[Call], words: Mapping[Name, str]) -> str:
    """Return the faults by these calls."""
    rows = [(fault.name, *(_cell(call, fault.name, words) for call in calls)) for fault in BEFALLINGS]
    return _table(("", *(call.name for call in calls)), rows)


def _cell(call: Call, fault: str, words: Mapping[Name, str]) -> str:
    both = (words.get(Cell(call.kind, call.name, fault, lasting, call.way)) for lasting in (False, True))
    return " / ".join(word for word in both if word) or "-"


def _expected(cases: Sequence[Case]) -> dict[Name, str]:
    return {case.name: case.word for case in cases}


def _faults() -> Iterable[str]:
    for fault in BEFALLINGS:
        what, done = _FAULTS.get(fault.name, ("that status, with an empty body", "no"))
        yield f"| {fault.name} | {what} | {done} |"


def _notes(kind: str) -> str:
    differ = [(_list(row.calls), _list(row.faults), _when(row), row.why) for row in DIFFERENCES if row.kind == kind]
    events = [(event.name, _moment(event.stage, event.step), event.word) for event in EVENTS if event.kind == kind]
    return (
        f"Where it differs from the rules for all systems (`tests/faults/expected.py`):\n\n"
        f"{_table(('Call', 'Fault', 'When', 'Why'), differ)}\n\n"
        f"What somebody else does meanwhile:\n\n{_table(('The account', 'Before', 'Word'), events)}\n"
    )


def _when(row: Difference) -> str:
    when = {(True, True): "always", (True, False): "once", (False, True): "for good"}[row.once, row.lasting]
    return when if row.way is None else f"{when}, by {row.way}"


def _moment(stage: str, step: int) -> str:
    moments = {
        "look": "the look",
        "read": "the read that precedes the first step",
        "step": f"step {step}",
        "between": "the read after the first step",
        "confirm": "the read after the last step",
        "search": "the search that proves",
    }
    return moments[stage]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
