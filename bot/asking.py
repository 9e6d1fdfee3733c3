"""Asking Slack about no more people than a decision rests on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, TypeVar

from bot.errors import NotAskedAbout
from bot.model import Person
from bot.policy import different
from bot.ports import People

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


async def find_deciders(
    people: People,
    ids: Sequence[str],
    number: int,
    *,
    apart: AbstractSet[str] = frozenset(),
    is_apart: Callable[[Person], bool] = lambda _: False,
) -> tuple[Person, ...]:
    """Return the first `number` humans of these lists who could decide: with an address, and each of them once.

    Nobody of `apart`, and nobody of whom `is_apart` says so. Fewer come back where the lists hold no more.
    """
    wanted = number
    while True:
        found = await people.first(ids, wanted, apart=apart)
        persons = await asyncio.gather(*(people.person(user_id) for user_id in found.why))
        deciders = different(person for person in persons if person.mail and not is_apart(person))
        if len(deciders) >= number or len(found.why) < wanted:
            return deciders
        wanted = len(found.why) + number - len(deciders)
