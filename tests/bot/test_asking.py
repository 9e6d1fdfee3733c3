"""A decision is begun again with all on whom it rests, and is not made where these never become known."""

from __future__ import annotations

import pytest

from bot.asking import ROUNDS, find_deciders, until_known
from bot.errors import NotAskedAbout, PeopleNotReadable
from tests.bot.fakes import AMY, BEN, CHLOE, FakePeople, person


async def test_what_rests_on_those_who_were_asked_about_is_decided_at_once() -> None:
    rounds: list[frozenset[str]] = []

    async def decide(asked: frozenset[str]) -> str:
        rounds.append(asked)
        return "done"

    assert await until_known(["U0BEN"], decide) == "done"
    assert rounds == [{"U0BEN"}]


async def test_who_turns_out_to_matter_is_asked_about_beside_those_of_before() -> None:
    rounds: list[frozenset[str]] = []

    async def decide(asked: frozenset[str]) -> str:
        rounds.append(asked)
        if len(rounds) < 3:
            raise NotAskedAbout(frozenset({f"U0NEW{len(rounds)}"}))
        return "done"

    assert await until_known(["U0BEN"], decide) == "done"
    assert rounds == [{"U0BEN"}, {"U0BEN", "U0NEW1"}, {"U0BEN", "U0NEW1", "U0NEW2"}]


async def test_where_somebody_new_matters_each_time_nothing_is_decided() -> None:
    rounds: list[frozenset[str]] = []

    async def decide(asked: frozenset[str]) -> str:
        rounds.append(asked)
        raise NotAskedAbout(frozenset({f"U0NEW{len(rounds)}"}))

    assert await until_known(["U0BEN"], decide) is None
    assert len(rounds) == ROUNDS


async def test_where_slack_does_not_answer_it_is_not_tried_again() -> None:
    rounds: list[frozenset[str]] = []

    async def decide(asked: frozenset[str]) -> str:
        rounds.append(asked)
        raise PeopleNotReadable("Slack did not answer")

    with pytest.raises(PeopleNotReadable):
        await until_known(["U0BEN"], decide)
    assert len(rounds) == 1


async def test_deciders_are_different_humans_with_an_address_and_the_list_is_read_until_there_are_enough() -> None:
    nobody, twice = person("U0NOBODY"), person("U0BEN2", "ben+two@acme.test")
    people = FakePeople((BEN, nobody, twice, CHLOE), {"S0MANY": ("U0BEN", "U0NOBODY", "U0BEN2", "U0CHLOE")})

    assert await find_deciders(people, ("S0MANY",), 2) == (BEN, CHLOE)


async def test_a_list_that_holds_too_few_deciders_ends_the_search() -> None:
    people = FakePeople((BEN, person("U0NOBODY")), {"S0FEW": ("U0BEN", "U0NOBODY")})

    assert await find_deciders(people, ("S0FEW",), 3) == (BEN,)


async def test_nobody_who_is_to_be_left_apart_is_a_decider() -> None:
    people = FakePeople((AMY, BEN), {"S0SECURITY": ("U0AMY", "U0BEN")})

    assert await find_deciders(people, ("S0SECURITY",), 1, is_apart=AMY.is_same_as) == (BEN,)
