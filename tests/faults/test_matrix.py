"""Every call of a removal's life in every system, and what can befall it: every other cell; `make faults` lives all."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import pytest

from tests.faults.calls import CALLS
from tests.faults.life import Ending
from tests.faults.matrix import Case, Cell, Happening, Name, endings, sample, sample_of_way, wrongs
from tests.faults.ways import WAYS, Way


def _of(kind: str, *values: str) -> object:
    """One test's parameters, the kind first: one worker takes all of a kind, and lives its matrix once."""
    return pytest.param(kind, *values, id="-".join((kind, *values)))


@functools.cache
def _endings(kind: str) -> dict[Name, Ending]:
    return endings(sample(kind))


def _wrong(cases: Iterable[Case]) -> list[str]:
    return [f"{case.name}: {wrong}" for case in cases for wrong in wrongs(case, _endings(case.name.kind)[case.name])]


@pytest.mark.parametrize(("kind", "call"), [_of(kind, call.name) for kind, calls in CALLS.items() for call in calls])
def test_whatever_befalls_this_call_the_word_is_true_and_nobody_else_is_harmed(kind: str, call: str) -> None:
    cells = [case for case in sample(kind) if isinstance(case.name, Cell) and case.name.call == call]
    assert len(cells) > 10
    assert _wrong(cells) == []


@pytest.mark.parametrize("way", [pytest.param(way, id=way.title) for way in WAYS])
def test_in_every_other_way_of_logging_on_the_word_is_true_and_nobody_else_is_harmed(way: Way) -> None:
    cases = sample_of_way(way.title)
    lived = endings(cases)
    assert {case.name.call for case in cases if isinstance(case.name, Cell)} == {call.name for call in way.calls}
    assert [f"{case.name}: {wrong}" for case in cases for wrong in wrongs(case, lived[case.name])] == []


@pytest.mark.parametrize("kind", [_of(kind) for kind in CALLS])
def test_whatever_somebody_else_does_meanwhile_the_word_is_true_and_nobody_else_is_harmed(kind: str) -> None:
    happenings = [case for case in sample(kind) if isinstance(case.name, Happening)]
    assert len(happenings) > 4
    assert _wrong(happenings) == []


@pytest.mark.parametrize("kind", [_of(kind) for kind in CALLS])
def test_an_account_that_comes_back_under_a_new_id_is_named_as_what_is_left(kind: str) -> None:
    back = [end for name, end in _endings(kind).items() if isinstance(name, Happening) and "new id" in name.event]
    assert all(end.left.startswith("A new account under the same keys stands there.") for end in back)
    assert len(back) == (0 if kind == "huawei_hss" else 1)  # a cloud account keeps its id
