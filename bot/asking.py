"""Asking Slack about no more people than a decision rests on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

from bot.errors import NotAskedAbout

T = TypeVar("T")

ROUNDS: Final = 5
"""How often a decision is begun; it takes two, unless somebody else approves in the very moment between them."""


async def until_known(asked: Iterable[str], decide: Callable[[frozenset[str]], Awaitable[T]]) -> T | None:
    """Decide with what is known of `asked`; where it depends on others too, ask about them as well and begin anew.

    `decide` asks about the people it is given, and decides in one transaction: `NotAskedAbout` leaves that without a
    trace. On whom a decision rests is known for sure only there, since somebody may approve while Slack is asked.
    None where people were added each time and nothing was decided.
    """
    known = frozenset(asked)
    for _ in range(ROUNDS):
        try:
            return await decide(known)
        except NotAskedAbout as missing:
            known |= missing.users
    return None
