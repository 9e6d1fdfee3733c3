"""When a code counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.second_factor import (
    MOST_WRONG_CODES,
    PAUSE,
    WITH_CODE,
    CodeFault,
    SecondFactor,
    count_wrong_code,
    find_unused_step,
    is_with_code,
    read_code,
    steps_around,
)

NOW = datetime(2026, 12, 1, 9, 0, 15, tzinfo=UTC)
BEN = SecondFactor("U0BEN", "sealed", NOW)


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123\u00a0456", "12\t34\n56", "1234567", "12345678"])
def test_a_code_is_six_to_eight_digits_with_blanks_anywhere(typed: str) -> None:
    assert read_code(typed) == "".join(typed.split())


@pytest.mark.parametrize("typed", ["", " ", "12345", "123456789", "12345a", "-12345", "1.2345e5", "\u0661" * 6])
def test_anything_else_is_no_code_at_all(typed: str) -> None:
    assert read_code(typed) is None


def test_codes_count_from_one_step_before_to_one_after_the_present() -> None:
    present = int(NOW.timestamp()) // 30

    assert steps_around(NOW) == (present - 1, present, present + 1)
    assert steps_around(NOW + timedelta(seconds=14)) == steps_around(NOW)
    assert steps_around(NOW + timedelta(seconds=15)) == (present, present + 1, present + 2)


def test_a_code_that_belongs_to_no_step_is_wrong() -> None:
    assert find_unused_step(BEN, ()) is CodeFault.WRONG


def test_a_code_counts_once_and_no_older_one_after_it() -> None:
    used = SecondFactor("U0BEN", "sealed", NOW, last_step=7)

    assert find_unused_step(BEN, (7,)) == 7
    assert find_unused_step(used, (7,)) is CodeFault.USED
    assert find_unused_step(used, (6,)) is CodeFault.USED
    assert find_unused_step(used, (6, 8)) == 8


def test_the_fifth_wrong_code_in_a_row_pauses_for_an_hour() -> None:
    factor = BEN
    for number in range(1, MOST_WRONG_CODES):
        factor = count_wrong_code(factor, NOW)
        assert (factor.failures, factor.paused_until) == (number, None)

    paused = count_wrong_code(factor, NOW)

    assert (paused.failures, paused.paused_until) == (0, NOW + PAUSE)
    assert paused.is_paused(NOW + PAUSE - timedelta(seconds=1))
    assert not paused.is_paused(NOW + PAUSE)


def test_after_a_pause_five_wrong_codes_pause_again() -> None:
    factor = SecondFactor("U0BEN", "sealed", NOW, paused_until=NOW - PAUSE)
    for _ in range(MOST_WRONG_CODES):
        assert not factor.is_paused(NOW)
        factor = count_wrong_code(factor, NOW)

    assert factor.is_paused(NOW)


def test_the_ground_of_an_approval_tells_whether_a_code_was_given() -> None:
    assert is_with_code(f"in S0SECURITY{WITH_CODE}")
    assert not is_with_code("in S0SECURITY")
