"""The quality scale: what a kind of system must keep to be trusted with deletions, and how far it has come.

What proves each rule for each kind stands in `docs/quality.md`; `tests/providers/test_quality.py` holds both together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How far a kind has come: a level is reached where all its rules are kept, and all those below it."""

    NONE = "not rated"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise, and the level that needs it."""

    name: str
    level: Level
    says: str


RULES = (
    Rule("whole keys", Level.BRONZE, "a person is found by whole keys of the right kind; who is near is only shown"),
    Rule("all matches", Level.BRONZE, "of several accounts of one person all are returned and none is chosen"),
    Rule("no false absence", Level.BRONZE, "a list that cannot be read is an error, never an empty list"),
    Rule("gone is gone", Level.BRONZE, "an account that is not there is told as such, when read and when removed"),
    Rule(
        "vendor's order", Level.BRONZE, "the steps come in the vendor's order until none is left, and touch nobody else"
    ),
    Rule("harmless look", Level.BRONZE, "looking and reading change nothing"),
    Rule("all pages", Level.SILVER, "an account behind more than one page is found and read"),
    Rule("named errors", Level.SILVER, "every status is an error named by what to do next; a 403 is never an absence"),
    Rule("sent once", Level.SILVER, "a change is sent once, whatever becomes of its answer"),
    Rule("no leaks", Level.SILVER, "no secret and no person in an error, a log or a printed setting"),
    Rule("logs out", Level.SILVER, "a log-on is ended, once, also where it was never used"),
    Rule("status rows", Level.GOLD, "every row of the vendor's table of statuses is a test of its own"),
    Rule(
        "fault matrix", Level.GOLD, "every call of a removal times every fault ends in the true word and harms nobody"
    ),
    Rule("killed midway", Level.GOLD, "the bot killed in the middle of a change takes it up again and looks first"),
    Rule("every log-on", Level.GOLD, "each way of logging on carries a whole removal through"),
    Rule("hands off", Level.GOLD, "what is not a leaver's own to lose (our own user, owners, groups) is left alone"),
    Rule("immutable id", Level.PLATINUM, "what was approved is read again by its immutable id, equal or not touched"),
    Rule("cold and warm", Level.PLATINUM, "sent once on fresh and on kept connections, through the one door"),
    Rule("hostile keys", Level.PLATINUM, "keys made up to reach another account, path or filter reach none"),
    Rule(
        "independent",
        Level.PLATINUM,
        "what others wrote (code, pages, a library) agrees with us and our simulator",
    ),
)


def all_but(*names: str) -> frozenset[str]:
    """Return the names of all rules but these. Raises `ValueError` on a name that no rule has."""
    known = {rule.name for rule in RULES}
    if not known.issuperset(names):
        raise ValueError(f"no such rule: {', '.join(sorted(set(names) - known))}")
    return frozenset(known.difference(names))


def level_of(kept: Collection[str]) -> Level:
    """Return the highest level of which every rule is kept, and every rule of the levels below."""
    reached = Level.NONE
    for level in tuple(Level)[1:]:
        if any(rule.level is level and rule.name not in kept for rule in RULES):
            break
        reached = level
    return reached


def lacking(kept: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules that are not kept, in the order of the levels."""
    return tuple(rule for rule in RULES if rule.name not in kept)
