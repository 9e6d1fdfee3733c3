"""The simulators' rate limit."""

from sandbox.systems.pace import Pace


def test_so_many_calls_are_admitted_in_a_span_and_no_more() -> None:
    pace = Pace(2, 10)
    assert [pace.admits(at) for at in (0, 4, 5)] == [True, True, False]


def test_a_call_turned_away_does_not_count_and_an_old_one_no_longer() -> None:
    pace = Pace(2, 10)
    assert [pace.admits(at) for at in (0, 4, 9, 10, 13, 14)] == [True, True, False, True, False, True]
