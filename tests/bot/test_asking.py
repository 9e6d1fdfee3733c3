"""A decision is begun again with all on whom it rests, and is not made where these never become known."""

from __future__ import annotations

import pytest

from bot.asking import ROUNDS, until_known
from bot.errors import NotAskedAbout, PeopleNotReadable


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
