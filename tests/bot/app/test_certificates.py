"""Which ends of certificates are worth a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.app.certificates import good_until, soon_over

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def in_days(days: float) -> datetime:
    return NOW + timedelta(days=days)


@pytest.mark.parametrize("ends", [{}, {"em.acme.test": in_days(21)}, {"a": in_days(400), "b": in_days(22)}])
def test_three_weeks_or_more_are_worth_no_word(ends: dict[str, datetime]) -> None:
    assert soon_over(ends, NOW) == ""


def test_the_first_to_end_within_three_weeks_is_named_with_its_day() -> None:
    ends = {"em.acme.test": in_days(90), "ca_file (Acme CA)": in_days(20), "other": in_days(20.5)}

    assert soon_over(ends, NOW) == "the certificate of ca_file (Acme CA) ends on 2030-01-21; renew it"


def test_one_that_has_ended_is_told_as_ended() -> None:
    assert soon_over({"em.acme.test": in_days(-2)}, NOW).startswith("the certificate of em.acme.test has ended on 2029")


def test_people_are_told_until_when_all_are_good() -> None:
    assert good_until({"a": in_days(400), "b": in_days(30)}) == "certificates good until 2030-01-31"
    assert good_until({}) == ""
