"""What is done with measured values: percentiles, goals and the table. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HEADINGS = ("what", "measured", "floor", "ratio", "goal", "")
_DIGITS = {"s": 2, "ms": 1, "%": 2, "x": 2}


@dataclass(frozen=True, slots=True)
class Goal:
    """The most that one figure of a row may be, or the `least`; `of` is its name in `measured`, or `ratio`."""

    of: str
    most: float
    least: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `floor` is in the same unit, measured in the same run; `ratio` is one of it.

    A measurement that `failed` has met no goal.
    """

    what: str
    unit: str
    measured: Mapping[str, float]
    floor: float | None = None
    ratio: float | None = None
    goal: Goal | None = None
    failed: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal was reached; None where there is none."""
        if self.failed:
            return False
        if self.goal is None:
            return None
        value = self.ratio if self.goal.of == "ratio" else self.measured[self.goal.of]
        return value is not None and (value >= self.goal.most if self.goal.least else value <= self.goal.most)


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest sample that at least this share (0 to 1) of all samples do not exceed (nearest rank).

    ValueError where there is no sample.
    """
    if not samples:
        raise ValueError("no samples")
    rank = max(1, math.ceil(share * len(samples)))
    return sorted(samples)[rank - 1]


def spread(samples: Sequence[float]) -> dict[str, float]:
    """Return the median, the 99th percentile and the maximum."""
    return {"p50": percentile(samples, 0.5), "p99": percentile(samples, 0.99), "max": max(samples)}


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table whose columns stand under one another."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    drawn = [_line(line, widths) for line in lines]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([drawn[0], rule, *drawn[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _cells(row: Row) -> tuple[str, ...]:
    measured = " · ".join(f"{name} {_amount(value, row.unit)}" for name, value in row.measured.items())
    floor = "" if row.floor is None else _amount(row.floor, row.unit)
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return (row.what, measured, floor, ratio, _goal(row), {True: "met", False: "missed", None: ""}[row.met])


def _goal(row: Row) -> str:
    if row.goal is None:
        return ""
    most = f"{row.goal.most:g}" if row.goal.of == "ratio" else _amount(row.goal.most, row.unit)
    return f"{row.goal.of} {'≥' if row.goal.least else '≤'} {most}"


def _amount(value: float, unit: str) -> str:
    return f"{value:.{_DIGITS.get(unit, 0)}f} {unit}".rstrip()


def plain(row: Row) -> dict[str, object]:
    """Return a row as JSON has it."""
    goal: dict[str, object] | None = None
    if row.goal is not None:
        goal = {"of": row.goal.of, "least" if row.goal.least else "most": row.goal.most, "met": row.met}
    return {
        "what": row.what,
        "unit": row.unit,
        "measured": dict(row.measured),
        "floor": row.floor,
        "ratio": row.ratio,
        "goal": goal,
    }
