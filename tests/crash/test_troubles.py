"""Some of the troubles that `make crash` plays in full, for a moment each, so that every change meets them."""

from __future__ import annotations

from tests.crash.orders import Script
from tests.crash.trial import Withstood, withstand
from tests.crash.troubles import TROUBLES, Trouble

_SCRIPTS = (Script(1, "approve", twice=True), Script(2, "approve", twice=False))


def named(name: str) -> Trouble:
    (found,) = (trouble for trouble in TROUBLES if trouble.name == name)
    return found


def assert_whole(one: Withstood) -> None:
    """Every case ended, and nothing was found wrong."""
    assert one.found.wrong == ()
    assert one.cases == len(_SCRIPTS)


async def test_while_the_file_is_read_only_people_are_told_and_afterwards_everything_goes_on() -> None:
    one = await withstand(named("the file is read-only"), _SCRIPTS, 2, None, None)

    assert_whole(one)
    assert one.failed
    assert one.found.words == {"removed": 10}


async def test_a_clock_that_jumps_a_day_ahead_and_an_hour_back_keeps_no_case_from_its_end() -> None:
    assert_whole(await withstand(named("the clock jumps: a day ahead, then an hour back"), _SCRIPTS, 2, None, None))
