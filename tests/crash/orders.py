"""What is to happen, drawn from a seed: who leaves and what people decide, when the bot is killed, what goes wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from sandbox.systems.all import ENTRIES
from sandbox.systems.faults import Fault

Decision = Literal["approve", "decline", "cancel", "withdraw", "stop", "retry"]


class Point(StrEnum):
    """Where the bot is killed, in words for the report."""

    BEFORE_ACK = "a payload delivered, not acknowledged"
    AFTER_ACK = "just acknowledged"
    SEARCHING = "during a look or a proof"
    BEFORE_SENDING = "between the re-read and the removal"
    NOT_CARRIED_OUT = "the removal sent, never carried out"
    NOT_NOTED = "after the effect, before the note"
    BEFORE_CLOSING = "between the last outcome and the closing message"
    NOT_POSTED = "the closing message sent, never posted"
    POSTED = "a message posted, before that was noted"
    STARTING = "while starting"
    ANYWHERE = "at any other moment"


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill. `share` (0 to 1) is how far into the point's own span of time; `kind` is the system that is meant."""

    point: Point
    share: float
    kind: str
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Script:
    """One case: what people decide, and which of their payloads Slack delivers twice.

    Who withdraws has approved before, and the case is cancelled after another approval, which alone begins nothing.
    Stop is pressed as soon as a run begins, Retry where one system said no to the first run.
    """

    number: int
    decision: Decision
    twice: bool


@dataclass(frozen=True, slots=True)
class Orders:
    """All that is drawn from one seed. Two of the same seed are equal."""

    kills: tuple[Kill, ...]
    scripts: tuple[Script, ...]


SPANS: Final = {
    Point.BEFORE_ACK: 0.02,
    Point.AFTER_ACK: 0.03,
    Point.SEARCHING: 0.05,
    Point.BEFORE_SENDING: 0.012,
    Point.BEFORE_CLOSING: 0.15,
    Point.STARTING: 4.0,
    Point.ANYWHERE: 2.5,
}
"""Seconds after the sign that is seen from outside, of which a share passes before the kill; else none pass."""

_FAULTS: Final = (
    Fault("reset_after", method="DELETE"),
    Fault("reset_before", method="GET"),
    Fault("status", status=503),
    Fault("delay", seconds=0.4, times=3),
    Fault("status_after", method="DELETE", status=503),
)
_FAULTY: Final = 0.4
DECISIONS: Final[tuple[Decision, ...]] = ("approve", "decline", "cancel", "withdraw", "stop", "retry")
_OFTEN: Final[tuple[Decision, ...]] = ("approve",) * 4
_TWICE: Final = 0.4


def drawn(seed: int, kills: int, cases: int) -> Orders:
    """Draw the orders: every point comes up about equally often, in an order of its own."""
    chance = random.Random(seed)  # noqa: S311 - a seed is to reproduce it
    points = list(_points(chance, kills))
    return Orders(
        tuple(_kill(chance, point) for point in points),
        tuple(
            Script(number, chance.choice(_OFTEN + DECISIONS), chance.random() < _TWICE)
            for number in range(1, cases + 1)
        ),
    )


def _points(chance: random.Random, count: int) -> Iterator[Point]:
    points = list(Point)
    for place in range(count):
        if place % len(points) == 0:
            chance.shuffle(points)
        yield points[place % len(points)]


def _kill(chance: random.Random, point: Point) -> Kill:
    fault = chance.choice(_FAULTS) if chance.random() < _FAULTY else None
    return Kill(point, chance.random(), chance.choice(tuple(ENTRIES)), fault)
