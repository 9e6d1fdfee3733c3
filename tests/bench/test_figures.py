"""The arithmetic and the table of the benchmarks; nothing here is timed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import Goal, Row, percentile, plain, spread, table

SAMPLES = st.lists(st.floats(0, 1e6), min_size=1, max_size=60)


def test_the_nearest_rank_of_two_hundred_at_99_percent_is_the_third_largest() -> None:
    assert percentile(range(1, 201), 0.99) == 198


def test_the_middle_of_an_even_number_of_samples_is_a_sample() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0


def test_one_sample_is_every_percentile() -> None:
    assert spread([7.0]) == {"p50": 7.0, "p99": 7.0, "max": 7.0}


def test_no_samples_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)


@given(SAMPLES, st.floats(0, 1))
def test_a_percentile_is_a_sample_and_the_smallest_with_its_share_at_or_below(
    samples: list[float], share: float
) -> None:
    found = percentile(samples, share)
    assert found in samples
    assert sum(one <= found for one in samples) >= share * len(samples) - 1e-9
    assert found == min(samples) or sum(one < found for one in samples) < share * len(samples)


@pytest.mark.parametrize(("p99", "met"), [(299.9, True), (300.0, True), (300.1, False)])
def test_a_goal_is_met_up_to_its_figure_and_not_beyond(p99: float, met: bool) -> None:
    assert Row("ack", "ms", {"p99": p99}, goal=Goal("p99", 300)).met is met


def test_a_goal_may_be_about_the_ratio() -> None:
    row = Row("five", "s", {"median": 9.0}, floor=8.0, ratio=1.125, goal=Goal("ratio", 1.1))
    assert row.met is False


def test_a_row_without_a_goal_is_neither_met_nor_missed() -> None:
    assert Row("alone", "s", {"median": 1.0}).met is None


def test_the_table_shows_figures_with_their_units_floor_ratio_and_verdict() -> None:
    shown = table(
        [
            Row("memory", "MB", {"RSS": 127.4}, goal=Goal("RSS", 150)),
            Row("five", "s", {"median": 3.164, "max": 3.2}, floor=3.14, ratio=1.0076, goal=Goal("ratio", 1.2)),
            Row("accounts", "", {"all": 1050, "not removed": 2}, goal=Goal("not removed", 0)),
        ]
    )
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in shown.splitlines()]
    assert cells[0] == ["what", "measured", "floor", "ratio", "goal", ""]
    assert cells[2:] == [
        ["memory", "RSS 127 MB", "", "", "RSS ≤ 150 MB", "met"],
        ["five", "median 3.16 s · max 3.20 s", "3.14 s", "1.01", "ratio ≤ 1.2", "met"],
        ["accounts", "all 1050 · not removed 2", "", "", "not removed ≤ 0", "missed"],
    ]


def test_all_lines_of_the_table_are_equally_long() -> None:
    rows = [Row("a", "s", {"median": 1.0}), Row("a longer name", "ms", spread([1.0, 2.0]))]
    assert len({len(line) for line in table(rows).splitlines()}) == 1


def test_a_row_survives_json_with_its_verdict() -> None:
    row = Row("ack", "ms", {"p99": 12.5}, floor=5.0, ratio=2.5, goal=Goal("p99", 300))
    assert json.loads(json.dumps(plain(row))) == {
        "what": "ack",
        "unit": "ms",
        "measured": {"p99": 12.5},
        "floor": 5.0,
        "ratio": 2.5,
        "goal": {"of": "p99", "most": 300, "met": True},
    }


def test_a_goal_may_be_the_least() -> None:
    goal = Goal("ratio", 0.85, least=True)
    assert Row("gain", "x", {}, ratio=0.85, goal=goal).met is True
    assert Row("gain", "x", {}, ratio=0.84, goal=goal).met is False
    assert "ratio ≥ 0.85" in table([Row("gain", "x", {}, ratio=0.9, goal=goal)])
    assert plain(Row("gain", "x", {}, ratio=0.9, goal=goal))["goal"] == {"of": "ratio", "least": 0.85, "met": True}


def test_what_failed_has_met_nothing_and_says_so() -> None:
    row = Row("bulk: failed (TimeoutError)", "", {}, failed=True)
    assert row.met is False
    assert "missed" in table([row])
