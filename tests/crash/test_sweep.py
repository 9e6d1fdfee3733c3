"""A few kills of each run that `make crash` makes in full, so that every change meets them."""

from __future__ import annotations

from tests.crash.orders import Decision, Kill, Orders, Point, Script, drawn
from tests.crash.run import Result, run

_KILLED_AT = (
    Point.BEFORE_ACK,
    Point.BEFORE_SENDING,
    Point.NOT_NOTED,
    Point.STARTING,
    Point.NOT_POSTED,
)
_DECISIONS: tuple[Decision, ...] = ("approve", "retry", "approve")
_SCRIPTS = tuple(Script(number, decision, twice=number == 2) for number, decision in enumerate(_DECISIONS, start=1))
_ORDERS = Orders(tuple(Kill(point, 0.3, "vspc", None) for point in _KILLED_AT), _SCRIPTS)


def _quiet(_: str) -> None:
    """Say nothing."""


def assert_whole(result: Result) -> None:
    """Every kill struck, every case ended with all its outcomes, and nothing was found wrong."""
    assert result.found.wrong == ()
    assert len(result.deaths) == len(_KILLED_AT)
    assert result.found.words == {"removed": 5 * sum(result.decisions.values())}
    assert result.found.doubled == 0


async def test_five_kills_on_sqlite_lose_and_double_nothing() -> None:
    assert_whole(await run(_ORDERS, "sqlite", None, at_once=3, say=_quiet))


async def test_five_kills_on_postgres_lose_and_double_nothing(postgres_url: str) -> None:
    assert_whole(await run(_ORDERS, "postgres", postgres_url, at_once=3, say=_quiet))


def test_the_same_seed_draws_the_same_kills_and_cases() -> None:
    assert drawn(7, 30, 60) == drawn(7, 30, 60)
    assert drawn(7, 30, 60) != drawn(8, 30, 60)


def test_every_point_is_drawn_about_equally_often() -> None:
    points = [kill.point for kill in drawn(7, 10 * len(Point), 1).kills]
    assert {point: points.count(point) for point in Point} == dict.fromkeys(Point, 10)
